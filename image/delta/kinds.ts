/** Which pages of the base hold which pointers, and where the words among them point: what the maker finds out by trying. */
import { Aimer, PAGE_BYTES, PAGE_KINDS, PageKind, type TriedTables, wordWithin } from "./aim.ts";
import { differing } from "./differing.ts";
import { OP_NUMBERS } from "./matcher.ts";
import { NO_MOVES, Sightings, seeBranches } from "./moves.ts";
import type { AimTables, Instructions, Moves } from "./types.ts";
import { WORD_BYTES, bigWordAt, wordAt } from "./words.ts";

/** Octets of a page that have to differ before words are looked for in it. */
const DIFFERING_MIN = 16;
/** From this share of what differs that branches explain, a page is code. */
const CODE_SHARE = 0.25;
/** What a change of kind costs in a delta, and a wrong octet, each in octets. */
const CHANGE_COST = 3;
const WRONG_COST = 0.6;
/** For a page that does not differ: what it may cost to have another kind than nothing. Not looked at, as most pages are such. */
const EQUAL_COST = 6;
/** So that of kinds that are as good the one is taken that takes less time. */
const TIME_COST = 0.01;

export interface Pair {
  base: Uint8Array;
  target: Uint8Array;
  ops: Int32Array;
}

/** A piece of an op within one page of the base. */
type Piece = (baseAt: number, length: number, targetAt: number) => void;

export function eachPiece(ops: Int32Array, piece: Piece): void {
  for (let op = 0; op < ops.length; op += OP_NUMBERS) {
    const shift = ops[op] - ops[op + 1];
    const end = ops[op + 1] + ops[op + 2];
    for (let at = ops[op + 1]; at < end;) {
      const to = Math.min(end, (Math.floor(at / PAGE_BYTES) + 1) * PAGE_BYTES);
      piece(at, to - at, at + shift);
      at = to;
    }
  }
}

/** A piece in both images. */
const takenOf = ({ base, target }: Pair, baseAt: number, length: number, targetAt: number) => ({
  from: base.subarray(baseAt, baseAt + length),
  to: target.subarray(targetAt, targetAt + length),
});

const pagesOf = ({ base }: Pair): number => Math.ceil(base.length / PAGE_BYTES);

/** All that is aimed with one architecture's instructions. */
export function fitAim(instructions: Instructions, pair: Pair): AimTables {
  const seen = seeBranches(instructions, pair.base, pair.target, pair.ops);
  const moves = seen.fit();
  const guessed = guessedKinds(instructions, pair, moves);
  seen.wordsFollow();
  const distances = new Sightings();
  distances.wordsFollow();
  seeDistances(instructions, pair, (page) => guessed[page] === PageKind.words, distances);
  const words = fitWords(instructions, pair, guessed);
  const tried = { moves, words, distances: distances.fit(), kinds: undefined };
  const kinds = chooseKinds(instructions, pair, tried);
  // Once more with the pages that are left, so that no step serves a page that goes without, and distances have no table of their own.
  const seenMore = seeDistances(instructions, pair, (page) => kinds[page] === PageKind.distances, seen);
  return {
    moves: seenMore ? seen.fit() : moves,
    words: fitWords(instructions, pair, kinds),
    kinds,
  };
}

/** Code where branches explain much, else words, where anything differs. */
function guessedKinds(instructions: Instructions, pair: Pair, moves: Moves): Uint8Array {
  const kinds = new Uint8Array(pagesOf(pair));
  const aimer = new Aimer(instructions, { moves, words: NO_MOVES, kinds: undefined });
  eachPiece(pair.ops, (baseAt, length, targetAt) => {
    const { from, to } = takenOf(pair, baseAt, length, targetAt);
    const before = differing(from, to);
    if (before < DIFFERING_MIN) return;
    const after = aimer.wrong(PageKind.branches, from, to, baseAt, targetAt - baseAt);
    const isCode = before - after >= CODE_SHARE * before;
    kinds[Math.floor(baseAt / PAGE_BYTES)] = isCode ? PageKind.branchesAndWords : PageKind.words;
  });
  return kinds;
}

