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

const I32 = 0x7f;
const V128 = 0x7b;

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

/** An instruction is a number or a list of them; nesting carries no meaning. */
type Code = readonly (number | Code)[];

const get = (local: number): Code => [0x20, local];
const set = (local: number): Code => [0x21, local];
const tee = (local: number): Code => [0x22, local];
const constant = (value: number): Code => [0x41, value];
const block = [0x02, 0x40];
const loop = [0x03, 0x40];
const branchIf = (depth: number): Code => [0x0d, depth];
const branch = (depth: number): Code => [0x0c, depth];
const end = 0x0b;
const isZero = 0x45;
const add = 0x6a;
const subtract = 0x6b;
const shiftLeft = 0x74;
const load = (offset = 0): Code => [0xfd, 0x00, 0, offset];
const store = [0xfd, 0x0b, 0, 0];
const loadByte = (offset: number): Code => [0x2d, 0, offset];
const swizzle = [0xfd, 0x0e];
const and = [0xfd, 0x4e];
const xor = [0xfd, 0x51];
const shiftBytesRight = [0xfd, 0x6d];
const nibbleMask = [0xfd, 0x0c, Array.from({ length: BLOCK_BYTES }, () => 0x0f)];

const advance = (local: number, by: Code): Code => [get(local), by, add, set(local)];

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
  store,
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
  return sized([
    locals,
    // while (count != 0) { do … while (--left != 0); count-- }
    [block, loop, get(COUNT), isZero, branchIf(1), eachSource],
    [loop, eachBlock, get(LEFT), constant(1), subtract, tee(LEFT), branchIf(0), end],
    [nextSource, branch(0), end, end],
    end,
  ]);
}

/** Unsigned LEB128. */
const leb = (value: number): Code => (value < 0x80 ? [value] : [(value & 0x7f) | 0x80, leb(value >>> 7)]);

function flat(code: Code, out: number[] = []): number[] {
  for (const item of code) {
    if (typeof item === "number") out.push(item);
    else flat(item, out);
  }
  return out;
}

/** Its length in front of it. */
function sized(code: Code): Code {
  const bytes = flat(code);
  return [leb(bytes.length), bytes];
}

const section = (id: number, content: Code): Code => [id, sized(content)];
const text = (value: string): Code => sized(Array.from(value, (letter) => letter.charCodeAt(0)));

/** One function of the same type for each number of targets. */
function assemble(): Uint8Array<ArrayBuffer> {
  const count = targetCounts.length;
  const parameters = Array.from({ length: 7 }, () => I32);
  const exported = targetCounts.map((targets, index) => [text(`accumulate${targets}`), 0, index]);
  return Uint8Array.from(
    flat([
      [0x00, 0x61, 0x73, 0x6d, 1, 0, 0, 0],
      section(1, [1, 0x60, parameters.length, parameters, 0]),
      section(2, [1, text("poncast"), text("memory"), 0x02, 0, 1]),
      section(3, [count, targetCounts.map(() => 0)]),
      section(7, [count, exported]),
      section(10, [count, targetCounts.map(functionBody)]),
    ]),
  );
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
export function instantiate(
  pages: number,
): { memory: WebAssembly.Memory; accumulate: Record<1 | 2 | 4, Accumulate> } | undefined {
  const module = compile();
  if (!module) return undefined;
  const memory = new WebAssembly.Memory({ initial: pages });
  const { exports } = new WebAssembly.Instance(module, { poncast: { memory } });
  const accumulate = {
    1: exports.accumulate1 as Accumulate,
    2: exports.accumulate2 as Accumulate,
    4: exports.accumulate4 as Accumulate,
  };
  return { memory, accumulate };
}

/** The attempt is the test: to validate first would read the module twice, in each of 128 processes. */
function compile(): WebAssembly.Module | undefined {
  if (typeof WebAssembly === "undefined") return undefined;
  try {
    return new WebAssembly.Module(assemble());
  } catch {
    return undefined;
  }
}
