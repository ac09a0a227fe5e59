/**
 * CRC-32 of ITU-T I.363.5 (AAL5), as G.988 uses it for images and G-PON for the OMCI trailer: generator 0x04C11DB7,
 * preset all ones, most significant bit first, final complement. Sixteen bytes a step where there are enough of them,
 * eight below: a section's PDU is short, an image is long, and each length has its fastest way.
 */

const POLYNOMIAL = 0x04c11db7;
const SLICES = 16;
const LONG_BYTES = 64;

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
  let r = register | 0;
  let at = start;
  if (end - at >= LONG_BYTES) {
    const stop = end - 15;
    for (; at < stop; at += 16) r = step16(r, bytes, at);
  }
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

function step16(r: number, bytes: Uint8Array, at: number): number {
  const a = r ^ ((bytes[at] << 24) | (bytes[at + 1] << 16) | (bytes[at + 2] << 8) | bytes[at + 3]);
  return (
    tables[3840 + (a >>> 24)] ^
    tables[3584 + ((a >>> 16) & 255)] ^
    tables[3328 + ((a >>> 8) & 255)] ^
    tables[3072 + (a & 255)] ^
    tables[2816 + bytes[at + 4]] ^
    tables[2560 + bytes[at + 5]] ^
    tables[2304 + bytes[at + 6]] ^
    tables[2048 + bytes[at + 7]] ^
    tables[1792 + bytes[at + 8]] ^
    tables[1536 + bytes[at + 9]] ^
    tables[1280 + bytes[at + 10]] ^
    tables[1024 + bytes[at + 11]] ^
    tables[768 + bytes[at + 12]] ^
    tables[512 + bytes[at + 13]] ^
    tables[256 + bytes[at + 14]] ^
    tables[bytes[at + 15]]
  );
}

/** The CRC from the register after the last byte. */
export const crc32Finish = (register: number): number => ~register >>> 0;

/** CRC-32 of bytes `start`…`end - 1`, unsigned. */
export function crc32(bytes: Uint8Array, start = 0, end = bytes.length): number {
  return crc32Finish(crc32Update(CRC32_INIT, bytes, start, end));
}
