/** The byte table of the CRC-32 of I.363.5, with registers whose bytes are in the order of the line (see frames.wat). */

const GENERATOR = 0x04c11db7;

/** The bytes of a word in reverse order. */
export const swapBytes = (word: number): number =>
  (word << 24) | ((word & 0xff00) << 8) | ((word >>> 8) & 0xff00) | (word >>> 24);

/** What each byte leaves in an empty register. The table is linear: all of it follows from the powers of two. */
export function byteTable(): Int32Array {
  const table = new Int32Array(256);
  let register = GENERATOR;
  for (let power = 1; power < 256; power <<= 1) {
    table[power] = swapBytes(register);
    for (let rest = 1; rest < power; rest++) table[power + rest] = table[power] ^ table[rest];
    register = register < 0 ? (register << 1) ^ GENERATOR : register << 1;
  }
  return table;
}
