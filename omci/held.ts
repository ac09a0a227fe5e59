/** What the recovery ME tells and takes of an image held in part (docs/extension.md, 7): octets to values and back. */
import { bytesOfHex } from "../base/text/index.ts";
import type { Stretch } from "../base/stretches/index.ts";

/** Octets of the image's SHA-256 in its identity. */
const HASH_BYTES = 16;
export const IDENTITY_BYTES = 4 + 4 + HASH_BYTES;

/** Stretches that one answer tells. */
const HELD_STRETCHES_MAX = 3;
const STRETCH_BYTES = 8;
export const HELD_BYTES = HELD_STRETCHES_MAX * STRETCH_BYTES;

/** Where the window belongs whose section 0 has this TCI. */
export interface ImagePlace {
  /** 0: windows of a download that is served alone, which have no chain of TCIs. */
  baseTci: number;
  /** Byte of the image that its section 0 begins with. */
  offsetBytes: number;
}

export const PLACE_BYTES = 6;

/**
 * By which an ONT knows again, after a power cut, of which image it holds a part.
 *
 * @param sha256 of the whole image, hexadecimal; the first 16 octets are told
 */
export function imageIdentity(crc32: number, imageBytes: number, sha256: string): Uint8Array {
  const identity = new Uint8Array(IDENTITY_BYTES);
  const view = new DataView(identity.buffer);
  view.setUint32(0, crc32);
  view.setUint32(4, imageBytes);
  identity.set(bytesOfHex(sha256.slice(0, 2 * HASH_BYTES)), IDENTITY_BYTES - HASH_BYTES);
  return identity;
}

/** Size of the image that an identity is of, bytes. */
export const identityImageBytes = (identity: Uint8Array): number =>
  new DataView(identity.buffer, identity.byteOffset, identity.length).getUint32(4);

export function encodePlace({ baseTci, offsetBytes }: ImagePlace): Uint8Array {
  const bytes = new Uint8Array(PLACE_BYTES);
  const view = new DataView(bytes.buffer);
  view.setUint16(0, baseTci);
  view.setUint32(2, offsetBytes);
  return bytes;
}

/** @param bytes six of them */
export function decodePlace(bytes: Uint8Array): ImagePlace {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
  return { baseTci: view.getUint16(0), offsetBytes: view.getUint32(2) };
}

/** The longest three stretches, in their order: from and to, four octets each; zeros where there are fewer. */
export function encodeHeld(stretches: readonly Stretch[]): Uint8Array {
  const bytes = new Uint8Array(HELD_BYTES);
  const view = new DataView(bytes.buffer);
  const longest = stretches.toSorted((a, b) => b.to - b.from - (a.to - a.from)).slice(0, HELD_STRETCHES_MAX);
  longest
    .toSorted((a, b) => a.from - b.from)
    .forEach(({ from, to }, index) => {
      view.setUint32(index * STRETCH_BYTES, from);
      view.setUint32(index * STRETCH_BYTES + 4, to);
    });
  return bytes;
}

/** Stretches that make no sense are left out. */
export function decodeHeld(bytes: Uint8Array): Stretch[] {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
  const stretches: Stretch[] = [];
  for (let at = 0; at + STRETCH_BYTES <= bytes.length; at += STRETCH_BYTES) {
    const [from, to] = [view.getUint32(at), view.getUint32(at + 4)];
    if (to > from) stretches.push({ from, to });
  }
  return stretches;
}
