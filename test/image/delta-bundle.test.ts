/** A bundle whose payload is a delta: what is wrong with it for this device is known when its header is in. */
import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import {
  buildBundle,
  BundleVerifier,
  imageSourceOf,
  type BundleVerifierOptions,
  type DeltaFacts,
} from "../../image/index.ts";
import { encodeManifest } from "../../image/manifest.ts";
import { crc32 as crc32Of } from "../../base/kernel/crc32.ts";
import { bundleOf, crc32, fields, fitting, otherKey, otherPair, pair, payloadOf } from "./fixture.ts";

const delta: DeltaFacts = {
  algorithm: "poncast-delta-1",
  baseVersion: "2.0.0",
  baseSha256: "0f".repeat(32),
  baseBytes: 40_000,
  targetSha256: "a1".repeat(32),
  targetBytes: 41_000,
  targetCrc32: 0xdeadbeef,
};
const bundle = bundleOf(100, { delta, securityVersion: 3 });
const asked = { accepts: "delta", baseSha256: delta.baseSha256 } as const;

/** Cause and whether the first window of 256 baseline sections told it. */
function verdictOf(bytes: Uint8Array, options: Partial<BundleVerifierOptions> = asked): [string, early: boolean] {
  const verifier = new BundleVerifier({ ...fitting(bytes.length), ...options });
  const early = verifier.update(bytes.subarray(0, 256 * 31));
  if (early !== undefined) return [early, true];
  verifier.update(bytes.subarray(256 * 31));
  const verdict = verifier.finish(crc32Of(bytes));
  return [verdict.valid ? "valid" : verdict.cause, false];
}

test("passes where one was asked for, and tells what it is from and what it makes", () => {
  expect(verdictOf(bundle)).toEqual(["valid", false]);
  expect(verdictOf(bundle, { ...asked, accepts: "either" })).toEqual(["valid", false]);
  const verifier = new BundleVerifier({ ...fitting(bundle.length), ...asked });
  verifier.update(bundle);
  const verdict = verifier.finish(crc32Of(bundle));
  expect(verdict).toMatchObject({ valid: true, image: { version: "2.1.0", imageBytes: bundle.length, delta } });
  expect(imageSourceOf(bundle, { crc32 })).toMatchObject({ delta, version: "2.1.0", hardware: ["HW1", "HW2"] });
});

test("an image tells of no delta and no migration, unless it has one", () => {
  const imageOf = (bytes: Uint8Array): object => {
    const verifier = new BundleVerifier(fitting(bytes.length));
    verifier.update(bytes);
    const verdict = verifier.finish(crc32Of(bytes));
    return verdict.valid ? verdict.image : {};
  };
  expect(Object.keys(imageOf(bundleOf(10)))).not.toEqual(expect.arrayContaining(["delta"]));
  expect(Object.keys(imageOf(bundleOf(10)))).not.toEqual(expect.arrayContaining(["migration"]));
});

describe("is refused in the first window", () => {
  const large = bundleOf(9000, { delta, securityVersion: 3 });
  test.each<[string, Uint8Array, Partial<BundleVerifierOptions>, string]>([
    ["where an image was announced", large, {}, "delta-not-expected"],
    ["when it is an image", bundleOf(9000), asked, "not-a-delta"],
    ["from another base", large, { ...asked, baseSha256: "00".repeat(32) }, "wrong-base"],
    ["signed by another key", large, { ...asked, trustedKeys: [otherKey] }, "untrusted-signature"],
    ["to an older security version", large, { ...asked, securityVersion: 4 }, "security-version-too-low"],
    ["for other hardware", large, { ...asked, hardwareVersion: "HW9" }, "incompatible-hardware"],
    ["for another product", large, { ...asked, productCode: "OTHER" }, "wrong-product-code"],
    ["that replaces later versions only", large, { ...asked, runningVersion: "1.0" }, "version-not-replaceable"],
  ])("%s", (_name, bytes, options, cause) => {
    expect(verdictOf(bytes, options)).toEqual([cause, true]);
  });
});

test("with any octet changed it is refused", () => {
  for (let at = 0; at < bundle.length; at++) {
    const changed = Uint8Array.from(bundle);
    changed[at]! ^= 1 << (at % 8);
    expect(verdictOf(changed)[0], `octet ${at}`).not.toBe("valid");
  }
});

test("manifest, payload and seal of two good ones do not pass for one another", () => {
  const other = buildBundle({ ...fields, delta, securityVersion: 4 }, payloadOf(101).subarray(1), pair.privatePem);
  expect(other.length).toBe(bundle.length);
  const headerBytes = bundle.length - 100 - 96;
  const parts = [bundle, other].map((bytes) => [
    bytes.subarray(0, headerBytes),
    bytes.subarray(headerBytes, -96),
    bytes.subarray(-96),
  ]);
  fc.assert(
    fc.property(fc.tuple(fc.nat(1), fc.nat(1), fc.nat(1)), (from) => {
      const mixed = Buffer.concat(from.map((which, part) => parts[which]![part]!));
      const isOne = from.every((which) => which === from[0]);
      expect(verdictOf(mixed)[0] === "valid").toBe(isOne);
    }),
    { numRuns: 30 },
  );
  const foreign = buildBundle({ ...fields, delta, securityVersion: 3 }, payloadOf(100), otherPair.privatePem);
  const withOwnSeal = Buffer.concat([bundle.subarray(0, -96), foreign.subarray(-96)]);
  expect(verdictOf(withOwnSeal)[0]).toBe("payload-hash-mismatch");
});

test.each<[string, Partial<DeltaFacts>, RegExp]>([
  ["no base digest", { baseSha256: "0f" }, /no SHA-256 of its base/],
  ["a target digest of other letters", { targetSha256: "A1".repeat(32) }, /no SHA-256 of its target/],
  ["an empty base", { baseBytes: 0 }, /base of 0 bytes/],
  ["a target larger than an image", { targetBytes: 2 ** 32 }, /target of 4294967296 bytes/],
  ["a CRC-32 that is none", { targetCrc32: -1 }, /CRC-32 -1/],
  ["no algorithm", { algorithm: "" }, /algorithm of the delta is empty/],
  ["a base version that is none", { baseVersion: "a b" }, /version of the base "a b"/],
])("the manifest takes none with %s", (_name, changed, message) => {
  expect(() => encodeManifest({ ...fields, payloadBytes: 1, delta: { ...delta, ...changed } })).toThrow(message);
});
