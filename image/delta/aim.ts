/**
 * Aims anew what points to other places in octets of the base, so that what was only moved differs in nothing. Maker and rebuilder do the same, by
 * octets and places of the base alone: what looks like a pointer and is none is taken for the same thing by both.
 */
import { differingPlain } from "./differing.ts";
import { type AimKernel, fitsKernel, type KernelTables, nextTablesId } from "./kernel/aim-kernel.ts";
import { aimKernel } from "./kernel/shared.ts";
import { StepTable } from "./steps.ts";
import type { AimTables, Instructions, Moves } from "./types.ts";
import { WORD_BYTES, bigWordAt, setBigWord, setWord, wordAt } from "./words.ts";

/** Pages of the base hold one kind of pointers each. */
export const PAGE_BITS = 12;
export const PAGE_BYTES = 2 ** PAGE_BITS;

/** What a page of the base holds; the numbers stand in deltas. */
export const PageKind = {
  nothing: 0,
  /** Code: branches. */
  branches: 1,
  /** Data: words that say where something is. */
  words: 2,
  /** Data: words that say how far it is from them. */
  distances: 3,
  /** Code with branches, and operands or words that say where something is. */
  branchesAndWords: 4,
} as const;
export const PAGE_KINDS = 5;

/** Octets of the base, and where they come to stand. */
interface Taken {
  bytes: Uint8Array;
  /** Place in the base of what would be the first of `bytes`. */
  origin: number;
  /** How far the octets themselves have moved. */
  shift: number;
}

/** Tables while kinds are tried: distances may go by steps of their own. */
export interface TriedTables extends AimTables {
  readonly distances?: Moves;
}

/** By WebAssembly, or where there is none by what follows, which does the same. */
export class Aimer {
  readonly #instructions: Instructions;
  readonly #kernel: AimKernel | null;
  readonly #tables: KernelTables;
  readonly #kinds: Uint8Array | undefined;
  readonly #moves: StepTable;
  readonly #distances: StepTable;
  readonly #words: StepTable;
  readonly #wordAt: typeof wordAt;
  readonly #setWord: typeof setWord;

