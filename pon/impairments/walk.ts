/** The walk over the frames of a batch of which a link marked some. */
import type { Marked } from "./link.ts";

/** What is done with frames `from`…`to - 1`, to which nothing happens, and with marked frame `at`, by its place in `Marked`. */
export interface MarkedVisitor {
  pass: (from: number, to: number) => void;
  hit: (at: number, mark: number) => void;
}

/**
 * Tells of the frames `from`…`to - 1` in order, stretches of untouched ones at once; empty ones are left out.
 *
 * @param mark the first of the marks that is not before `from`. @returns the first that is not before `to`
 */
export function walkMarked(marked: Marked, mark: number, from: number, to: number, visitor: MarkedVisitor): number {
  let next = from;
  let index = mark;
  for (; index < marked.count && marked.frame[index] < to; index++) {
    const at = marked.frame[index];
    if (next < at) visitor.pass(next, at);
    visitor.hit(at, index);
    next = at + 1;
  }
  if (next < to) visitor.pass(next, to);
  return index;
}
