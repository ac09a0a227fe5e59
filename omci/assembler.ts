/**
 * WebAssembly, assembled byte by byte: the few instructions that the inner loops of this package are made of. They run
 * fast from their first call, where JavaScript in a process of its own would be interpreted for the first megabytes.
 */

export const I32 = 0x7f;
export const V128 = 0x7b;

/** An instruction is a number or a list of them; nesting carries no meaning. */
export type Code = readonly (number | Code)[];

export const get = (local: number): Code => [0x20, local];
export const set = (local: number): Code => [0x21, local];
export const tee = (local: number): Code => [0x22, local];
/** @param value 0…8191. */
export const constant = (value: number): Code => [0x41, value < 64 ? value : [(value & 0x7f) | 0x80, value >> 7]];
export const block = [0x02, 0x40];
export const loop = [0x03, 0x40];
export const branchIf = (depth: number): Code => [0x0d, depth];
export const branch = (depth: number): Code => [0x0c, depth];
export const end = 0x0b;
export const isZero = 0x45;
export const add = 0x6a;
export const subtract = 0x6b;
export const shiftLeft = 0x74;
export const loadByte = (offset: number): Code => [0x2d, 0, offset];

/** Sixteen bytes at once. */
export const load = (offset = 0): Code => [0xfd, 0x00, 0, offset];
export const store = (offset = 0): Code => [0xfd, 0x0b, 0, offset];
export const vector = (bytes: readonly number[]): Code => [0xfd, 0x0c, bytes];
export const swizzle = [0xfd, 0x0e];
export const and = [0xfd, 0x4e];
export const or = [0xfd, 0x50];
export const xor = [0xfd, 0x51];
export const shiftBytesRight = [0xfd, 0x6d];

/** Adds to a local. */
export const advance = (local: number, by: Code): Code => [get(local), by, add, set(local)];

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
export function sized(code: Code): Code {
  const bytes = flat(code);
  return [leb(bytes.length), bytes];
}

const section = (id: number, content: Code): Code => [id, sized(content)];
const text = (value: string): Code => sized(Array.from(value, (letter) => letter.charCodeAt(0)));

/** Functions of one type, i32 × `parameters` → nothing, on an imported memory. */
function assemble(parameters: number, functions: Readonly<Record<string, Code>>): Uint8Array<ArrayBuffer> {
  const names = Object.keys(functions);
  const types = Array.from({ length: parameters }, () => I32);
  const exported = names.map((name, index) => [text(name), 0, index]);
  return Uint8Array.from(
    flat([
      [0x00, 0x61, 0x73, 0x6d, 1, 0, 0, 0],
      section(1, [1, 0x60, parameters, types, 0]),
      section(2, [1, text("poncast"), text("memory"), 0x02, 0, 1]),
      section(3, [names.length, names.map(() => 0)]),
      section(7, [names.length, exported]),
      section(10, [names.length, Object.values(functions)]),
    ]),
  );
}

/**
 * @param functions bodies by name, `sized`, each with its locals in front.
 * @param pages of 64 KiB.
 * @returns undefined where the engine has no WebAssembly SIMD.
 */
export function instantiate(
  parameters: number,
  functions: Readonly<Record<string, Code>>,
  pages: number,
): { memory: WebAssembly.Memory; exports: Record<string, (...values: number[]) => void> } | undefined {
  if (typeof WebAssembly === "undefined") return undefined;
  try {
    // The attempt is the test: to validate first would read the module twice, in each of 128 processes.
    const module = new WebAssembly.Module(assemble(parameters, functions));
    const memory = new WebAssembly.Memory({ initial: pages });
    const { exports } = new WebAssembly.Instance(module, { poncast: { memory } });
    return { memory, exports: exports as Record<string, (...values: number[]) => void> };
  } catch {
    return undefined;
  }
}
