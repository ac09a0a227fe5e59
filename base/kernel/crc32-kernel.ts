import {
  add,
  advance,
  andWord,
  block,
  branch,
  branchIf,
  call,
  type Code,
  constant,
  end,
  fillMemory,
  get,
  I32,
  isAtLeast,
  isLess,
  load,
  loadByte,
  loadWord,
  loop,
  set,
  shiftLeft,
  shiftRight,
  store,
  storeWord,
  subtract,
  xor,
  xorWord,
} from "./assembler.ts";

/**
 * The CRC-32 of I.363.5 in WebAssembly, of bytes in its own memory.
 *
 * Registers are kept with their bytes in the order of the line: the byte that meets the next byte of the message is the
 * least significant. Then sixteen bytes a step are table look-ups without turning anything around ("slicing").
 *
 * From FOLD_FROM_BYTES on most of the work needs no tables. Bits that the generator G(x) divides do not count; in
 * GF(2), G(x)^128 = G(x^128), so that it divides G(x^128) as well. Subtracting a multiple of that clears the first
 * sixteen bytes at hand by adding them, whole, to later blocks of sixteen: as many as G has further terms. Block i of
 * what is cleared, the quotient, is block i of the message plus the quotient's blocks i - 6, i - 9, … i - 32.
 */

const GENERATOR = 0x04c11db7;
/** Register behind bytes and their own CRC, whatever the bytes; its bytes in the order of the line. */
export const CRC32_RESIDUE = 0x7bdd04c7;
const DEGREE = 32;
const BLOCK_BYTES = 16;
/** What is left of a message when no quotient is left. */
const REST_BYTES = DEGREE * BLOCK_BYTES;
/** Blocks for each turn of a loop; the quotient's next block is six blocks away from those that go into it. */
const BLOCKS_A_TURN = 2;
const TURN_BYTES = BLOCKS_A_TURN * BLOCK_BYTES;
/** At which tables alone are as fast. */
export const FOLD_FROM_BYTES = 1024;
/** Bytes at once: their quotient stays in the nearer caches. */
export const INPUT_BYTES = 32_768;
const SLICES = 16;
const TABLE_BYTES = 1024;

/** The memory: tables, rest, quotient behind as many blocks as come before its first, bytes copied in. */
const REST_AT = SLICES * TABLE_BYTES;
const HISTORY_AT = REST_AT + REST_BYTES;
/** Where others may put what they like. */
export const CRC32_MEMORY_BYTES = HISTORY_AT + REST_BYTES + INPUT_BYTES + REST_BYTES;

/** Numbers of parameters and locals. */
const FROM = 0;
const TO = 1;
const REGISTER = 2;
const WORD = 3;
const QUOTIENT = 3;
const REST = 4;

/** Function numbers, in the order of the module. */
export const SLICE = 0;
export const FOLD = 1;

/** Goes round as long as there are so many bytes. */
const whileLeft = (bytes: number, body: Code): Code => [
  [block, loop, get(TO), get(FROM), subtract, constant(bytes), isLess, branchIf(1)],
  [body, advance(FROM, constant(bytes)), branch(0), end, end],
];

/** What byte `index` of a word contributes, four bytes an entry. */
const lookUp = (index: number, slice: number): Code => {
  const scaled = index === 0 ? [constant(2), shiftLeft] : [constant(8 * index - 2), shiftRight];
  return [get(WORD), scaled, constant(0x3fc), andWord, loadWord(slice * TABLE_BYTES)];
};

/** What the word at hand contributes when `behind` more words follow in the step. */
const wordLookUp = (behind: number): Code => [
  [0, 1, 2, 3].map((index) => [lookUp(index, 4 * behind + 3 - index), index > 0 ? xorWord : []]),
];

const firstWord: Code = [get(FROM), loadWord(0), get(REGISTER), xorWord, set(WORD)];
const nextWord = (offset: number): Code => [get(FROM), loadWord(offset), set(WORD)];

