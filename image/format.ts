/**
 * The bundle, one file that is checked while it streams in, each byte hashed once:
 *
 *     8   magic "PONCAST1"
 *     4   manifest length, big endian
 *     n   manifest, protobuf
 *     64  Ed25519 signature of everything before it        \ header: enough to refuse an image that does not fit
 *     p   payload
 *     32  SHA-256 of everything before it                  \ seal: binds the payload to the header
 *     64  Ed25519 signature of "poncast seal 1\0" and that SHA-256
 *
 * A bundle of several payloads goes on with payload and seal of the next; each seal is over the header and its own payload,
 * so that header, payload and seal of one of them are a bundle that is checked alone (slices.ts). docs/bundle.md has all of it.
 *
 * The digest of the payload stands behind it, not in the manifest, so that the SHA-256 of the whole file is the same hash
 * carried on over the seal. With the digest in front, payload and file would be two hashes over every byte.
 */
import { createHash } from "node:crypto";
import { signBytes, verifyBytes } from "./keys.ts";

export const MAGIC = Uint8Array.from(Buffer.from("PONCAST1", "latin1"));
const LENGTH_BYTES = 4;
export const SIGNATURE_BYTES = 64;
export const DIGEST_BYTES = 32;
/** Bytes before the manifest. */
export const MANIFEST_AT = MAGIC.length + LENGTH_BYTES;
export const SEAL_BYTES = DIGEST_BYTES + SIGNATURE_BYTES;

/** A window of 256 baseline sections (256 x 31 bytes): whatever the header tells is known when the first one is in. */
export const HEADER_BYTES_MAX = 7936;
/** Longest manifest, bytes: all that is left in such a window, as the migration of a configuration is in it. */
export const MANIFEST_BYTES_MAX = HEADER_BYTES_MAX - MANIFEST_AT - SIGNATURE_BYTES;

/** Start and End software download carry the image size in 32 bits (G.988 A.2.23 to A.2.32). */
export const IMAGE_BYTES_MAX = 0xffffffff;

const sealContext = Buffer.from("poncast seal 1\0", "latin1");
const signedSeal = (digest: Uint8Array): Uint8Array => Buffer.concat([sealContext, digest]);

/** Magic, length, manifest and their signature. */
export function makeHeader(manifest: Uint8Array, privateKeyPem: string): Uint8Array {
  const header = new Uint8Array(MANIFEST_AT + manifest.length + SIGNATURE_BYTES);
  header.set(MAGIC, 0);
  new DataView(header.buffer).setUint32(MAGIC.length, manifest.length);
  header.set(manifest, MANIFEST_AT);
  const signedBytes = MANIFEST_AT + manifest.length;
  header.set(signBytes(header.subarray(0, signedBytes), privateKeyPem), signedBytes);
  return header;
}

/** @param digest SHA-256 of header and payload */
export function makeSeal(digest: Uint8Array, privateKeyPem: string): Uint8Array {
  return Buffer.concat([digest, signBytes(signedSeal(digest), privateKeyPem)]);
}

/** The manifest length a header names, any 32-bit number; `bytes` holds at least `MANIFEST_AT` bytes. */
export function manifestLengthOf(bytes: Uint8Array): number {
  return new DataView(bytes.buffer, bytes.byteOffset).getUint32(MAGIC.length);
}

/** Whether the first bytes of a file may be those of a bundle; looks at no more than there are. */
export function startsLikeBundle(bytes: Uint8Array): boolean {
  const length = Math.min(bytes.length, MAGIC.length);
  for (let at = 0; at < length; at++) if (bytes[at] !== MAGIC[at]) return false;
  return true;
}

/** Whether one of the keys signed the header, which ends with its signature. */
export function isHeaderSigned(header: Uint8Array, trustedKeys: readonly Uint8Array[]): boolean {
  const signedBytes = header.length - SIGNATURE_BYTES;
  return verifyBytes(header.subarray(0, signedBytes), header.subarray(signedBytes), trustedKeys);
}

/** Whether one of the keys signed the seal. The digest in it is compared by the caller. */
export function isSealSigned(seal: Uint8Array, trustedKeys: readonly Uint8Array[]): boolean {
  const digest = seal.subarray(0, DIGEST_BYTES);
  return verifyBytes(signedSeal(digest), seal.subarray(DIGEST_BYTES), trustedKeys);
}

export const sha256 = (): ReturnType<typeof createHash> => createHash("sha256");
