/** All ops from base to target: pieces of the target that are looked at each for itself. */
import { BaseIndex, indexBase } from "./base-index.ts";
import { matchRange } from "./matcher.ts";

/** A piece begins without an alignment, so that it is the same whoever looks at it. */
export const PIECE_BYTES = 4 * 1024 * 1024;

/** @returns `OP_NUMBERS` for each op, in order of the target */
export function findOps(base: Uint8Array, target: Uint8Array, onPiece: (doneBytes: number) => void): Int32Array {
  const index = new BaseIndex(base, indexBase(base));
  const ops: number[] = [];
  for (let from = 0; from < target.length; from += PIECE_BYTES) {
    matchRange(index, base, target, from, Math.min(from + PIECE_BYTES, target.length), ops);
    onPiece(Math.min(from + PIECE_BYTES, target.length));
  }
  return Int32Array.from(ops);
}
