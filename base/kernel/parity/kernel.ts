/** Memory and inner loop of the parity code: what parity.wat holds, made ready; and the same in plain JavaScript. */
import { multiply } from "./field.ts";
import { instantiate, type KernelExports } from "../instantiate.ts";
import { PARITY } from "../modules.ts";

/** Bytes of one step. */
export const BLOCK_BYTES = 16;
/** Targets that one pass over the sources serves at most; so far are one source's coefficients from the next's. */
export const TARGETS = 4;
const PAGE_BYTES = 65_536;
const TABLE_BYTES = 256 * 32;
const TABLE_WORDS = 32 / Uint32Array.BYTES_PER_ELEMENT;
const COEFFICIENT_BYTES = 256 * TARGETS;

/**
 * For each of `count` sources and each of the targets: target ^= coefficient × source, over `blocks` × 16 bytes. All
 * are addresses; `coefficients` points at four bytes for each source, however many targets there are.
 */
export type Accumulate = (
  source: number,
  sourceStride: number,
  count: number,
  blocks: number,
  target: number,
  targetStride: number,
  coefficients: number,
) => void;

interface ParityExports extends KernelExports {
  readonly accumulate1: Accumulate;
  readonly accumulate2: Accumulate;
  readonly accumulate4: Accumulate;
}

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
  /** The inner loop for one, two or four targets; see parity.wat. */
  readonly accumulate: Readonly<Record<1 | 2 | 4, Accumulate>>;
  /** Makes sure that the memory reaches up to an address. */
  reserve(end: number): void;
}

/** Least number of targets, of those there is a loop for, that serves as many as are wanted. */
export const targetsFor = (wanted: number): 1 | 2 | 4 => (wanted <= 1 ? 1 : wanted === 2 ? 2 : 4);

/**
 * Product tables of all constants: 16 entries for the low half of a byte, 16 for the high half. The table of a sum is
 * the sum of the tables, so that only those of the eight powers of two are made by multiplication.
 */
function writeTables(memory: Uint8Array): void {
  const words = new Uint32Array(memory.buffer, 0, TABLE_BYTES / Uint32Array.BYTES_PER_ELEMENT);
  for (let factor = 1; factor < 256; factor <<= 1) {
    for (let half = 0; half < 16; half++) {
      memory[factor * 32 + half] = multiply(factor, half);
      memory[factor * 32 + 16 + half] = multiply(factor, half << 4);
    }
  }
  for (let factor = 1; factor < 256; factor++) {
    const rest = factor & (factor - 1);
    if (rest === 0) continue;
    const bit = factor - rest;
    for (let word = 0; word < TABLE_WORDS; word++) {
      words[factor * TABLE_WORDS + word] = words[rest * TABLE_WORDS + word] ^ words[bit * TABLE_WORDS + word];
    }
  }
}

function simdKernel(): Kernel | undefined {
  const exports = instantiate<ParityExports>(PARITY);
  if (!exports) return undefined;
  const { memory, accumulate1, accumulate2, accumulate4 } = exports;
  const kernel: Kernel = {
    kind: "simd",
    bytes: new Uint8Array(memory.buffer),
    free: TABLE_BYTES + COEFFICIENT_BYTES,
    coefficients: TABLE_BYTES,
    accumulate: { 1: accumulate1, 2: accumulate2, 4: accumulate4 },
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
  const accumulate =
    (targets: number): Accumulate =>
    (source, sourceStride, count, blocks, target, targetStride, coefficients) => {
      const { bytes } = kernel;
      for (let index = 0; index < count; index++) {
        for (let row = 0; row < targets; row++) {
          const table = bytes[coefficients + index * TARGETS + row] * 32;
          addProduct(bytes, table, source + index * sourceStride, target + row * targetStride, blocks * BLOCK_BYTES);
        }
      }
    };
  const kernel: Kernel = {
    kind: "plain",
    bytes: new Uint8Array(PAGE_BYTES),
    free: TABLE_BYTES + COEFFICIENT_BYTES,
    coefficients: TABLE_BYTES,
    accumulate: { 1: accumulate(1), 2: accumulate(2), 4: accumulate(4) },
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

/** Products of the bytes from `from` on, added to those from `to` on. */
function addProduct(bytes: Uint8Array, table: number, from: number, to: number, count: number): void {
  for (let at = 0; at < count; at++) {
    const byte = bytes[from + at];
    bytes[to + at] ^= bytes[table + (byte & 15)] ^ bytes[table + 16 + (byte >> 4)];
  }
}

let shared: Kernel | undefined;

/** The kernel of this process, made at first use: an ONT that never repairs never pays for it. */
export function sharedKernel(): Kernel {
  shared ??= simdKernel() ?? plainKernel();
  return shared;
}
