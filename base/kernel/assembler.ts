/**
 * WebAssembly, assembled byte by byte: the few instructions that the inner loops of this package are made of. They run
 * fast from their first call, where JavaScript in a process of its own would be interpreted for the first megabytes.
 */

export const I32 = 0x7f;
export const V128 = 0x7b;

/** An instruction is a number or a list of them; nesting carries no meaning. `sized` has its length in front of it. */
export type Code = readonly (number | Code | { readonly sized: Code })[];

/** Unsigned LEB128. */
const leb = (value: number): Code => (value < 0x80 ? [value] : [(value & 0x7f) | 0x80, leb(value >>> 7)]);
/** Signed LEB128 of 32 bits. */
const signedLeb = (value: number): Code =>
  value >= -0x40 && value < 0x40 ? [value & 0x7f] : [(value & 0x7f) | 0x80, signedLeb(value >> 7)];

export const get = (local: number): Code => [0x20, local];
export const set = (local: number): Code => [0x21, local];
export const tee = (local: number): Code => [0x22, local];
/** @param value of 32 bits, signed. */
export const constant = (value: number): Code => [0x41, signedLeb(value)];
export const block = [0x02, 0x40];
export const ifSo = [0x04, 0x40];
export const otherwise = 0x05;
export const loop = [0x03, 0x40];
export const branchIf = (depth: number): Code => [0x0d, depth];
export const branch = (depth: number): Code => [0x0c, depth];
export const end = 0x0b;
/** @param index of the function among those of its module. */
export const call = (index: number): Code => [0x10, index];
export const isZero = 0x45;
export const isEqual = 0x46;
export const isNotEqual = 0x47;
/** Signed, so that a difference of addresses may be negative. */
export const isLess = 0x48;
export const isGreater = 0x4a;
export const isAtLeast = 0x4e;
export const add = 0x6a;
export const subtract = 0x6b;
export const multiply = 0x6c;
export const andWord = 0x71;
export const orWord = 0x72;
export const xorWord = 0x73;
export const shiftLeft = 0x74;
export const shiftRight = 0x76;
export const loadByte = (offset: number): Code => [0x2d, 0, leb(offset)];
/** Two bytes, the first the less significant. */
export const loadHalf = (offset: number): Code => [0x2f, 0, leb(offset)];
/** Four bytes, the first the least significant. */
export const loadWord = (offset: number): Code => [0x28, 0, leb(offset)];
export const storeWord = (offset: number): Code => [0x36, 0, leb(offset)];
/** Address, byte, length on the stack. */
export const fillMemory = [0xfc, 0x0b, 0];

/** Where to, where from, length on the stack. */
export const copyMemory = [0xfc, 0x0a, 0, 0];

/** Sixteen bytes at once. */
export const load = (offset = 0): Code => [0xfd, 0x00, 0, leb(offset)];
export const store = (offset = 0): Code => [0xfd, 0x0b, 0, leb(offset)];
export const vector = (bytes: readonly number[]): Code => [0xfd, 0x0c, bytes];
export const swizzle = [0xfd, 0x0e];
export const and = [0xfd, 0x4e];
export const xor = [0xfd, 0x51];
export const shiftBytesRight = [0xfd, 0x6d];

/** Adds to a local. */
export const advance = (local: number, by: Code): Code => [get(local), by, add, set(local)];

/** Code with its length in front of it. */
const sized = (code: Code): Code => [{ sized: code }];
const section = (id: number, content: Code): Code => [id, sized(content)];
const text = (value: string): Code => sized(Array.from(value, (letter) => letter.charCodeAt(0)));

/**
 * In one go, as this runs in a process that has just started. A length is known only behind what it counts; LEB128 may
 * be longer than it need be.
 */
function write(code: Code, out: number[]): void {
  for (const item of code) {
    if (typeof item === "number") out.push(item);
    else if (!("sized" in item)) write(item, out);
    else {
      const at = out.push(0, 0, 0);
      write(item.sized, out);
      const length = out.length - at;
      out[at - 3] = (length & 0x7f) | 0x80;
      out[at - 2] = ((length >>> 7) & 0x7f) | 0x80;
      out[at - 1] = length >>> 14;
    }
  }
}

/** A module's functions are all of one type. */
export interface FunctionType {
  /** Numbers taken. */
  parameters: number;
  /** Numbers returned. */
  results: 0 | 1;
}

/** Functions of one type, i32 × `parameters` → i32 × `results`, on an imported memory. */
function assemble(
  { parameters, results }: FunctionType,
  functions: Readonly<Record<string, Code>>,
): Uint8Array<ArrayBuffer> {
  const names = Object.keys(functions);
  const words = (count: number): Code => [count, Array.from({ length: count }, () => I32)];
  const exported = names.map((name, index) => [text(name), 0, index]);
  const out: number[] = [];
  const sections = [
    [0x00, 0x61, 0x73, 0x6d, 1, 0, 0, 0],
    section(1, [1, 0x60, words(parameters), words(results)]),
    section(2, [1, text("poncast"), text("memory"), 0x02, 0, 1]),
    section(3, [names.length, names.map(() => 0)]),
    section(7, [names.length, exported]),
    section(10, [names.length, Object.values(functions).map(sized)]),
  ];
  write(sections, out);
  return Uint8Array.from(out);
}

/**
 * @param functions bodies by name, each with its locals in front and `end` behind.
 * @param pages of 64 KiB.
 * @returns undefined where the engine has no WebAssembly SIMD.
 */
export function instantiate(
  type: FunctionType,
  functions: Readonly<Record<string, Code>>,
  pages: number,
): { memory: WebAssembly.Memory; exports: Record<string, (...values: number[]) => number> } | undefined {
  if (typeof WebAssembly === "undefined") return undefined;
  try {
    // The attempt is the test: to validate first would read the module twice, in each of 128 processes.
    const module = new WebAssembly.Module(assemble(type, functions));
    const memory = new WebAssembly.Memory({ initial: pages });
    const { exports } = new WebAssembly.Instance(module, { poncast: { memory } });
    return { memory, exports: exports as Record<string, (...values: number[]) => number> };
  } catch {
    return undefined;
  }
}
