/** No damaged, foreign or unfitting image passes; each is refused as early as can be, with its cause. */
import { createHash, createPublicKey, verify } from "node:crypto";
import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { buildBundle, BundleVerifier, type BundleVerifierOptions, type RefusalCause } from "../../image/index.ts";
import { encodeManifest } from "../../image/manifest.ts";
import { makeHeader, makeSeal } from "../../image/format.ts";
import { crc32 as crc32Of } from "../../base/kernel/crc32.ts";
import type { ImageVerifier, VerifierOptions } from "../../ont/core/types.ts";
import { bundleOf, crc32, fields, fitting, otherKey, otherPair, pair, payloadOf, publicKey } from "./fixture.ts";

function check(
  bytes: Uint8Array,
  options: Partial<BundleVerifierOptions> = {},
  chunkBytes = 1000,
  crc = crc32Of(bytes),
) {
  const verifier = new BundleVerifier({ ...fitting(bytes.length), ...options });
  let early: RefusalCause | undefined;
  let earlyAt = 0;
  for (let at = 0; at < bytes.length && early === undefined; at += chunkBytes) {
    early = verifier.update(bytes.subarray(at, at + chunkBytes));
    earlyAt = at;
  }
  return { verdict: verifier.finish(crc), early, earlyAt, detail: verifier.detail };
}

const causeOf = (...from: Parameters<typeof check>): RefusalCause | "valid" => {
  const { verdict } = check(...from);
  return verdict.valid ? "valid" : verdict.cause;
};

const sha256 = (bytes: Uint8Array): string => createHash("sha256").update(bytes).digest("hex");
const payloadBytes = 5000;
const bundle = bundleOf(payloadBytes);
const headerBytes = bundle.length - payloadBytes - 96;

const createVerifier = (options: VerifierOptions): ImageVerifier => new BundleVerifier({ ...options, crc32 });

describe("a good bundle", () => {
  test("passes with what the boot record keeps", () => {
    const { verdict, early } = check(bundle, { md5: true });
    expect(early).toBeUndefined();
    expect(verdict).toEqual({
      valid: true,
      image: {
        version: "2.1.0",
        productCode: "PCST-1",
        imageBytes: bundle.length,
        crc32: crc32Of(bundle),
        sha256: sha256(bundle),
        md5: createHash("md5").update(bundle).digest("hex"),
      },
    });
  });

  test("has its parts where the layout says, signed over what it says", () => {
    const key = createPublicKey(pair.publicPem);
    const digest = bundle.subarray(-96, -64);
    expect(Buffer.from(bundle.subarray(0, 8)).toString()).toBe("PONCAST1");
    expect(Buffer.from(bundle).readUInt32BE(8)).toBe(headerBytes - 12 - 64);
    expect(
      verify(null, bundle.subarray(0, headerBytes - 64), key, bundle.subarray(headerBytes - 64, headerBytes)),
    ).toBe(true);
    expect(Buffer.from(digest).toString("hex")).toBe(sha256(bundle.subarray(0, -96)));
    const sealed = Buffer.concat([Buffer.from("poncast seal 1\0"), digest]);
    expect(verify(null, sealed, key, bundle.subarray(-64))).toBe(true);
  });

  test("makes no MD5 unless asked for", () => {
    expect(check(bundle).verdict).toMatchObject({ valid: true, image: { md5: "" } });
  });

  test("is what an ONT takes for its verifier", () => {
    const verifier = createVerifier({
      trustedKeys: [otherKey, publicKey],
      productCode: "PCST-1",
      hardwareVersion: "HW1",
      runningVersion: "1.9",
      imageBytes: bundle.length,
    });
    verifier.update(bundle);
    expect(verifier.finish(crc32Of(bundle)).valid).toBe(true);
  });

  test("passes in pieces of any size, and so does a clone made at any point", () => {
    const small = bundleOf(300);
    fc.assert(
      fc.property(
        fc.array(fc.integer({ min: 0, max: 200 }), { maxLength: 20 }),
        fc.nat(small.length),
        (cuts, cloneAt) => {
          const verifier = new BundleVerifier(fitting(small.length));
          verifier.update(small.subarray(0, cloneAt));
          const clone = verifier.clone();
          let at = cloneAt;
          for (const cut of cuts) {
            clone.update(small.subarray(at, at + cut));
            at = Math.min(small.length, at + cut);
          }
          clone.update(small.subarray(at));
          verifier.update(small.subarray(cloneAt));
          const expected = { valid: true, image: { sha256: sha256(small) } };
          expect(verifier.finish(crc32Of(small))).toMatchObject(expected);
          expect(clone.finish(crc32Of(small))).toMatchObject(expected);
        },
      ),
    );
  });

  test("a clone and its original do not disturb each other", () => {
    const verifier = new BundleVerifier(fitting(bundle.length));
    verifier.update(bundle.subarray(0, 20));
    const clone = verifier.clone();
    const garbage = new Uint8Array(bundle.length - 20);
    expect(clone.update(garbage)).toBe("untrusted-signature");
    expect(clone.finish(0).valid).toBe(false);
    verifier.update(bundle.subarray(20));
    expect(verifier.finish(crc32Of(bundle)).valid).toBe(true);
  });
});

