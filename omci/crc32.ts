import { crc32 as mirroredCrc32 } from "node:zlib";
import { createMirror, type Mirror, MIRROR_BYTES } from "./mirror.ts";

/**
 * CRC-32 of ITU-T I.363.5 (AAL5), as G.988 uses it for images and G-PON for the OMCI trailer: generator 0x04C11DB7,
 * preset all ones, most significant bit first, final complement.
 *
 * Each length has its fastest way. Baseline frames: tables, eight bytes a step. Extended frames and images: the CRC-32 of
 * zlib has the same generator but takes the least significant bit first; it is native code with carry-less
 * multiplication, so that turning the bits of each byte around for it still leaves it several times as fast as tables.
 * More so in a process that has just started, where tables in JavaScript would be interpreted.
 */

const POLYNOMIAL = 0x04c11db7;
const SLICES = 8;
/** From here on the way through zlib is faster. */
const LONG_BYTES = 384;

/** `tables[256 * s + b]`: what byte b contributes when s more bytes follow it. */
const tables = makeTables();

function makeTables(): Int32Array {
  const made = new Int32Array(256 * SLICES);
  for (let byte = 0; byte < 256; byte++) {
    let register = byte << 24;
    for (let bit = 0; bit < 8; bit++) register = register < 0 ? (register << 1) ^ POLYNOMIAL : register << 1;
    made[byte] = register;
  }
  for (let at = 256; at < made.length; at++) {
    const before = made[at - 256];
    made[at] = (before << 8) ^ made[before >>> 24];
  }
  return made;
}

/** Register before the first byte. */
export const CRC32_INIT = 0xffffffff;

/**
 * Feeds bytes `start`…`end - 1` into a running register.
 *
 * @returns the register, an unsigned 32-bit number.
 */
export function crc32Update(register: number, bytes: Uint8Array, start = 0, end = bytes.length): number {
  if (end - start >= LONG_BYTES) return longUpdate(register, bytes, start, end);
  return tableUpdate(register, bytes, start, end);
}

function tableUpdate(register: number, bytes: Uint8Array, start: number, end: number): number {
  let r = register | 0;
  let at = start;
  const stop = end - 7;
  for (; at < stop; at += 8) {
    const a = r ^ ((bytes[at] << 24) | (bytes[at + 1] << 16) | (bytes[at + 2] << 8) | bytes[at + 3]);
    r =
      tables[1792 + (a >>> 24)] ^
      tables[1536 + ((a >>> 16) & 255)] ^
      tables[1280 + ((a >>> 8) & 255)] ^
      tables[1024 + (a & 255)] ^
      tables[768 + bytes[at + 4]] ^
      tables[512 + bytes[at + 5]] ^
      tables[256 + bytes[at + 6]] ^
      tables[bytes[at + 7]];
  }
  for (; at < end; at++) r = (r << 8) ^ tables[(r >>> 24) ^ bytes[at]];
  return r >>> 0;
}

/** Made at first use; null where the engine cannot. */
let shared: Mirror | null | undefined;

function longUpdate(register: number, bytes: Uint8Array, start: number, end: number): number {
  if (shared === undefined) shared = createMirror() ?? null;
  if (shared === null) return tableUpdate(register, bytes, start, end);
  // zlib takes and gives finished values: complemented registers.
  let value = ~mirrorWord(register) >>> 0;
  for (let at = start; at < end; at += MIRROR_BYTES) {
    value = mirroredCrc32(shared.mirror(bytes, at, Math.min(end, at + MIRROR_BYTES)), value);
  }
  return mirrorWord(~value) >>> 0;
}

/** The 32 bits of a register in reverse order. */
function mirrorWord(word: number): number {
  let w = ((word >>> 1) & 0x5555_5555) | ((word & 0x5555_5555) << 1);
  w = ((w >>> 2) & 0x3333_3333) | ((w & 0x3333_3333) << 2);
  w = ((w >>> 4) & 0x0f0f_0f0f) | ((w & 0x0f0f_0f0f) << 4);
  w = ((w >>> 8) & 0x00ff_00ff) | ((w & 0x00ff_00ff) << 8);
  return (w >>> 16) | (w << 16);
}

/** The CRC from the register after the last byte. */
export const crc32Finish = (register: number): number => ~register >>> 0;

/** CRC-32 of bytes `start`…`end - 1`, unsigned. */
export function crc32(bytes: Uint8Array, start = 0, end = bytes.length): number {
  return crc32Finish(crc32Update(CRC32_INIT, bytes, start, end));
}
