/**
 * Whose instructions images hold: those whose branches, aimed anew, make most octets right. Looked for where the images differ, and region by
 * region, as an image may hold code of several kinds, and pages are aimed only where that pays.
 *
 * Of long images not a part of the code is looked at but a part of the places that code goes to: how far these have moved is told by all that go
 * there, so that a few pieces of code would tell nothing of it where places move each by its own distance, and much where all move by the same.
 */
import { Aimer, PAGE_BYTES } from "./aim.ts";
import { instructionsOf } from "./instructions.ts";
import { differing } from "./differing.ts";
import { eachPiece, fitAim, type Pair } from "./kinds.ts";
import { Sightings, STEP_COST } from "./moves.ts";
import { StepTable } from "./steps.ts";
import type { AimTables, DeltaFilter, Instructions } from "./types.ts";
import { WORD_BYTES, bigWordAt, wordAt } from "./words.ts";

/** Of two that are nearly as good the later one is taken: x64 knows all that x86 does, and operands beside that are not counted here. */
const NEARLY = 0.97;
const FILTERS: readonly Exclude<DeltaFilter, "none">[] = ["arm", "armThumb", "arm64", "mips", "mipsLe", "x86", "x64"];
/** Where pages that differ have more octets, one of so many windows of places is looked at that about as much is left. */
const LOOKED_AT_BYTES = 4 * 1024 * 1024;
/** Short ones, as many go to few places. */
const WINDOW_BITS = 6;
const REGION_BITS = 16;
const PIECE_NUMBERS = 3;
const SLOT_BITS = 16;
/** Fewer octets that are right by a filter may be so by chance. */
const GAIN_MIN = 128;

/**
 * The same for the same pair.
 *
 * @param lookedAtBytes about as much of what differs is looked at
 * @returns the filter that pays most; `none` where none does
 */
export const likeliestFilter = (pair: Pair, lookedAtBytes?: number): DeltaFilter =>
  likeliestAim(pair, lookedAtBytes).filter;

/** The same, with what is aimed where that had to be tried out. */
export function likeliestAim(
  pair: Pair,
  lookedAtBytes = LOOKED_AT_BYTES,
): { filter: DeltaFilter; aim?: AimTables | undefined } {
  const pieces = differingPieces(pair);
  const bytes = (pieces.length / PIECE_NUMBERS) * PAGE_BYTES;
  const windows = Math.max(1, Math.ceil(bytes / lookedAtBytes));
  const gains = FILTERS.map((filter) => branchGain(instructionsOf(filter)!, pair, pieces, windows));
  const most = Math.max(...gains);
  if (most >= GAIN_MIN) return { filter: FILTERS[gains.findLastIndex((gain) => gain >= NEARLY * most)] };
  // No branches: tables may pay all the same, which a filter aims whose words have their octets in the same order.
  const orders = isBigEndian(pair, pieces) ? (["mips", "mipsLe"] as const) : (["mipsLe", "mips"] as const);
  for (const filter of orders) {
    const instructions = instructionsOf(filter)!;
    const aim = fitAim(instructions, pair);
    if (tablesGain(instructions, pair, pieces, aim) >= GAIN_MIN) return { filter, aim };
  }
  return { filter: "none" };
}

/** Which order of octets words have: that in which more words that differ do so by the same, as carries part what is the same in the other one. */
function isBigEndian(pair: Pair, pieces: Int32Array): boolean {
  const [little, big] = [wordAt, bigWordAt].map((read) => likeness(pair, pieces, read));
  return big > little;
}

/** @returns how many pairs of words there are that differ by the same, as far as a table without collisions handled can tell */
function likeness({ base, target }: Pair, pieces: Int32Array, read: typeof wordAt): number {
  const seen = new Uint32Array(2 ** SLOT_BITS);
  for (let piece = 0; piece < pieces.length; piece += PIECE_NUMBERS) {
    const baseAt = pieces[piece];
    const toTarget = pieces[piece + 2] - baseAt;
    const stop = baseAt + pieces[piece + 1] - WORD_BYTES + 1;
    for (let at = baseAt + (-baseAt & (WORD_BYTES - 1)); at < stop; at += WORD_BYTES) {
      const moved = read(target, at + toTarget) - read(base, at);
      if (moved !== 0) seen[Math.imul(moved, 0x9e3779b1) >>> (32 - SLOT_BITS)]++;
    }
  }
  return seen.reduce((sum, count) => sum + count * count, 0);
}

