/** Bundles of several payloads: each device takes its own, cut out without a key, and nothing else passes for it. */
import { createHash } from "node:crypto";
import { mkdtempSync, readFileSync, readdirSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import * as fc from "fast-check";
import { afterAll, describe, expect, test } from "vitest";
import {
  buildVariantBundle,
  BundleVerifier,
  imageSourceOf,
  imageSourcesOf,
  inspectBundle,
  packVariants,
  sliceFor,
  slicesOf,
  verifyBundle,
  type BundleVerifierOptions,
} from "../../image/index.ts";
import { decodeManifest, encodeManifest } from "../../image/manifest.ts";
import { crc32 as crc32Of } from "../../base/kernel/crc32.ts";
import { bundleOf, crc32, fields, fitting, pair, payloadOf, publicKey } from "./fixture.ts";
import { removeFolder } from "../support/folder.ts";

const { hardware: _hardware, ...common } = fields;
const payloads = [
  { hardware: ["HW1", "HW2"], architecture: "arm", flashLayout: "nand-128", payload: payloadOf(70) },
  { hardware: ["MIPS"], architecture: "mips-be", payload: payloadOf(91).subarray(1) },
  // As long as the first.
  { hardware: ["X86"], payload: payloadOf(73).subarray(3) },
];
const bundle = buildVariantBundle(common, payloads, pair.privatePem);

function verdictOf(bytes: Uint8Array, options: Partial<BundleVerifierOptions> = {}, pieceBytes = 500): string {
  const verifier = new BundleVerifier({ ...fitting(bytes.length), ...options });
  for (let at = 0; at < bytes.length; at += pieceBytes) {
    const cause = verifier.update(bytes.subarray(at, at + pieceBytes));
    if (cause !== undefined) return `${cause} early`;
  }
  const verdict = verifier.finish(crc32Of(bytes));
  return verdict.valid ? "valid" : verdict.cause;
}

const slices = slicesOf(bundle);
const headerBytes = slices[0]!.bytes.length - 70 - 96;

describe("slices", () => {
  test("are header, payload and seal, and pass for their hardware alone, in pieces of any size", () => {
    expect(slices.map(({ hardware }) => hardware)).toEqual([["HW1", "HW2"], ["MIPS"], ["X86"]]);
    for (const { hardware, bytes } of slices) {
      for (const hardwareVersion of hardware)
        for (const pieceBytes of [7, 333, 5000])
          expect(verdictOf(bytes, { hardwareVersion }, pieceBytes)).toBe("valid");
      expect(verdictOf(bytes, { hardwareVersion: undefined })).toBe("valid");
      expect(sliceFor(bundle, hardware[0]!)).toEqual(bytes);
      expect(sliceFor(bytes, hardware[0]!)).toEqual(bytes);
      expect(slicesOf(bytes).map((slice) => slice.bytes)).toEqual([bytes]);
    }
    for (const [at, { payload }] of payloads.entries())
      expect(Buffer.from(slices[at]!.bytes.subarray(headerBytes, -96)).equals(payload)).toBe(true);
  });

  test("of other hardware are refused: by their length in the first window, else by their content", () => {
    const [arm, mips, x86] = slices.map(({ bytes }) => bytes);
    expect(verdictOf(mips!, { hardwareVersion: "HW1" })).toBe("incompatible-hardware early");
    expect(verdictOf(arm!, { hardwareVersion: "MIPS" })).toBe("incompatible-hardware early");
    expect(verdictOf(arm!, { hardwareVersion: "X86" })).toBe("incompatible-hardware");
    expect(verdictOf(x86!, { hardwareVersion: "HW2" })).toBe("incompatible-hardware");
    expect(verdictOf(arm!, { hardwareVersion: "HW9" })).toBe("incompatible-hardware early");
  });

  test("are none of a whole file, nor a file of several pieces one image", () => {
    expect(verdictOf(bundle, { hardwareVersion: "HW1" })).toBe("size-mismatch early");
    expect(verdictOf(bundle, { hardwareVersion: undefined })).toBe("size-mismatch early");
    expect(verdictOf(bundle.subarray(0, headerBytes + 50), { hardwareVersion: "HW1" })).toBe("truncated early");
    expect(() => slicesOf(bundle.subarray(1))).toThrow(/does not begin/);
    expect(() => slicesOf(bundle.subarray(0, -1))).toThrow(
      `${bundle.length - 1} bytes; the manifest makes it ${bundle.length} with its 3 payloads`,
    );
    expect(() => slicesOf(bundle.subarray(0, 100))).toThrow(/too short/);
    expect(() => sliceFor(bundle, "HW9")).toThrow("bundle is for hardware HW1, HW2, MIPS, X86, not HW9");
  });

  test("of a bundle with one payload are the bundle", () => {
    const plain = bundleOf(300);
    expect(slicesOf(plain)).toEqual([{ hardware: ["HW1", "HW2"], bytes: plain }]);
    expect(sliceFor(plain, "HW2")).toEqual(plain);
    const one = buildVariantBundle(common, payloads.slice(0, 1), pair.privatePem);
    expect(sliceFor(one, "HW2")).toEqual(one);
    expect(verdictOf(one)).toBe("valid");
  });

  test("with any octet changed are refused", () => {
    for (const [which, { bytes, hardware }] of slices.entries()) {
      // They have the header in common.
      for (let at = which === 0 ? 0 : headerBytes; at < bytes.length; at++) {
        const changed = Uint8Array.from(bytes);
        changed[at]! ^= 1 << (at % 8);
        expect(verdictOf(changed, { hardwareVersion: hardware[0] }), `octet ${at}`).not.toBe("valid");
      }
    }
  });

  test("put together of parts of two good bundles are refused", () => {
    const other = buildVariantBundle({ ...common, version: "2.0.9" }, payloads, pair.privatePem);
    fc.assert(
      fc.property(fc.nat(2), fc.nat(2), fc.boolean(), (head, body, swapped) => {
        const [one, two] = swapped ? [other, bundle] : [bundle, other];
        const from = slicesOf(one)[head]!;
        const rest = slicesOf(two)[body]!.bytes;
        const mixed = Buffer.concat([from.bytes.subarray(0, headerBytes), rest.subarray(headerBytes)]);
        expect(verdictOf(mixed, { hardwareVersion: from.hardware[0] })).not.toBe("valid");
        expect(verdictOf(mixed, { hardwareVersion: undefined })).not.toBe("valid");
      }),
    );
  });

  test("a clone has the digest of the payload of its own", () => {
    const { bytes } = slices[1]!;
    const verifier = new BundleVerifier({ ...fitting(bytes.length), hardwareVersion: "MIPS" });
    verifier.update(bytes.subarray(0, headerBytes + 50));
    const clone = verifier.clone();
    clone.update(new Uint8Array(bytes.length - headerBytes - 50));
    verifier.update(bytes.subarray(headerBytes + 50));
    expect(clone.finish(clone.crc32).valid).toBe(false);
    expect(verifier.finish(crc32Of(bytes)).valid).toBe(true);
    expect(verifier.variants.map(({ hardware }) => hardware)).toEqual([["MIPS"]]);
  });
});

describe("the manifest", () => {
  const sha = "ab".repeat(32);
  const variant = { hardware: ["A"], architecture: "", flashLayout: "", payloadBytes: 5, payloadSha256: sha };
  const manifest = { ...fields, hardware: ["A"], payloadBytes: 0, variants: [variant] };

  test("names the hardware of all variants", () => {
    const variants = [variant, { ...variant, hardware: ["B", "C"], architecture: "arm", flashLayout: "ubi" }];
    const both = { ...manifest, hardware: ["A", "B", "C"], variants };
    const read = decodeManifest(encodeManifest(both));
    expect(read).toEqual({ ...both, securityVersion: 0, expires: 0, migration: "" });
  });

  test.each([
    ["a payload beside them", { payloadBytes: 1 }, /payload of 1 bytes beside variants/],
    ["hardware in two", { hardware: ["A", "A"], variants: [variant, variant] }, /"A" is in two variants/],
    ["no hardware", { variants: [{ ...variant, hardware: [] }] }, /names no hardware/],
    ["an empty payload", { variants: [{ ...variant, payloadBytes: 0 }] }, /payload of 0 bytes/],
    ["no digest", { variants: [{ ...variant, payloadSha256: "" }] }, /no SHA-256/],
    ["an architecture too long", { variants: [{ ...variant, architecture: "a".repeat(33) }] }, /at most 32/],
    ["a flash layout with spaces", { variants: [{ ...variant, flashLayout: "a b" }] }, /flash layout "a b"/],
    ["too many", { variants: Array.from({ length: 33 }, () => variant) }, /33 variants; at most 32/],
  ])("of variants with %s is none", (_name, changed, message) => {
    expect(() => encodeManifest({ ...manifest, ...changed })).toThrow(message);
  });

  test("has room for a migration of some thousand octets, and says when there is none", () => {
    const bytesWith = (length: number) => {
      const migration = JSON.stringify({ schemaVersion: 1, schema: { title: "m".repeat(length) }, steps: [] });
      return encodeManifest({ ...fields, payloadBytes: 1, migration });
    };
    expect(decodeManifest(bytesWith(7500)).migration.length).toBeGreaterThan(7500);
    expect(() => bytesWith(7860)).toThrow(/at most 7860 fit, shorten the migration/);
  });

  test("whose migration cannot be read is none", () => {
    const with_ = (migration: string) => () => encodeManifest({ ...fields, payloadBytes: 1, migration });
    expect(with_("nonsense")).toThrow("migration is no JSON");
    expect(with_(JSON.stringify({ schemaVersion: 2, steps: [{ from: 1, to: 1, operations: [] }] }))).toThrow(
      "migration: step 1 to 1 does not go forward",
    );
  });
});

describe("files", () => {
  const folder = mkdtempSync(join(tmpdir(), "poncast-variants-"));
  afterAll(() => removeFolder(folder));
  const files = payloads.map(({ payload, ...variant }, at) => {
    const payloadFile = join(folder, `payload${at}`);
    writeFileSync(payloadFile, payload);
    return { ...variant, payloadFile };
  });
  const outFile = join(folder, "out");
  const options = { fields: common, payloads: files, outFile, privateKeyPem: pair.privatePem };

  test("are packed to the same bytes as in memory, and told apart again", async () => {
    const packed = await packVariants(options);
    expect(readFileSync(outFile).equals(bundle)).toBe(true);
    expect(packed).toMatchObject({
      bundleBytes: bundle.length,
      sha256: createHash("sha256").update(bundle).digest("hex"),
      manifest: { payloadBytes: 0, hardware: ["HW1", "HW2", "MIPS", "X86"] },
    });
    const { slices: found } = inspectBundle(outFile);
    expect(found.map(({ hardware, sliceBytes }) => [hardware, sliceBytes])).toEqual(
      slices.map(({ hardware, bytes }) => [hardware, bytes.length]),
    );
    expect(found.map(({ sealSignature }) => sealSignature)).toEqual(
      slices.map(({ bytes }) => Buffer.from(bytes.subarray(-64)).toString("hex")),
    );
  });

  test("are verified as a whole, or as one hardware would", () => {
    const trusting = { trustedKeys: [publicKey], crc32 };
    expect(verifyBundle(outFile, trusting)).toMatchObject({ valid: true, slices: [{}, {}, {}] });
    const one = verifyBundle(outFile, { ...trusting, hardwareVersion: "MIPS" });
    expect(one).toMatchObject({ valid: true, image: { imageBytes: slices[1]!.bytes.length } });
    expect(verifyBundle(outFile, { ...trusting, hardwareVersion: "HW9" })).toMatchObject({
      valid: false,
      cause: "incompatible-hardware",
    });
    const damaged = Uint8Array.from(bundle);
    damaged[bundle.length - 120]! ^= 1;
    writeFileSync(join(folder, "damaged"), damaged);
    expect(verifyBundle(join(folder, "damaged"), trusting)).toMatchObject({
      valid: false,
      detail: /^payload for X86: /,
    });
    expect(verifyBundle(join(folder, "damaged"), { ...trusting, hardwareVersion: "HW1" }).valid).toBe(true);
  });

  test("with the same payload twice, or one that is not there, are not packed", async () => {
    const twice = [files[0]!, { ...files[0]!, hardware: ["HW3"] }];
    const before = readdirSync(folder).length;
    const out = join(folder, "none");
    await expect(packVariants({ ...options, outFile: out, payloads: twice })).rejects.toThrow(
      /payloads for HW1, HW2 and for HW3 are the same/,
    );
    const missing = [{ hardware: ["HW1"], payloadFile: join(folder, "missing") }];
    await expect(packVariants({ ...options, outFile: out, payloads: missing })).rejects.toThrow(/no such file/);
    await expect(packVariants({ ...options, outFile: out, signal: AbortSignal.abort() })).rejects.toThrow(/abort/);
    expect(readdirSync(folder)).toHaveLength(before);
  });
});

describe("the OLT's sources", () => {
  test("are one for each payload, with its hardware", () => {
    const sources = imageSourcesOf(bundle, { crc32 });
    expect(sources.map(({ hardware, imageBytes }) => [hardware, imageBytes])).toEqual(
      slices.map(({ hardware, bytes }) => [hardware, bytes.length]),
    );
    expect(imageSourcesOf(bundleOf(10), { crc32 })).toHaveLength(1);
    expect(() => imageSourceOf(bundle, { crc32 }, "fw")).toThrow("fw: has several payloads by hardware");
    expect(() => imageSourcesOf(Buffer.from("nothing"), { crc32 }, "fw")).toThrow(/^fw: not a whole bundle/);
  });
});
