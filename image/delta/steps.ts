/** A step function of places: how far what was somewhere has moved. Steps are many, and asked for each branch, so that they are found by buckets. */
import type { Moves } from "./types.ts";
import { WORD_BYTES } from "./words.ts";

const BUCKETS = 4096;

/** Looks steps up; holds 16 KiB beside them. */
export class StepTable {
  readonly starts: Int32Array;
  readonly shifts: Int32Array;
  readonly #from: number;
  readonly #to: number;
  readonly bucketBits: number;
  /** Steps that start before a bucket, one more than there are buckets. */
  readonly before = new Uint32Array(BUCKETS + 1);

  constructor({ starts, shifts }: Moves) {
    this.starts = starts;
    this.shifts = shifts;
    const last = starts.length - 1;
    // A table without steps has no place behind its first.
    this.#from = last < 0 ? Infinity : starts[0];
    this.#to = last < 0 ? Infinity : starts[last];
    const span = last < 0 ? 0 : this.#to - this.#from;
    this.bucketBits = Math.max(0, Math.ceil(Math.log2((span + 1) / BUCKETS)));
    let step = 0;
    for (let bucket = 0; bucket <= BUCKETS; bucket++) {
      const start = this.#from + bucket * 2 ** this.bucketBits;
      while (step <= last && starts[step] < start) step++;
      this.before[bucket] = step;
    }
  }

  /** @returns by how much what was at `at` has moved; `otherwise` before the first step */
  shiftAt(at: number, otherwise: number): number {
    const step = this.#stepAt(at);
    return step < 0 ? otherwise : this.shifts[step];
  }

  /**
   * Moves words that say where something was, those that begin at `from` and every fourth octet behind it before `stop`. Before the
   * first step nothing has moved.
   */
  moveWords(bytes: Uint8Array, from: number, stop: number, isBigEndian: boolean): void {
    // One loop, with the order of octets as numbers: it is most of what a device does that applies a delta, and has to be fast at once.
    const [lowest, low, high, highest] = isBigEndian ? [3, 2, 1, 0] : [0, 1, 2, 3];
    for (let at = from; at < stop; at += WORD_BYTES) {
      const word = bytes[at + lowest] | (bytes[at + low] << 8) | (bytes[at + high] << 16) | (bytes[at + highest] << 24);
      if (!(word >= this.#from)) continue;
      const moved = (word + this.shifts[this.#stepAt(word)]) | 0;
      bytes[at + lowest] = moved;
      bytes[at + low] = moved >>> 8;
      bytes[at + high] = moved >>> 16;
      bytes[at + highest] = moved >>> 24;
    }
  }

  /** Moves words that say how far something is from where they stand, which has moved by `own` itself. @param origin place of what would be the first of `bytes` */
  moveDistances(
    bytes: Uint8Array,
    from: number,
    stop: number,
    isBigEndian: boolean,
    origin: number,
    own: number,
  ): void {
    const [lowest, low, high, highest] = isBigEndian ? [3, 2, 1, 0] : [0, 1, 2, 3];
    for (let at = from; at < stop; at += WORD_BYTES) {
      const word = bytes[at + lowest] | (bytes[at + low] << 8) | (bytes[at + high] << 16) | (bytes[at + highest] << 24);
      const place = (word + origin + at) | 0;
      if (!(place >= this.#from)) continue;
      const moved = (word + this.shifts[this.#stepAt(place)] - own) | 0;
      bytes[at + lowest] = moved;
      bytes[at + low] = moved >>> 8;
      bytes[at + high] = moved >>> 16;
      bytes[at + highest] = moved >>> 24;
    }
  }

  /** @returns the last step that begins at a place or before it; -1: none does */
  #stepAt(at: number): number {
    if (!(at >= this.#from)) return -1;
    const starts = this.starts;
    if (at >= this.#to) return starts.length - 1;
    const bucket = (at - this.#from) >>> this.bucketBits;
    let low = this.before[bucket];
    let high = this.before[bucket + 1];
    while (low < high) {
      const middle = (low + high) >>> 1;
      if (starts[middle] <= at) low = middle + 1;
      else high = middle;
    }
    return low - 1;
  }
}