test("a clone that gets another seal spoils that of its original in nothing", () => {
  const verifier = new BundleVerifier(fitting(bundle.length));
  verifier.update(bundle.subarray(0, -100));
  const clone = verifier.clone();
  verifier.update(bundle.subarray(-100));
  clone.update(new Uint8Array(100));
  expect(verifier.finish(crc32Of(bundle)).valid).toBe(true);
  expect(clone.finish(clone.crc32).valid).toBe(false);
});

describe("a damaged bundle", () => {
  const regions: [string, number, number, RefusalCause[]][] = [
    ["magic", 0, 8, ["not-a-bundle"]],
    ["manifest length", 8, 12, ["bad-manifest", "untrusted-signature", "truncated"]],
    ["manifest", 12, headerBytes - 64, ["untrusted-signature"]],
    ["manifest signature", headerBytes - 64, headerBytes, ["untrusted-signature"]],
    ["payload", headerBytes, headerBytes + payloadBytes, ["payload-hash-mismatch"]],
    ["sealed digest", bundle.length - 96, bundle.length - 64, ["payload-hash-mismatch"]],
    ["seal signature", bundle.length - 64, bundle.length, ["untrusted-signature"]],
  ];

  test.each(regions)("any flipped bit in the %s is found", (_name, from, to, causes) => {
    fc.assert(
      fc.property(fc.integer({ min: from, max: to - 1 }), fc.nat(7), (at, bit) => {
        const changed = Uint8Array.from(bundle);
        changed[at] ^= 1 << bit;
        expect(causes).toContain(causeOf(changed));
        if (from >= headerBytes) expect(causeOf(changed, {}, 1000, crc32Of(bundle))).toBe("crc-mismatch");
      }),
      { numRuns: 40 },
    );
  });

  test("truncated anywhere, the size known or not, it is refused", () => {
    const small = bundleOf(40);
    for (let length = 1; length < small.length; length++) {
      const part = small.subarray(0, length);
      expect(causeOf(part), `${length} bytes`).toBe("truncated");
      expect(causeOf(part, { imageBytes: small.length }), `${length} of all bytes`).toBe("truncated");
    }
  });

  test("a manifest length over the limit is refused at once, before more is collected", () => {
    const file = Buffer.concat([Buffer.from("PONCAST1"), Buffer.from([0, 0, 0x1e, 0xb5])]);
    expect(check(file, { imageBytes: 1_000_000 })).toMatchObject({
      early: "bad-manifest",
      detail: "manifest of 7861 bytes; at most 7860 are allowed",
    });
    file[11]!--;
    expect(check(file, { imageBytes: 1_000_000 }).early).toBeUndefined();
  });

  test("with anything behind it, it is refused by its header", () => {
    const longer = Buffer.concat([bundle, Buffer.from([0])]);
    expect(check(longer)).toMatchObject({ early: "size-mismatch", earlyAt: 0 });
    expect(causeOf(longer, { imageBytes: bundle.length })).toBe("size-mismatch");
  });

  test("no other file passes", () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 400 }), fc.boolean(), (bytes, magic) => {
        const file = magic ? Buffer.concat([Buffer.from("PONCAST1"), bytes]) : Buffer.from(bytes);
        expect(causeOf(file)).not.toBe("valid");
      }),
    );
  });

  test("payload and seal of another bundle of the same maker do not pass", () => {
    const older = bundleOf(payloadBytes, { version: "2.0.9" });
    expect(older.length).toBe(bundle.length);
    const mixed = Buffer.concat([bundle.subarray(0, headerBytes), older.subarray(headerBytes)]);
    expect(causeOf(mixed)).toBe("payload-hash-mismatch");
  });
});

