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

/** Targets that one pass over the sources may serve; each has a function of its own. */
export const targetCounts = [1, 2, 4] as const;
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

const get = (local: number): number[] => [0x20, local];
const set = (local: number): number[] => [0x21, local];
const tee = (local: number): number[] => [0x22, local];
const constant = (value: number): number[] => [0x41, value];
const ADD = 0x6a;
const SUB = 0x6b;
const SHIFT_LEFT = 0x74;
const load = (offset = 0): number[] => [0xfd, 0x00, 0, offset];
const store = [0xfd, 0x0b, 0, 0];
const loadByte = (offset: number): number[] => [0x2d, 0, offset];
const SWIZZLE = [0xfd, 0x0e];
const AND = [0xfd, 0x4e];
const XOR = [0xfd, 0x51];
const SHIFT_BYTES_RIGHT = [0xfd, 0x6d];
const nibbleMask = [0xfd, 0x0c, ...Array.from({ length: 16 }, () => 0x0f)];

const advance = (local: number, by: number[]): number[] => [...get(local), ...by, ADD, ...set(local)];

/** The tables of one target's coefficient. */
const loadTables = (target: number): number[] => [
  ...get(COEFFICIENTS),
  ...loadByte(target),
  ...constant(5),
  SHIFT_LEFT,
  ...tee(TABLE),
  ...load(),
  ...set(TABLES + 2 * target),
  ...get(TABLE),
  ...load(16),
  ...set(TABLES + 2 * target + 1),
];

/** target ^= product, sixteen bytes; then on to the next target. */
const addProduct = (target: number): number[] => [
  ...(target > 0 ? advance(AT, get(TARGET_STRIDE)) : []),
  ...get(AT),
  ...get(AT),
  ...load(),
  ...get(TABLES + 2 * target),
  ...get(LOW),
  ...SWIZZLE,
  ...XOR,
  ...get(TABLES + 2 * target + 1),
  ...get(HIGH),
  ...SWIZZLE,
  ...XOR,
  ...store,
];

function functionBody(targetCount: number): number[] {
  const targets = Array.from({ length: targetCount }, (_, target) => target);
  const locals = [3, 5, I32, 3, V128, 2 * targetCount, V128];
  const code = [
    ...locals,
    ...[0x02, 0x40, 0x03, 0x40],
    // while (count != 0)
    ...[...get(COUNT), 0x45, 0x0d, 1],
    ...targets.flatMap(loadTables),
    ...[...get(SOURCE), ...set(FROM), ...get(TARGET), ...set(TO), ...get(BLOCKS), ...set(LEFT)],
    // do … while (--left != 0)
    ...[0x03, 0x40],
    ...[...get(FROM), ...load(), ...tee(BYTES), ...nibbleMask, ...AND, ...set(LOW)],
    ...[...get(BYTES), ...constant(4), ...SHIFT_BYTES_RIGHT, ...set(HIGH)],
    ...[...get(TO), ...set(AT)],
    ...targets.flatMap(addProduct),
    ...[...advance(FROM, constant(16)), ...advance(TO, constant(16))],
    ...[...get(LEFT), ...constant(1), SUB, ...tee(LEFT), 0x0d, 0, 0x0b],
    ...advance(SOURCE, get(SOURCE_STRIDE)),
    ...advance(COEFFICIENTS, constant(COEFFICIENT_STRIDE)),
    ...[...get(COUNT), ...constant(1), SUB, ...set(COUNT), 0x0c, 0],
    ...[0x0b, 0x0b, 0x0b],
  ];
  return [...leb(code.length), ...code];
}

/** Unsigned LEB128. */
function leb(value: number): number[] {
  return value < 0x80 ? [value] : [(value & 0x7f) | 0x80, ...leb(value >>> 7)];
}

const section = (id: number, content: number[]): number[] => [id, ...leb(content.length), ...content];
const text = (value: string): number[] => [value.length, ...Buffer.from(value, "latin1")];

/** One function of the same type for each number of targets. */
function assemble(): Uint8Array<ArrayBuffer> {
  const count = targetCounts.length;
  const parameters = Array.from({ length: 7 }, () => I32);
  return Uint8Array.from([
    ...[0x00, 0x61, 0x73, 0x6d, 1, 0, 0, 0],
    ...section(1, [1, 0x60, parameters.length, ...parameters, 0]),
    ...section(2, [1, ...text("poncast"), ...text("memory"), 0x02, 0, 1]),
    ...section(3, [count, ...targetCounts.map(() => 0)]),
    ...section(7, [count, ...targetCounts.flatMap((targets, index) => [...text(`accumulate${targets}`), 0, index])]),
    ...section(10, [count, ...targetCounts.flatMap(functionBody)]),
  ]);
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
  const code = assemble();
  if (typeof WebAssembly === "undefined" || !WebAssembly.validate(code)) return undefined;
  const memory = new WebAssembly.Memory({ initial: pages });
  const { exports } = new WebAssembly.Instance(new WebAssembly.Module(code), {
    poncast: { memory },
  });
  const accumulate = {
    1: exports.accumulate1 as Accumulate,
    2: exports.accumulate2 as Accumulate,
    4: exports.accumulate4 as Accumulate,
  };
  return { memory, accumulate };
}