  constructor(instructions: Instructions, { moves, words, kinds, distances }: TriedTables, kernel = aimKernel()) {
    this.#instructions = instructions;
    this.#kinds = kinds;
    this.#moves = new StepTable(moves);
    this.#words = new StepTable(words);
    this.#distances = distances ? new StepTable(distances) : this.#moves;
    this.#tables = {
      id: nextTablesId(),
      filter: instructions.number,
      moves: this.#moves,
      words: this.#words,
      distances: this.#distances,
      kinds,
    };
    this.#kernel = fitsKernel(this.#tables) ? kernel : null;
    this.#wordAt = instructions.bigEndian ? bigWordAt : wordAt;
    this.#setWord = instructions.bigEndian ? setBigWord : setWord;
  }

  /**
   * @param bytes as they are in the base from `baseAt` on, `length` octets from `at` on; changed in place
   * @param shift how far these octets themselves have moved
   */
  aim(bytes: Uint8Array, at: number, length: number, baseAt: number, shift: number): void {
    const kinds = this.#kinds;
    if (kinds === undefined) {
      this.aimAs(PageKind.branches, bytes, at, length, baseAt, shift);
      return;
    }
    if (this.#kernel) {
      this.#kernel.aim(this.#tables, undefined, bytes, at, length, baseAt, shift);
      return;
    }
    const taken = { bytes, origin: baseAt - at, shift };
    const end = at + length;
    let from = at;
    for (let page = baseAt >>> PAGE_BITS, pageEnd = 0; pageEnd < end;) {
      const kind = kinds[page];
      do pageEnd = Math.min(end, ++page * PAGE_BYTES - taken.origin);
      while (pageEnd < end && kinds[page] === kind);
      from = this.#aimPages(kind, taken, from, pageEnd, end);
    }
  }

  /** The same with all pages of one kind. */
  aimAs(kind: number, bytes: Uint8Array, at: number, length: number, baseAt: number, shift: number): void {
    if (this.#kernel) this.#kernel.aim(this.#tables, kind, bytes, at, length, baseAt, shift);
    else this.#aimPages(kind, { bytes, origin: baseAt - at, shift }, at, at + length, at + length);
  }

  /** @returns octets of a piece of the base, at most a page, that differ from what the target has for it when it is aimed: all of it as one kind, or each page as the tables say */
  wrong(kind: number | undefined, from: Uint8Array, to: Uint8Array, baseAt: number, shift: number): number {
    if (this.#kernel) return this.#kernel.wrong(this.#tables, kind, from, to, baseAt, shift);
    const taken = from.slice();
    if (kind === undefined) this.aim(taken, 0, taken.length, baseAt, shift);
    else this.aimAs(kind, taken, 0, taken.length, baseAt, shift);
    return differingPlain(taken, to);
  }

  /** @returns where the next pages go on: what begins before their first octet is not looked at again */
  #aimPages(kind: number, taken: Taken, from: number, to: number, end: number): number {
    switch (kind) {
      case PageKind.branches:
        return this.#aimBranches(taken, from, to, end);
      case PageKind.words:
        return this.#aimWords(taken, from, to, end);
      case PageKind.distances:
        return this.#aimDistances(taken, from, to, end);
      case PageKind.branchesAndWords:
        return this.#aimBoth(taken, from, to, end);
      default:
        return Math.max(from, to);
    }
  }

  #aimBranches({ bytes, origin, shift }: Taken, from: number, to: number, end: number): number {
    const instructions = this.#instructions;
    const { stepBytes, widthBytes } = instructions;
    const stop = Math.min(to, end - widthBytes + 1);
    let i = instructions.nextBranch(bytes, from + (-(origin + from) & (stepBytes - 1)), stop);
    while (i < stop) {
      const branchBytes = instructions.branchAt(bytes, i);
      this.#aimBranch(bytes, i, origin + i, shift);
      i = instructions.nextBranch(bytes, i + branchBytes, stop);
    }
    return Math.max(i, to);
  }

  #aimBranch(bytes: Uint8Array, at: number, baseAt: number, shift: number): void {
    const { absolute } = this.#instructions;
    const operand = this.#instructions.operandOf(bytes, at);
    const goesTo = absolute ? operand : (operand + baseAt) | 0;
    const own = absolute ? 0 : shift;
    const by = this.#moves.shiftAt(goesTo, own) - own;
    if (by !== 0) this.#instructions.setOperand(bytes, at, operand + by);
  }

  #aimWords({ bytes, origin }: Taken, from: number, to: number, end: number): number {
    const stop = Math.min(to, end - WORD_BYTES + 1);
    let i = from + (-(origin + from) & (WORD_BYTES - 1));
    this.#words.moveWords(bytes, i, stop, this.#instructions.bigEndian);
    return behindWords(i, stop, to);
  }

  /** @returns whether it was changed */
  #aimWord(bytes: Uint8Array, at: number): boolean {
    const word = this.#wordAt(bytes, at);
    const by = this.#words.shiftAt(word, 0);
    if (by === 0) return false;
    this.#setWord(bytes, at, word + by);
    return true;
  }

  #aimDistances({ bytes, origin, shift }: Taken, from: number, to: number, end: number): number {
    const stop = Math.min(to, end - WORD_BYTES + 1);
    let i = from + (-(origin + from) & (WORD_BYTES - 1));
    this.#distances.moveDistances(bytes, i, stop, this.#instructions.bigEndian, origin, shift);
    return behindWords(i, stop, to);
  }

  #aimBoth(taken: Taken, from: number, to: number, end: number): number {
    const instructions = this.#instructions;
    if (instructions.wordIn !== undefined || instructions.stepBytes !== WORD_BYTES)
      return this.#aimEach(taken, from, to, end);
    // Between two branches all is words.
    const { bytes, origin, shift } = taken;
    const { bigEndian } = instructions;
    const stop = Math.min(to, end - WORD_BYTES + 1);
    let i = from + (-(origin + from) & (WORD_BYTES - 1));
    while (i < stop) {
      const branch = instructions.nextBranch(bytes, i, stop);
      this.#words.moveWords(bytes, i, Math.min(branch, stop), bigEndian);
      if (branch >= stop) return Math.max(branch, to);
      this.#aimBranch(bytes, branch, origin + branch, shift);
      i = branch + WORD_BYTES;
    }
    return Math.max(i, to);
  }

  /** What begins at each place that may: a branch, or else a word. */
  #aimEach({ bytes, origin, shift }: Taken, from: number, to: number, end: number): number {
    const instructions = this.#instructions;
    const { stepBytes, widthBytes } = instructions;
    const stop = Math.min(to, end - widthBytes + 1);
    let i = from + (-(origin + from) & (stepBytes - 1));
    while (i < stop) {
      const branchBytes = instructions.branchAt(bytes, i);
      if (branchBytes !== 0) {
        this.#aimBranch(bytes, i, origin + i, shift);
        i += branchBytes;
        continue;
      }
      const before = wordWithin(instructions, bytes, i, origin + i);
      i += before >= 0 && this.#aimWord(bytes, i + before) ? before + WORD_BYTES : stepBytes;
    }
    return Math.max(i, to);
  }
}

/** Where what comes behind words goes on. */
const behindWords = (from: number, stop: number, to: number): number =>
  Math.max(to, from < stop ? from + Math.ceil((stop - from) / WORD_BYTES) * WORD_BYTES : from);

/** @returns octets in front of a word in code that says where something is; -1: what begins here has none */
export function wordWithin(instructions: Instructions, bytes: Uint8Array, at: number, baseAt: number): number {
  if (instructions.wordIn === undefined) return baseAt % WORD_BYTES === 0 ? 0 : -1;
  return instructions.wordIn(bytes, at) || -1;
}
