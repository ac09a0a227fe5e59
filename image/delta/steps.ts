/** A step function of places: how far what was somewhere has moved. Steps are many, and asked for each branch, so that they are found by buckets. */
import type { Moves } from "./types.ts";

const BUCKETS = 4096;

/** Looks steps up; holds 16 KiB beside them. */
export class StepTable {
  readonly #starts: Int32Array;
  readonly #shifts: Int32Array;
  readonly #from: number;
  readonly #to: number;
  readonly #bucketBits: number;
  /** Steps that start before a bucket, one more than there are buckets. */
  readonly #before = new Uint32Array(BUCKETS + 1);

  constructor({ starts, shifts }: Moves) {
    this.#starts = starts;
    this.#shifts = shifts;
    const last = starts.length - 1;
    // A table without steps has no place behind its first.
    this.#from = last < 0 ? Infinity : starts[0];
    this.#to = last < 0 ? Infinity : starts[last];
    const span = last < 0 ? 0 : this.#to - this.#from;
    this.#bucketBits = Math.max(0, Math.ceil(Math.log2((span + 1) / BUCKETS)));
    let step = 0;
    for (let bucket = 0; bucket <= BUCKETS; bucket++) {
      const start = this.#from + bucket * 2 ** this.#bucketBits;
      while (step <= last && starts[step] < start) step++;
      this.#before[bucket] = step;
    }
  }

  /** @returns by how much what was at `at` has moved; `otherwise` before the first step */
  shiftAt(at: number, otherwise: number): number {
    const starts = this.#starts;
    if (!(at >= this.#from)) return otherwise;
    if (at >= this.#to) return this.#shifts[starts.length - 1];
    const bucket = (at - this.#from) >>> this.#bucketBits;
    let low = this.#before[bucket];
    let high = this.#before[bucket + 1];
    while (low < high) {
      const middle = (low + high) >>> 1;
      if (starts[middle] <= at) low = middle + 1;
      else high = middle;
    }
    return this.#shifts[low - 1];
  }
}
