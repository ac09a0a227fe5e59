/** Aims octets in WebAssembly: what aim.wat holds, made ready. The octets are copied in and out, and so are tables where others were used last. */
import { instantiate, type KernelExports } from "../../../base/kernel/index.ts";
import type { StepTable } from "../steps.ts";
import { AIM } from "./modules.ts";

/** A page of the base. */
export const KERNEL_PIECE_BYTES = 4096;
const WASM_PAGE_BYTES = 65_536;
/** Of a step table in memory: seven words, one more left free. */
const TABLE_BYTES = 32;
const CLASS_BYTES = 256;
/** Steps of all tables, and pages of a base, that there is room for. */
const STEPS_MAX = 98_304;
const PAGES_MAX = 65_536;
/** Sixteen octets are read at once, of which the last may be behind the end. */
const BEHIND_BYTES = 16;
/** Each page as its kind says; where no page has a kind, all hold branches. */
const BY_PAGE = -1;
const BRANCHES = 1;

interface AimExports extends KernelExports {
  readonly classes: WebAssembly.Global;
  readonly before: WebAssembly.Global;
  readonly kinds: WebAssembly.Global;
  readonly steps: WebAssembly.Global;
  readonly base: WebAssembly.Global;
  readonly target: WebAssembly.Global;
  readonly room: WebAssembly.Global;
  readonly choose: (filter: number) => void;
  readonly aim: (kind: number, bytes: number, baseAt: number, shift: number) => void;
  readonly differing: (one: number, other: number, bytes: number) => number;
  readonly wrong: (kind: number, bytes: number, baseAt: number, shift: number) => number;
}

/** What is aimed, and how. */
export interface KernelTables {
  /** From `nextTablesId`: a number keeps no tables in memory that nobody else has. */
  readonly id: number;
  /** As it stands in deltas. */
  readonly filter: number;
  readonly moves: StepTable;
  readonly words: StepTable;
  /** Where distances go: `moves`, but while it is found out. */
  readonly distances: StepTable;
  readonly kinds: Uint8Array | undefined;
}

let lastId = 0;
export const nextTablesId = (): number => ++lastId;

export const fitsKernel = ({ moves, words, distances, kinds }: KernelTables): boolean =>
  moves.starts.length + words.starts.length + (distances === moves ? 0 : distances.starts.length) <= STEPS_MAX &&
  (kinds?.length ?? 0) <= PAGES_MAX;

const allOf = ({ kinds }: KernelTables): number => (kinds === undefined ? BRANCHES : BY_PAGE);

/** One for all that a process aims; each call says by which tables. */
export class AimKernel {
  readonly #exports: AimExports;
  readonly #roomAt: number;
  #memory: Uint8Array;
  #loaded = 0;

  constructor(exports: AimExports, classes: readonly Uint8Array[]) {
    this.#exports = exports;
    this.#roomAt = exports.room.value;
    this.#memory = new Uint8Array(exports.memory.buffer);
    for (const [index, octets] of classes.entries())
      this.#memory.set(octets, exports.classes.value + index * CLASS_BYTES);
  }

  /** @param kind of all pages; undefined: each as the tables say. Others as those of `Aimer.aim` */
  aim(
    tables: KernelTables,
    kind: number | undefined,
    bytes: Uint8Array,
    at: number,
    length: number,
    baseAt: number,
    shift: number,
  ): void {
    this.#use(tables);
    this.#reach(this.#roomAt + length + BEHIND_BYTES);
    this.#memory.set(bytes.subarray(at, at + length), this.#roomAt);
    this.#exports.aim(kind ?? allOf(tables), length, baseAt, shift);
    bytes.set(this.#memory.subarray(this.#roomAt, this.#roomAt + length), at);
  }

  /** @returns octets that differ of two pieces as long, of `KERNEL_PIECE_BYTES` at most */
  differing(from: Uint8Array, to: Uint8Array): number {
    this.#put(from, to);
    return this.#exports.differing(this.#exports.base.value, this.#exports.target.value, from.length);
  }

  /** The same when the first piece, which is one of the base, is aimed before. */
  wrong(
    tables: KernelTables,
    kind: number | undefined,
    from: Uint8Array,
    to: Uint8Array,
    baseAt: number,
    shift: number,
  ): number {
    this.#use(tables);
    this.#put(from, to);
    return this.#exports.wrong(kind ?? allOf(tables), from.length, baseAt, shift);
  }

  #put(from: Uint8Array, to: Uint8Array): void {
    this.#memory.set(from, this.#exports.base.value);
    this.#memory.set(to, this.#exports.target.value);
  }

  #use(tables: KernelTables): void {
    if (this.#loaded === tables.id) return;
    const { choose, kinds, steps } = this.#exports;
    choose(tables.filter);
    const { moves, words, distances } = tables;
    let stepsAt = this.#loadSteps(0, moves, steps.value);
    stepsAt = this.#loadSteps(1, words, stepsAt);
    if (distances === moves) this.#memory.copyWithin(2 * TABLE_BYTES, 0, TABLE_BYTES);
    else this.#loadSteps(2, distances, stepsAt);
    this.#memory.fill(0, kinds.value, kinds.value + PAGES_MAX);
    if (tables.kinds) this.#memory.set(tables.kinds, kinds.value);
    this.#loaded = tables.id;
  }

  /** @returns where the next table's steps go */
  #loadSteps(index: number, { starts, shifts, before, bucketBits }: StepTable, at: number): number {
    const shiftsAt = at + starts.byteLength;
    const beforeAt = this.#exports.before.value + index * before.byteLength;
    const last = starts.length - 1;
    const [from, to] = last < 0 ? [0, 0] : [starts[0], starts[last]];
    this.#words(index * TABLE_BYTES, [from, to, bucketBits, last, at, shiftsAt, beforeAt]);
    this.#words(at, starts);
    this.#words(shiftsAt, shifts);
    this.#words(beforeAt, before);
    return shiftsAt + shifts.byteLength;
  }

  #words(at: number, words: ArrayLike<number>): void {
    new Int32Array(this.#memory.buffer, at, words.length).set(words);
  }

  #reach(bytes: number): void {
    const missing = bytes - this.#memory.length;
    if (missing <= 0) return;
    const { memory } = this.#exports;
    memory.grow(Math.ceil(missing / WASM_PAGE_BYTES));
    this.#memory = new Uint8Array(memory.buffer);
  }
}

/** @param classes what octets may begin, as aim.wat has them. @returns null where the engine has no WebAssembly SIMD */
export function createAimKernel(classes: readonly Uint8Array[]): AimKernel | null {
  const exports = instantiate<AimExports>(AIM);
  return exports ? new AimKernel(exports, classes) : null;
}
