/** Bundles made in memory with what is known of them, so that nobody has to read them again for it. */
import { makeHeader, makeSeal, SEAL_BYTES, sha256 } from "./format.ts";
import type { KnownBundle } from "./known.ts";
import { encodeManifest } from "./manifest.ts";
import { allSteps, piecesOf, type ByteSteps } from "./steps.ts";
import type { Crc32Functions, ManifestFields } from "./types.ts";

/** A bundle around a payload. @throws ImageError as `buildBundle` */
export const buildKnownBundle = (...args: Parameters<typeof knownBundleSteps>): KnownBundle =>
  allSteps(knownBundleSteps(...args));

/** The same in steps. */
export function* knownBundleSteps(
  fields: ManifestFields,
  payload: Uint8Array,
  privateKeyPem: string,
  crc32: Crc32Functions,
): ByteSteps<KnownBundle> {
  const header = makeHeader(encodeManifest({ ...fields, payloadBytes: payload.length }), privateKeyPem);
  const bytes = Buffer.allocUnsafeSlow(header.length + payload.length + SEAL_BYTES);
  const hash = sha256();
  let register = crc32.init;
  let at = 0;
  const put = (part: Uint8Array): void => {
    bytes.set(part, at);
    at += part.length;
    hash.update(part);
    register = crc32.update(register, part);
  };
  put(header);
  for (const piece of piecesOf(payload)) {
    put(piece);
    yield undefined;
  }
  put(makeSeal(hash.copy().digest(), privateKeyPem));
  return { bytes, crc32: crc32.finish(register), sha256: hash.digest("hex") };
}

/** 2^32 divided by the golden ratio: words in a row differ in all their bytes. */
const WORD_STEP = 0x9e3779b1;
const WORD_BYTES = 4;

/**
 * A bundle whose payload is nothing but its length. In its place stand words that tell where they belong, so that bytes in a wrong
 * place are other bytes; header and signatures are those of any bundle. The digests are made from the name and are names
 * themselves: whoever computes them gets others.
 *
 * @throws ImageError as `buildBundle`
 */
export function buildNamedBundle(
  fields: ManifestFields,
  payloadBytes: number,
  name: string,
  privateKeyPem: string,
): KnownBundle {
  const header = makeHeader(encodeManifest({ ...fields, payloadBytes }), privateKeyPem);
  const seal = makeSeal(sha256().update(header).update(name).digest(), privateKeyPem);
  const whole = sha256().update(seal).digest();
  const words = new Uint32Array(Math.ceil((header.length + payloadBytes + seal.length) / WORD_BYTES));
  for (let at = 0; at < words.length; at++) words[at] = Math.imul(at + 1, WORD_STEP);
  const bytes = new Uint8Array(words.buffer, 0, header.length + payloadBytes + seal.length);
  bytes.set(header);
  bytes.set(seal, header.length + payloadBytes);
  // Neither 0 nor 0xffffffff, by which an OLT drops a download (G.988 I.3).
  const crc32 = (whole.readUInt32BE(0) & 0x7fffffff) | 1;
  return { bytes, crc32, sha256: whole.toString("hex") };
}
