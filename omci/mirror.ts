import {
  advance,
  and,
  branchIf,
  constant,
  end,
  get,
  instantiate,
  load,
  loop,
  or,
  set,
  shiftBytesRight,
  sized,
  store,
  subtract,
  swizzle,
  tee,
  V128,
  vector,
} from "./assembler.ts";

const BLOCK_BYTES = 16;
const BLOCKS_A_STEP = 4;
const STEP_BYTES = BLOCK_BYTES * BLOCKS_A_STEP;
/** What fits at once. */
export const MIRROR_BYTES = 65_536;

/** Numbers of parameters and local: address, steps of 64 bytes; the block at hand. */
const AT = 0;
const STEPS = 1;
const BYTES = 2;

const mirroredHalf = (half: number): number =>
  ((half & 1) << 3) | ((half & 2) << 1) | ((half & 4) >> 1) | ((half & 8) >> 3);
const halves = Array.from({ length: BLOCK_BYTES }, (_, half) => mirroredHalf(half));
const ofLowHalf = vector(halves.map((half) => half << 4));
const ofHighHalf = vector(halves);
const nibbleMask = vector(halves.map(() => 0x0f));

const mirrorBlock = (offset: number) => [
  [get(AT), get(AT), load(offset), set(BYTES)],
  [ofLowHalf, get(BYTES), nibbleMask, and, swizzle],
  [ofHighHalf, get(BYTES), constant(4), shiftBytesRight, swizzle],
  [or, store(offset)],
];

const mirrorSteps = sized([
  [1, 1, V128],
  [loop, Array.from({ length: BLOCKS_A_STEP }, (_, index) => mirrorBlock(index * BLOCK_BYTES))],
  [advance(AT, constant(STEP_BYTES)), get(STEPS), constant(1), subtract, tee(STEPS), branchIf(0), end],
  end,
]);

/**
 * Turns the bits of bytes around, sixteen bytes at once: two look-ups of sixteen entries, one for each half of a byte.
 * What takes the least significant bit of each byte first then sees what the line sends first.
 */
export interface Mirror {
  /** @param end at most MIRROR_BYTES behind `start`. @returns mirrored bytes, valid until the next call. */
  mirror(bytes: Uint8Array, start: number, end: number): Uint8Array;
}

/** @returns undefined where the engine has no WebAssembly SIMD. */
export function createMirror(): Mirror | undefined {
  const made = instantiate(2, { mirror: mirrorSteps }, 1);
  if (!made) return undefined;
  const memory = new Uint8Array(made.memory.buffer);
  const { mirror } = made.exports;
  return {
    mirror(bytes, start, stop) {
      const lengthBytes = stop - start;
      memory.set(bytes.subarray(start, stop));
      mirror(0, Math.ceil(lengthBytes / STEP_BYTES));
      return memory.subarray(0, lengthBytes);
    },
  };
}