/** What of ops lies in one page and differs: where in the base, octets, where in the target. */
function differingPieces({ base, target, ops }: Pair): Int32Array {
  const pieces: number[] = [];
  const [from, to] = [base, target].map((image) => Buffer.from(image.buffer, image.byteOffset, image.length));
  eachPiece(ops, (baseAt, length, targetAt) => {
    if (from.compare(to, targetAt, targetAt + length, baseAt, baseAt + length) !== 0)
      pieces.push(baseAt, length, targetAt);
  });
  return Int32Array.from(pieces);
}

/** @returns octets that branches make right, less what their steps cost */
function branchGain(instructions: Instructions, pair: Pair, pieces: Int32Array, windows: number): number {
  const { places, shifts, owns, operands, regions } = branchesIn(instructions, pair, pieces, windows);
  const seen = new Sightings();
  for (let i = 0; i < places.length; i++) seen.add(places[i], shifts[i]);
  const moves = seen.fit();
  const table = new StepTable(moves);
  const gains = new Float64Array((pair.base.length >>> REGION_BITS) + 1);
  for (let i = 0; i < places.length; i++) {
    const wanted = operands[i] + shifts[i] - owns[i];
    const aimed = operands[i] + table.shiftAt(places[i], owns[i]) - owns[i];
    gains[regions[i]] += octetsOf(operands[i] ^ wanted) - octetsOf(aimed ^ wanted);
  }
  return gains.reduce((sum, gain) => sum + Math.max(0, gain), 0) - moves.starts.length * STEP_COST;
}

/** @returns octets that all that is aimed makes right, less what its steps cost */
function tablesGain(instructions: Instructions, { base, target }: Pair, pieces: Int32Array, aim: AimTables): number {
  const aimer = new Aimer(instructions, aim);
  let gain = -(aim.moves.starts.length + aim.words.starts.length) * STEP_COST;
  for (let piece = 0; piece < pieces.length; piece += PIECE_NUMBERS) {
    const [baseAt, length, targetAt] = pieces.subarray(piece, piece + PIECE_NUMBERS);
    const [from, to] = [base.subarray(baseAt, baseAt + length), target.subarray(targetAt, targetAt + length)];
    gain += differing(from, to) - aimer.wrong(undefined, from, to, baseAt, targetAt - baseAt);
  }
  return gain;
}

/** Of each branch that stands in both images: where it goes, how far that has moved, how far it has itself, its operand, the region that it stands in. */
class Branches {
  readonly places: number[] = [];
  readonly shifts: number[] = [];
  readonly owns: number[] = [];
  readonly operands: number[] = [];
  readonly regions: number[] = [];

  add(place: number, shift: number, own: number, operand: number, at: number): void {
    this.places.push(place);
    this.shifts.push(shift | 0);
    this.owns.push(own);
    this.operands.push(operand);
    this.regions.push(at >>> REGION_BITS);
  }
}

const isLookedAt = (place: number, windows: number): boolean => (place >>> WINDOW_BITS) % windows === 0;

function branchesIn(instructions: Instructions, { base, target }: Pair, pieces: Int32Array, windows: number): Branches {
  const { stepBytes, widthBytes, absolute } = instructions;
  const found = new Branches();
  for (let piece = 0; piece < pieces.length; piece += PIECE_NUMBERS) {
    const baseAt = pieces[piece];
    const toTarget = pieces[piece + 2] - baseAt;
    const stop = baseAt + pieces[piece + 1] - widthBytes + 1;
    const own = absolute ? 0 : toTarget;
    let at = instructions.nextBranch(base, baseAt + (-baseAt & (stepBytes - 1)), stop);
    while (at < stop) {
      const branchBytes = instructions.branchAt(base, at);
      const operand = instructions.operandOf(base, at);
      const place = absolute ? operand : (operand + at) | 0;
      if (isLookedAt(place, windows) && instructions.branchAt(target, at + toTarget) === branchBytes)
        found.add(place, instructions.operandOf(target, at + toTarget) - operand + own, own, operand, at);
      at = instructions.nextBranch(base, at + branchBytes, stop);
    }
  }
  return found;
}

/** Octets of a word that are not 0. */
const octetsOf = (word: number): number =>
  ((word & 0xff) !== 0 ? 1 : 0) +
  ((word & 0xff00) !== 0 ? 1 : 0) +
  ((word & 0xff0000) !== 0 ? 1 : 0) +
  (word >>> 24 !== 0 ? 1 : 0);
