import {
  advance,
  andWord,
  branchIf,
  type Code,
  constant,
  end,
  get,
  I32,
  instantiate,
  isLess,
  isNotEqual,
  loadByte,
  loadWord,
  loop,
  orWord,
  set,
  shiftLeft,
  shiftRight,
  storeWord,
  xorWord,
} from "./assembler.ts";

/**
 * AES-128 in cipher block chaining with a zero vector (FIPS 197, SP 800-38A) in WebAssembly, of which only the last
 * block is kept, as a CMAC needs it. For short messages: a call of node:crypto costs as much as ten blocks here.
 *
 * A word is a column of the state, row 0 least significant. SubBytes, ShiftRows and MixColumns of a round are one
 * look-up for each byte: the table of its row holds what the byte contributes to its column.
 *
 * Table look-ups take times that depend on the key. That is of no concern here: keys and frames are both of this
 * project's own making.
 */

const ROUNDS = 10;
const BLOCK_BYTES = 16;
const TABLE_BYTES = 1024;
export const SCHEDULE_BYTES = (ROUNDS + 1) * BLOCK_BYTES;
/** Longest message, in bytes of whole blocks. */
export const CHAIN_BYTES_MAX = 256;

/** The memory: a table for each row, the S-box, round keys, last block, message. */
const SBOX_AT = 4 * TABLE_BYTES;
const SCHEDULE_AT = SBOX_AT + 256;
const LAST_AT = SCHEDULE_AT + SCHEDULE_BYTES;
const INPUT_AT = LAST_AT + BLOCK_BYTES;

/** Numbers of parameters and locals: bytes `FROM`…`TO - 1`, the state before and behind a round, its key. */
const FROM = 0;
const TO = 1;
const STATE = [2, 3, 4, 5];
const NEXT = [6, 7, 8, 9];
const ROUND_KEY = 10;

const rows = [0, 1, 2, 3];
const columns = rows;

/** ShiftRows: where row `row` of column `column` comes from. */
const shifted = (state: readonly number[], column: number, row: number): Code => get(state[(column + row) & 3]);

/** What row `row` contributes. */
const lookUp = (state: readonly number[], column: number, row: number): Code => {
  const scaled = row === 0 ? [constant(2), shiftLeft] : [constant(8 * row - 2), shiftRight];
  return [shifted(state, column, row), scaled, constant(0x3fc), andWord, loadWord(row * TABLE_BYTES)];
};

const round = (from: readonly number[], to: readonly number[]): Code =>
  columns.map((column) => [
    rows.map((row) => [lookUp(from, column, row), row > 0 ? xorWord : []]),
    [get(ROUND_KEY), loadWord(4 * column), xorWord, set(to[column])],
  ]);

/** The last round has no MixColumns. */
const lastRound = (from: readonly number[], to: readonly number[]): Code =>
  columns.map((column) => [
    rows.map((row) => [
      [shifted(from, column, row), constant(8 * row), shiftRight, constant(0xff), andWord, loadByte(SBOX_AT)],
      [constant(8 * row), shiftLeft, row > 0 ? orWord : []],
    ]),
    [get(ROUND_KEY), loadWord(4 * column), xorWord, set(to[column])],
  ]);

const nextKey = advance(ROUND_KEY, constant(BLOCK_BYTES));

/** At least one block. */
const chain: Code = [
  [1, 9, I32],
  loop,
  columns.map((column) => [
    [get(FROM), loadWord(4 * column), get(STATE[column]), xorWord],
    [constant(SCHEDULE_AT), loadWord(4 * column), xorWord, set(STATE[column])],
  ]),
  [constant(SCHEDULE_AT + BLOCK_BYTES), set(ROUND_KEY)],
  [loop, round(STATE, NEXT), nextKey, round(NEXT, STATE), nextKey],
  [get(ROUND_KEY), constant(SCHEDULE_AT + (ROUNDS - 1) * BLOCK_BYTES), isNotEqual, branchIf(0), end],
  [round(STATE, NEXT), nextKey, lastRound(NEXT, STATE)],
  [advance(FROM, constant(BLOCK_BYTES)), get(FROM), get(TO), isLess, branchIf(0), end],
  columns.map((column) => [constant(LAST_AT), get(STATE[column]), storeWord(4 * column)]),
  end,
];

