import { multiply } from "./field.ts";
import { type Accumulate, instantiate } from "./wasm.ts";

/** Targets that one pass over the sources serves. */
export const TARGETS = 4;
export const BLOCK_BYTES = 16;
const PAGE_BYTES = 65_536;
const TABLE_BYTES = 256 * 32;
const COEFFICIENT_BYTES = 256 * TARGETS;

/**
 * Memory and inner loop of the parity code. One for the whole process: it holds one window's work at a time, so that
 * 128 ONTs in one process do not hold 128 of them.
 */
export interface Kernel {
  readonly kind: "simd" | "plain";
  /** All of the memory; changes when `reserve` grows it. */
  bytes: Uint8Array;
  /** First free address. */
  readonly free: number;
  readonly coefficients: number;
  accumulate: Accumulate;
  /** Makes sure that the memory reaches up to an address. */
  reserve(end: number): void;
}

/** Product tables of all constants: 16 entries for the low half of a byte, 16 for the high half. */
function writeTables(bytes: Uint8Array): void {
  for (let factor = 0; factor < 256; factor++) {
    for (let half = 0; half < 16; half++) {
      bytes[factor * 32 + half] = multiply(factor, half);
      bytes[factor * 32 + 16 + half] = multiply(factor, half << 4);
    }
  }
}

function simdKernel(): Kernel | undefined {
  const made = instantiate(1);
  if (!made) return undefined;
  const { memory, accumulate } = made;
  const kernel: Kernel = {
    kind: "simd",
    bytes: new Uint8Array(memory.buffer),
    free: TABLE_BYTES + COEFFICIENT_BYTES,
    coefficients: TABLE_BYTES,
    accumulate,
    reserve: (end) => {
      const missing = end - memory.buffer.byteLength;
      if (missing <= 0) return;
      memory.grow(Math.ceil(missing / PAGE_BYTES));
      kernel.bytes = new Uint8Array(memory.buffer);
    },
  };
  writeTables(kernel.bytes);
  return kernel;
}

/** The same in plain JavaScript: the reference for the other, and for engines without SIMD. */
export function plainKernel(): Kernel {
  const kernel: Kernel = {
    kind: "plain",
    bytes: new Uint8Array(PAGE_BYTES),
    free: TABLE_BYTES + COEFFICIENT_BYTES,
    coefficients: TABLE_BYTES,
    accumulate: (source, sourceStride, count, blocks, target, targetStride, coefficients) => {
      const { bytes } = kernel;
      for (let index = 0; index < count; index++) {
        const from = source + index * sourceStride;
        for (let row = 0; row < TARGETS; row++) {
          const table = bytes[coefficients + index * TARGETS + row] * 32;
          const to = target + row * targetStride;
          for (let at = 0; at < blocks * BLOCK_BYTES; at++) {
            const byte = bytes[from + at];
            bytes[to + at] ^= bytes[table + (byte & 15)] ^ bytes[table + 16 + (byte >> 4)];
          }
        }
      }
    },
    reserve: (end) => {
      if (end <= kernel.bytes.length) return;
      const grown = new Uint8Array(Math.ceil(end / PAGE_BYTES) * PAGE_BYTES);
      grown.set(kernel.bytes);
      kernel.bytes = grown;
    },
  };
  writeTables(kernel.bytes);
  return kernel;
}

let shared: Kernel | undefined;

/** The kernel of this process, made at first use: an ONT that never repairs never pays for it. */
export function sharedKernel(): Kernel {
  shared ??= simdKernel() ?? plainKernel();
  return shared;
}