describe("an image that does not fit is refused in its first window, with the particulars", () => {
  const cases: [string, Partial<BundleVerifierOptions>, RefusalCause, RegExp][] = [
    ["key", { trustedKeys: [otherKey] }, "untrusted-signature", /trusted key/],
    ["no key at all", { trustedKeys: [] }, "untrusted-signature", /trusted key/],
    ["product code", { productCode: "PCST-2" }, "wrong-product-code", /PCST-1.*PCST-2/],
    ["hardware", { hardwareVersion: "HW3" }, "incompatible-hardware", /HW1, HW2.*HW3/],
    ["running version", { runningVersion: "1.8.9" }, "version-not-replaceable", /1\.9.*1\.8\.9/],
    ["size, too short", { imageBytes: bundle.length - 1 }, "truncated", /manifest/],
    ["size, too long", { imageBytes: bundle.length + 1 }, "size-mismatch", /manifest/],
  ];

  test.each(cases)("%s", (_name, options, cause, detail) => {
    const checked = check(bundle, options, 31);
    expect(checked).toMatchObject({ early: cause, verdict: { valid: false, cause } });
    expect(checked.detail).toMatch(detail);
    expect(checked.earlyAt).toBeLessThan(256 * 31);
  });

  test("what is not asked for is not checked", () => {
    const some = {
      trustedKeys: "unchecked",
      productCode: undefined,
      hardwareVersion: undefined,
      runningVersion: undefined,
    } as const;
    expect(causeOf(bundleOf(10, { minimumVersion: "99" }), some)).toBe("valid");
  });

  test("the oldest replaceable version itself is replaceable", () => {
    expect(causeOf(bundle, { runningVersion: "1.9" })).toBe("valid");
  });
});

const signed = (manifest: Uint8Array, sealKey = pair.privatePem): Uint8Array => {
  const body = Buffer.concat([makeHeader(manifest, pair.privatePem), payloadOf(10)]);
  return Buffer.concat([body, makeSeal(createHash("sha256").update(body).digest(), sealKey)]);
};

describe("a signed bundle of bad make", () => {
  const manifest = encodeManifest({ ...fields, payloadBytes: 10 });

  test("is refused when its manifest does not parse or breaks a rule", () => {
    expect(causeOf(signed(manifest))).toBe("valid");
    expect(causeOf(signed(Buffer.from([0xff, 0xff, 0xff])))).toBe("bad-manifest");
    expect(causeOf(signed(Buffer.alloc(0)))).toBe("bad-manifest");
    // Field 1 (version) once more, with 15 characters: the last one counts.
    const longVersion = Buffer.concat([manifest, Buffer.from([0x0a, 15]), Buffer.from("1".repeat(15))]);
    expect(check(signed(longVersion)).detail).toMatch(/version .* 15 characters/);
  });

  test("is refused when somebody else sealed it", () => {
    expect(causeOf(signed(manifest, otherPair.privatePem))).toBe("untrusted-signature");
    expect(causeOf(buildBundle(fields, payloadOf(10), otherPair.privatePem))).toBe("untrusted-signature");
  });
});
