/**
 * The inner loop of the parity code as a WebAssembly module with SIMD, assembled here byte by byte: four products of
 * one source at a time, sixteen bytes a step. A product by a constant is two table look-ups of sixteen entries, one for
 * each half of a byte, which is what `i8x16.swizzle` does sixteen times at once.
 *
 *     accumulate(source, sourceStride, count, blocks, target, targetStride, coefficients)
 *
 * For each of `count` sources and each of the four targets: target ^= coefficient × source, over `blocks` × 16 bytes.
 * `coefficients` points at four bytes for each source; the product tables of all 256 constants lie at address 0,
 * 32 bytes each.
 */

const I32 = 0x7f;
const V128 = 0x7b;
const TARGETS = 4;

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

const advance = (local: number, by: number[]): number[] => [
  ...get(local),
  ...by,
  ADD,
  ...set(local),
];

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
  ...(target + 1 < TARGETS ? advance(AT, get(TARGET_STRIDE)) : []),
];

const targets = [0, 1, 2, 3];

const body = [
  ...[0x02, 0x40, 0x03, 0x40],
  // while (count != 0)
  ...[...get(COUNT), 0x45, 0x0d, 1],
  ...targets.flatMap(loadTables),
  ...[...get(SOURCE), ...set(FROM), ...get(TARGET), ...set(TO), ...get(BLOCKS), ...set(LEFT)],
  ...[0x03, 0x40],
  ...[...get(FROM), ...load(), ...tee(BYTES), ...nibbleMask, ...AND, ...set(LOW)],
  ...[...get(BYTES), ...constant(4), ...SHIFT_BYTES_RIGHT, ...set(HIGH)],
  ...[...get(TO), ...set(AT)],
  ...targets.flatMap(addProduct),
  ...[...advance(FROM, constant(16)), ...advance(TO, constant(16))],
  ...[...get(LEFT), ...constant(1), SUB, ...tee(LEFT), 0x0d, 0, 0x0b],
  ...[...advance(SOURCE, get(SOURCE_STRIDE)), ...advance(COEFFICIENTS, constant(4))],
  ...[...get(COUNT), ...constant(1), SUB, ...set(COUNT), 0x0c, 0],
  ...[0x0b, 0x0b, 0x0b],
];

/** Unsigned LEB128. */
function leb(value: number): number[] {
  return value < 0x80 ? [value] : [(value & 0x7f) | 0x80, ...leb(value >>> 7)];
}

const section = (id: number, content: number[]): number[] => [
  id,
  ...leb(content.length),
  ...content,
];
const text = (value: string): number[] => [value.length, ...Buffer.from(value, "latin1")];

function assemble(): Uint8Array<ArrayBuffer> {
  const locals = [3, 5, I32, 3, V128, 2 * TARGETS, V128];
  const code = [...locals, ...body];
  return Uint8Array.from([
    ...[0x00, 0x61, 0x73, 0x6d, 1, 0, 0, 0],
    ...section(1, [1, 0x60, 7, I32, I32, I32, I32, I32, I32, I32, 0]),
    ...section(2, [1, ...text("poncast"), ...text("memory"), 0x02, 0, 1]),
    ...section(3, [1, 0]),
    ...section(7, [1, ...text("accumulate"), 0, 0]),
    ...section(10, [1, ...leb(code.length), ...code]),
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
): { memory: WebAssembly.Memory; accumulate: Accumulate } | undefined {
  const code = assemble();
  if (typeof WebAssembly === "undefined" || !WebAssembly.validate(code)) return undefined;
  const memory = new WebAssembly.Memory({ initial: pages });
  const instance = new WebAssembly.Instance(new WebAssembly.Module(code), { poncast: { memory } });
  return { memory, accumulate: instance.exports.accumulate as Accumulate };
}
