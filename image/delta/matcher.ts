/**
 * What of the target is like what of the base: bsdiff's scan (C. Percival, "Naive differences of executable code", 2003). An alignment is kept while it
 * is right for more octets than any other would be; its ends are where it is right for more than half of them.
 */
import { type BaseIndex } from "./base-index.ts";

/** How many octets more than the alignment at hand another has to be right for, as in bsdiff. */
const BETTER_BY = 8;
/** As far as this the alignment at hand is asked first: where it is wrong for so few octets, none is better. */
const LOOK_BYTES = 64;
/** Numbers of an op: where in the target, where in the base, octets that are alike. What is between ops is new. */
export const OP_NUMBERS = 3;

/** Finds the ops of `target` from `from` to `to`, in order, and writes them behind `ops`. */
export function matchRange(
  index: BaseIndex,
  base: Uint8Array,
  target: Uint8Array,
  from: number,
  to: number,
  ops: number[],
): void {
  let at = from;
  let opAt = from;
  let shift = 0;
  let hasShift = false;
  while (at < to) {
    if (hasShift) {
      const most = Math.min(to, base.length - shift);
      while (at < most && base[at + shift] === target[at]) at++;
      if (at >= to) break;
      if (at + LOOK_BYTES < most && isGood(base, target, at, shift)) {
        at++;
        continue;
      }
    }
    const length = index.find(target, at, to, at + shift);
    if (length <= BETTER_BY || (hasShift && length <= rightOctets(base, target, at, length, shift) + BETTER_BY)) {
      at++;
      continue;
    }
    const nextShift = index.foundAt - at;
    if (hasShift && nextShift === shift) {
      at += length;
      continue;
    }
    const forward = hasShift ? extendForward(base, target, opAt, at, shift) : 0;
    const backward = extendBackward(base, target, opAt, at, nextShift);
    const cut = splitOverlap(base, target, opAt + forward, at - backward, shift, nextShift);
    const opEnd = Math.min(opAt + forward, cut);
    if (opEnd > opAt) ops.push(opAt, opAt + shift, opEnd - opAt);
    opAt = Math.max(at - backward, cut);
    shift = nextShift;
    hasShift = true;
    at += length;
  }
  if (!hasShift) return;
  const forward = extendForward(base, target, opAt, to, shift);
  if (forward > 0) ops.push(opAt, opAt + shift, forward);
}

function isGood(base: Uint8Array, target: Uint8Array, at: number, shift: number): boolean {
  let wrong = 0;
  for (let i = at; i < at + LOOK_BYTES; i++) if (base[i + shift] !== target[i] && ++wrong > BETTER_BY) return false;
  return true;
}

function rightOctets(base: Uint8Array, target: Uint8Array, at: number, length: number, shift: number): number {
  let right = 0;
  const end = Math.min(at + length, base.length - shift);
  for (let i = Math.max(at, -shift); i < end; i++) if (base[i + shift] === target[i]) right++;
  return right;
}

/** @returns octets from `from` on for which twice those that are right, less all, is most */
function extendForward(base: Uint8Array, target: Uint8Array, from: number, to: number, shift: number): number {
  const end = Math.min(to, base.length - shift);
  let score = 0;
  let best = 0;
  let bestLength = 0;
  for (let i = from; i < end; i++) {
    score += base[i + shift] === target[i] ? 1 : -1;
    if (score > best) {
      best = score;
      bestLength = i + 1 - from;
    }
  }
  return bestLength;
}

function extendBackward(base: Uint8Array, target: Uint8Array, from: number, to: number, shift: number): number {
  const start = Math.max(from, -shift);
  let score = 0;
  let best = 0;
  let bestLength = 0;
  for (let i = to - 1; i >= start; i--) {
    score += base[i + shift] === target[i] ? 1 : -1;
    if (score > best) {
      best = score;
      bestLength = to - i;
    }
  }
  return bestLength;
}

/** Where two alignments cover the same octets, the cut at which most are right; else where the first one ends. */
function splitOverlap(
  base: Uint8Array,
  target: Uint8Array,
  firstEnd: number,
  secondAt: number,
  shift: number,
  nextShift: number,
): number {
  let score = 0;
  let best = 0;
  let cut = Math.max(firstEnd, secondAt);
  if (secondAt >= firstEnd) return cut === secondAt ? secondAt : cut;
  cut = secondAt;
  for (let i = secondAt; i < firstEnd; i++) {
    if (base[i + shift] === target[i]) score++;
    if (base[i + nextShift] === target[i]) score--;
    if (score > best) {
      best = score;
      cut = i + 1;
    }
  }
  return cut;
}