/** Tables: sixteen bytes a step, then four, then one. */
const slice: Code = [
  [1, 1, I32],
  whileLeft(16, [
    [firstWord, wordLookUp(3)],
    [1, 2, 3].map((word) => [nextWord(4 * word), wordLookUp(3 - word), xorWord]),
    set(REGISTER),
  ]),
  whileLeft(4, [firstWord, wordLookUp(0), set(REGISTER)]),
  whileLeft(1, [
    [get(REGISTER), get(FROM), loadByte(0), xorWord, constant(0xff), andWord, constant(2), shiftLeft, loadWord(0)],
    [get(REGISTER), constant(8), shiftRight, xorWord, set(REGISTER)],
  ]),
  [get(REGISTER), end],
];

/** How far behind its first term the other terms of the generator are. */
const distances = Array.from({ length: DEGREE }, (_, index) => index + 1).filter(
  (distance) => (GENERATOR >>> (DEGREE - distance)) & 1,
);

/** Blocks of the message plus those of the quotient; QUOTIENT points at the oldest of these. */
const foldTurn = (target: number, targetOffset: number): Code =>
  Array.from({ length: BLOCKS_A_TURN }, (_, index) => [
    [get(target), get(FROM), load(BLOCK_BYTES * index)],
    distances.map((distance) => [get(QUOTIENT), load(BLOCK_BYTES * (DEGREE - distance + index)), xor]),
    store(targetOffset + BLOCK_BYTES * index),
  ]);

/** At least REST_BYTES + TURN_BYTES, at most INPUT_BYTES. */
const fold: Code = [
  [1, 2, I32],
  // Only block 0 is 32 blocks behind the oldest block: there the register goes in. The other blocks before it are zero.
  [constant(HISTORY_AT), get(REGISTER), storeWord(0), constant(HISTORY_AT), set(QUOTIENT)],
  [block, loop, get(TO), get(FROM), subtract, constant(REST_BYTES + TURN_BYTES), isLess, branchIf(1)],
  [foldTurn(QUOTIENT, REST_BYTES)],
  [advance(FROM, constant(TURN_BYTES)), advance(QUOTIENT, constant(TURN_BYTES)), branch(0), end, end],
  // No quotient from here on: the rest goes elsewhere.
  [get(QUOTIENT), constant(REST_BYTES), add, constant(0), constant(REST_BYTES), fillMemory],
  [constant(REST_AT), set(REST)],
  [block, loop, get(REST), constant(HISTORY_AT), isAtLeast, branchIf(1)],
  [foldTurn(REST, 0), advance(REST, constant(TURN_BYTES))],
  [advance(FROM, constant(TURN_BYTES)), advance(QUOTIENT, constant(TURN_BYTES)), branch(0), end, end],
  [get(FROM), get(TO), constant(REST_AT), constant(HISTORY_AT), constant(0), call(SLICE), call(SLICE)],
  end,
];

/** Each table from the one before it: one more byte, of zeros, follows. */
const spread: Code = [
  [0],
  whileLeft(4, [
    [get(FROM), get(FROM), loadWord(0), constant(8), shiftRight],
    [get(FROM), loadWord(0), constant(0xff), andWord, constant(2), shiftLeft, loadWord(0)],
    [xorWord, storeWord(TABLE_BYTES)],
  ]),
  [get(REGISTER), end],
];

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

/** From … to, register → register; `fold` for FOLD_FROM_BYTES and more. */
export const crc32Functions = { slice, fold, spread } as const;

/**
 * Fills the tables in.
 *
 * @param memory of the module. @returns `[256 * s + b]`: what byte b contributes when s more bytes follow it
 */
export function fillTables(
  memory: WebAssembly.Memory,
  spreadTables: (from: number, to: number, unused: number) => number,
): Int32Array {
  const tables = new Int32Array(memory.buffer, 0, REST_AT / Int32Array.BYTES_PER_ELEMENT);
  tables.set(byteTable());
  spreadTables(0, (SLICES - 1) * TABLE_BYTES, 0);
  return tables;
}