/** Doubling in the field of AES. */
const double = (byte: number): number => ((byte << 1) ^ (byte & 0x80 ? 0x11b : 0)) & 0xff;

/** FIPS 197 5.1.1: inverse in the field, then an affine map. */
function makeSbox(): Uint8Array {
  const powers = [1];
  // 3 generates all of the field but zero.
  for (let exponent = 1; exponent < 255; exponent++) powers.push(powers[exponent - 1] ^ double(powers[exponent - 1]));
  const sbox = new Uint8Array(256).fill(0x63);
  for (let exponent = 0; exponent < 255; exponent++) {
    const inverse = powers[(255 - exponent) % 255] * 0x101;
    sbox[powers[exponent]] ^= inverse ^ (inverse >> 4) ^ (inverse >> 5) ^ (inverse >> 6) ^ (inverse >> 7);
  }
  return sbox;
}

export interface AesKernel {
  /** Where a message goes, filled up to whole blocks. */
  readonly input: Uint8Array;
  /** The last block of the last chain. */
  readonly last: Uint8Array;
  /** @param key 16 bytes. @returns its round keys. */
  schedule(key: Uint8Array): Uint8Array;
  /** Chains the first so many bytes of `input`. */
  chain(schedule: Uint8Array, lengthBytes: number): void;
}

/** @returns undefined where the engine has no WebAssembly. */
export function createAesKernel(): AesKernel | undefined {
  const made = instantiate({ parameters: 2, results: 0 }, { chain }, 1);
  if (!made) return undefined;
  const { buffer } = made.memory;
  const sbox = makeSbox();
  new Uint8Array(buffer).set(sbox, SBOX_AT);
  const tables = new Uint32Array(buffer, 0, 4 * 256);
  for (let byte = 0; byte < 256; byte++) {
    const once = sbox[byte];
    const twice = double(once);
    const column = twice | (once << 8) | (once << 16) | ((once ^ twice) << 24);
    for (const row of rows) tables[256 * row + byte] = (column << (8 * row)) | (column >>> (32 - 8 * row));
  }
  const scheduled = new Uint8Array(buffer, SCHEDULE_AT, SCHEDULE_BYTES);
  let current: Uint8Array | undefined;
  return {
    input: new Uint8Array(buffer, INPUT_AT, CHAIN_BYTES_MAX),
    last: new Uint8Array(buffer, LAST_AT, BLOCK_BYTES),
    schedule: (key) => expand(key, sbox),
    chain(schedule, lengthBytes) {
      if (schedule !== current) scheduled.set(schedule);
      current = schedule;
      made.exports.chain(INPUT_AT, INPUT_AT + lengthBytes);
    },
  };
}

/** Key expansion (FIPS 197 5.2). */
function expand(key: Uint8Array, sbox: Uint8Array): Uint8Array {
  const schedule = new Uint8Array(SCHEDULE_BYTES);
  schedule.set(key);
  let constant = 1;
  for (let at = BLOCK_BYTES; at < SCHEDULE_BYTES; at += 4) {
    let [a, b, c, d] = schedule.subarray(at - 4, at);
    if (at % BLOCK_BYTES === 0) {
      [a, b, c, d] = [sbox[b] ^ constant, sbox[c], sbox[d], sbox[a]];
      constant = double(constant);
    }
    [a, b, c, d].forEach((byte, row) => (schedule[at + row] = schedule[at + row - BLOCK_BYTES] ^ byte));
  }
  return schedule;
}
