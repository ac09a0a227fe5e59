/** Digests that are known are those that are computed, whatever comes. */
import { createHash } from "node:crypto";
import * as fc from "fast-check";
import { expect, it } from "vitest";
import { buildKnownBundle, buildNamedBundle, BundleVerifier, KnownDigests } from "../../image/index.ts";
import { crc32 as crc32Of } from "../../base/kernel/crc32.ts";
import { bundleOf, crc32, fields, fitting, pair, payloadOf } from "./fixture.ts";

const one = buildKnownBundle(fields, payloadOf(3000), pair.privatePem, crc32);
/** Begins like the first, and goes on otherwise. */
const other = ((): typeof one => {
  const bytes = Uint8Array.from(one.bytes);
  bytes.fill(7, 2000);
  return { bytes, crc32: crc32Of(bytes), sha256: createHash("sha256").update(bytes).digest("hex") };
})();
const known = new KnownDigests([one, other], crc32);

it("are right to begin with", () => {
  expect(Buffer.from(one.bytes).equals(Buffer.from(bundleOf(3000)))).toBe(true);
  expect(one.crc32).toBe(crc32Of(one.bytes));
  expect(one.sha256).toBe(createHash("sha256").update(one.bytes).digest("hex"));
});

it("of any bytes, in any pieces, are those computed", () => {
  const piece = fc.integer({ min: 1, max: 900 });
  fc.assert(
    fc.property(
      fc.constantFrom(one, other),
      fc.array(piece, { minLength: 3, maxLength: 12 }),
      fc.option(fc.nat(one.bytes.length - 1), { nil: undefined }),
      fc.boolean(),
      (bundle, pieces, flipped, isCopied) => {
        const bytes = isCopied || flipped !== undefined ? Uint8Array.from(bundle.bytes) : bundle.bytes;
        if (flipped !== undefined) bytes[flipped] ^= 1;
        const hash = known.hash();
        const computed = createHash("sha256");
        let register = known.crc32.init;
        let at = 0;
        for (const length of [...pieces, bytes.length]) {
          const next = bytes.subarray(at, at + length);
          at += next.length;
          hash.update(next);
          computed.update(next);
          register = known.crc32.update(register, next);
          expect(known.crc32.finish(register)).toBe(crc32Of(bytes, 0, at));
          // What its seal says may be wrong: only of the first is it right.
          if (bundle === one) expect(hash.copy().digest().equals(computed.copy().digest())).toBe(true);
        }
        expect(hash.digest().equals(computed.digest())).toBe(true);
      },
    ),
  );
});

it("pass a bundle that is good, and no other", () => {
  const verdictOf = (bytes: Uint8Array, crc: number): unknown => {
    const verifier = new BundleVerifier({ ...fitting(bytes.length), crc32: known.crc32, hash: known.hash });
    for (let at = 0; at < bytes.length; at += 1000) verifier.update(bytes.subarray(at, at + 1000));
    return verifier.clone().finish(crc);
  };
  expect(verdictOf(one.bytes, one.crc32)).toMatchObject({
    valid: true,
    image: { sha256: one.sha256, crc32: one.crc32 },
  });
  const flipped = Uint8Array.from(one.bytes);
  flipped[1500] ^= 1;
  expect(verdictOf(flipped, one.crc32)).toEqual({ valid: false, cause: "crc-mismatch" });
  expect(verdictOf(flipped, crc32Of(flipped))).toEqual({ valid: false, cause: "payload-hash-mismatch" });
});

it("may be names: the bundle passes by them alone", () => {
  const named = buildNamedBundle(fields, 3000, "a", pair.privatePem);
  expect(named.bytes.length).toBe(one.bytes.length);
  expect(named.crc32).not.toBe(crc32Of(named.bytes));
  const by = (digests: object): unknown => {
    const verifier = new BundleVerifier({ ...fitting(named.bytes.length), ...digests });
    verifier.update(named.bytes);
    return verifier.finish(named.crc32);
  };
  const { crc32: check, hash } = new KnownDigests([named], crc32);
  expect(by({ crc32: check, hash })).toMatchObject({ valid: true, image: { sha256: named.sha256 } });
  expect(by({})).toEqual({ valid: false, cause: "crc-mismatch" });
  expect(buildNamedBundle(fields, 3000, "b", pair.privatePem).sha256).not.toBe(named.sha256);
});
