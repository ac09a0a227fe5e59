import {
  advance,
  and,
  block,
  branch,
  branchIf,
  type Code,
  constant,
  end,
  get,
  I32,
  instantiate,
  isZero,
  load,
  loadByte,
  loop,
  set,
  shiftBytesRight,
  shiftLeft,
  store,
  subtract,
  swizzle,
  tee,
  V128,
  vector,
  xor,
} from "../assembler.ts";

/**
 * The inner loop of the parity code as a WebAssembly module with SIMD, assembled here byte by byte: one, two or four
 * products of one source at a time, sixteen bytes a step. A product by a constant is two table look-ups of sixteen
 * entries, one for each half of a byte, which is what `i8x16.swizzle` does sixteen times at once.
 *
 *     accumulate1, accumulate2, accumulate4
 *       (source, sourceStride, count, blocks, target, targetStride, coefficients)
 *
 * For each of `count` sources and each of the targets: target ^= coefficient × source, over `blocks` × 16 bytes.
 * `coefficients` points at four bytes for each source, however many targets there are; the product tables of all 256
 * constants lie at address 0, 32 bytes each.
 */

/** Bytes of one step. */
export const BLOCK_BYTES = 16;
/** Targets that one pass over the sources may serve; each has a function of its own. */
const targetCounts = [1, 2, 4] as const;
/** Coefficients of one source lie this far from those of the next. */
export const COEFFICIENT_STRIDE = 4;

/** Numbers of the parameters and locals. */
const SOURCE = 0;
const SOURCE_STRIDE = 1;
const COUNT = 2;
const BLOCKS = 3;
const TARGET = 4;
const TARGET_STRIDE = 5;
const COEFFICIENTS = 6;
const FROM = 7;
const TO = 8;
const LEFT = 9;
const AT = 10;
const TABLE = 11;
const BYTES = 12;
const LOW = 13;
const HIGH = 14;
/** Two tables for each target. */
const TABLES = 15;

const nibbleMask = vector(Array.from({ length: BLOCK_BYTES }, () => 0x0f));

/** The tables of one target's coefficient. */
const loadTables = (target: number): Code => [
  [get(COEFFICIENTS), loadByte(target), constant(5), shiftLeft, tee(TABLE)],
  [load(), set(TABLES + 2 * target)],
  [get(TABLE), load(BLOCK_BYTES), set(TABLES + 2 * target + 1)],
];

/** On to the next target but for the first; target ^= product, sixteen bytes. */
const addProduct = (target: number): Code => [
  target > 0 ? advance(AT, get(TARGET_STRIDE)) : [],
  [get(AT), get(AT), load()],
  [get(TABLES + 2 * target), get(LOW), swizzle, xor],
  [get(TABLES + 2 * target + 1), get(HIGH), swizzle, xor],
  store(),
];

function functionBody(targetCount: number): Code {
  const targets = Array.from({ length: targetCount }, (_, target) => target);
  const eachSource = [targets.map(loadTables), [get(SOURCE), set(FROM), get(TARGET), set(TO), get(BLOCKS), set(LEFT)]];
  const eachBlock = [
    [get(FROM), load(), tee(BYTES), nibbleMask, and, set(LOW)],
    [get(BYTES), constant(4), shiftBytesRight, set(HIGH)],
    [get(TO), set(AT)],
    targets.map(addProduct),
    [advance(FROM, constant(BLOCK_BYTES)), advance(TO, constant(BLOCK_BYTES))],
  ];
  const nextSource = [
    advance(SOURCE, get(SOURCE_STRIDE)),
    advance(COEFFICIENTS, constant(COEFFICIENT_STRIDE)),
    [get(COUNT), constant(1), subtract, set(COUNT)],
  ];
  const locals = [3, 5, I32, 3, V128, 2 * targetCount, V128];
  return [
    locals,
    // while (count != 0) { do … while (--left != 0); count-- }
    [block, loop, get(COUNT), isZero, branchIf(1), eachSource],
    [loop, eachBlock, get(LEFT), constant(1), subtract, tee(LEFT), branchIf(0), end],
    [nextSource, branch(0), end, end],
    end,
  ];
}

export type Accumulate = (
  source: number,
  sourceStride: number,
  count: number,
  blocks: number,
  target: number,
  targetStride: number,
  coefficients: number,
) => void;

/** @returns undefined where the engine has no WebAssembly SIMD. */
export function instantiateKernel(
  pages: number,
): { memory: WebAssembly.Memory; accumulate: Record<1 | 2 | 4, Accumulate> } | undefined {
  const bodies = Object.fromEntries(targetCounts.map((targets) => [`accumulate${targets}`, functionBody(targets)]));
  const made = instantiate({ parameters: 7, results: 0 }, bodies, pages);
  if (!made) return undefined;
  const { accumulate1, accumulate2, accumulate4 } = made.exports;
  return { memory: made.memory, accumulate: { 1: accumulate1, 2: accumulate2, 4: accumulate4 } };
}