/** Fits moves to the words of pages that hold some. */
function fitWords(instructions: Instructions, { base, target, ops }: Pair, kinds: Uint8Array): Moves {
  const { stepBytes, widthBytes, bigEndian } = instructions;
  const read = bigEndian ? bigWordAt : wordAt;
  const seen = new Sightings();
  seen.wordsFollow();
  const see = (at: number, shift: number): boolean => {
    const word = read(base, at);
    const moved = (read(target, at + shift) - word) | 0;
    seen.add(word, moved);
    return moved !== 0;
  };
  eachPiece(ops, (baseAt, length, targetAt) => {
    const kind = kinds[Math.floor(baseAt / PAGE_BYTES)];
    const shift = targetAt - baseAt;
    const end = baseAt + length;
    if (kind === PageKind.words)
      for (let at = baseAt + (-baseAt & (WORD_BYTES - 1)); at + WORD_BYTES <= end; at += WORD_BYTES) see(at, shift);
    if (kind !== PageKind.branchesAndWords) return;
    for (let at = baseAt + (-baseAt & (stepBytes - 1)); at + widthBytes <= end;) {
      const branchBytes = instructions.branchAt(base, at);
      const before = branchBytes === 0 ? wordWithin(instructions, base, at, at) : -1;
      if (before < 0) at += branchBytes || stepBytes;
      else at += see(at + before, shift) ? before + WORD_BYTES : stepBytes;
    }
  });
  return seen.fit();
}

/** Adds words that say how far something is, in some pages. @returns whether there are any */
function seeDistances(
  { bigEndian }: Instructions,
  { base, target, ops }: Pair,
  isIn: (page: number) => boolean,
  seen: Sightings,
): boolean {
  const read = bigEndian ? bigWordAt : wordAt;
  let found = false;
  eachPiece(ops, (baseAt, length, targetAt) => {
    if (!isIn(Math.floor(baseAt / PAGE_BYTES))) return;
    const shift = targetAt - baseAt;
    found = true;
    for (let at = baseAt + (-baseAt & (WORD_BYTES - 1)); at + WORD_BYTES <= baseAt + length; at += WORD_BYTES) {
      const word = read(base, at);
      seen.add((word + at) | 0, (read(target, at + shift) - word + shift) | 0);
    }
  });
  return found;
}

/** For each page the kind with which fewest octets are wrong, changes counted in. */
function chooseKinds(instructions: Instructions, pair: Pair, tried: TriedTables): Uint8Array {
  const pages = pagesOf(pair);
  const costs = new Float64Array(pages * PAGE_KINDS);
  const aimer = new Aimer(instructions, tried);
  eachPiece(pair.ops, (baseAt, length, targetAt) => {
    const at = Math.floor(baseAt / PAGE_BYTES) * PAGE_KINDS;
    const { from, to } = takenOf(pair, baseAt, length, targetAt);
    const isEqual = differing(from, to) === 0;
    for (let kind = 0; kind < PAGE_KINDS; kind++)
      if (!isEqual) costs[at + kind] += WRONG_COST * aimer.wrong(kind, from, to, baseAt, targetAt - baseAt);
      else if (kind !== PageKind.nothing) costs[at + kind] += EQUAL_COST;
  });
  return cheapest(costs, pages);
}

/** Viterbi's way through kinds that cost something each, and something where they change. */
function cheapest(costs: Float64Array, pages: number): Uint8Array {
  const from = new Uint8Array(pages * PAGE_KINDS);
  let best = new Float64Array(PAGE_KINDS);
  for (let page = 0; page < pages; page++) {
    const least = best.indexOf(Math.min(...best));
    const next = new Float64Array(PAGE_KINDS);
    for (let kind = 0; kind < PAGE_KINDS; kind++) {
      const stays = best[kind] <= best[least] + CHANGE_COST;
      from[page * PAGE_KINDS + kind] = stays ? kind : least;
      const time = kind === PageKind.nothing ? 0 : TIME_COST;
      next[kind] = (stays ? best[kind] : best[least] + CHANGE_COST) + costs[page * PAGE_KINDS + kind] + time;
    }
    best = next;
  }
  const kinds = new Uint8Array(pages);
  let kind = best.indexOf(Math.min(...best));
  for (let page = pages - 1; page >= 0; page--) {
    kinds[page] = kind;
    kind = from[page * PAGE_KINDS + kind];
  }
  return kinds;
}
