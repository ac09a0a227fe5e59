/** Keys, manifest and payload that the tests of image/ share. */
import {
  buildBundle,
  generateKeyPair,
  readPublicKey,
  type BundleVerifierOptions,
  type ManifestFields,
} from "../../image/index.ts";
import { CRC32_INIT, crc32Finish, crc32Update } from "../../base/kernel/crc32.ts";

export const crc32 = { init: CRC32_INIT, update: crc32Update, finish: crc32Finish };

export const pair = generateKeyPair();
export const publicKey = readPublicKey(pair.publicPem);
export const otherPair = generateKeyPair();
export const otherKey = readPublicKey(otherPair.publicPem);

export const fields: ManifestFields = {
  version: "2.1.0",
  productCode: "PCST-1",
  hardware: ["HW1", "HW2"],
  buildTime: 1_700_000_000,
  minimumVersion: "1.9",
};

/** Bytes that do not repeat, the same each time. */
export function payloadOf(payloadBytes: number): Uint8Array {
  return Uint8Array.from({ length: payloadBytes }, (_, at) => (Math.imul(at + 1, 2_654_435_761) >>> 17) & 0xff);
}

export const bundleOf = (payloadBytes: number, changed: Partial<ManifestFields> = {}): Uint8Array =>
  buildBundle({ ...fields, ...changed }, payloadOf(payloadBytes), pair.privatePem);

export const fitting = (imageBytes: number): BundleVerifierOptions => ({
  trustedKeys: [publicKey],
  productCode: "PCST-1",
  hardwareVersion: "HW2",
  runningVersion: "2.0",
  imageBytes,
  crc32,
});
