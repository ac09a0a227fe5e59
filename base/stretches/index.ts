/** Sets of whole numbers as few stretches: which bytes of an image somebody has. */

/** Numbers from `from` up to, and without, `to`. */
export interface Stretch {
  readonly from: number;
  readonly to: number;
}

/** Sorted, apart from each other, none empty. Mutated in place. */
export class Stretches {
  #all: Stretch[] = [];

  constructor(stretches: Iterable<Stretch> = []) {
    for (const { from, to } of stretches) this.add(from, to);
  }

  get all(): readonly Stretch[] {
    return this.#all;
  }

  get isEmpty(): boolean {
    return this.#all.length === 0;
  }

  /** How many numbers are in it. */
  get total(): number {
    let total = 0;
    for (const { from, to } of this.#all) total += to - from;
    return total;
  }

  add(from: number, to: number): void {
    if (to <= from) return;
    const last = this.#all.at(-1);
    // What comes in order, which is nearly all, makes the last one longer.
    if (last === undefined || from > last.to) {
      this.#all.push({ from, to });
      return;
    }
    if (from >= last.from) {
      if (to > last.to) this.#all[this.#all.length - 1] = { from: last.from, to };
      return;
    }
    const before = this.#all.filter((one) => one.to < from);
    const behind = this.#all.filter((one) => one.from > to);
    const touched = this.#all.slice(before.length, this.#all.length - behind.length);
    const merged = {
      from: Math.min(from, touched[0]?.from ?? from),
      to: Math.max(to, touched.at(-1)?.to ?? to),
    };
    this.#all = [...before, merged, ...behind];
  }

  /** Whether all numbers of a stretch are in it; an empty one always is. */
  covers(from: number, to: number): boolean {
    return to <= from || this.#all.some((one) => one.from <= from && to <= one.to);
  }

  /** What of the numbers below `end` is not in it. */
  gaps(end: number): Stretch[] {
    const gaps: Stretch[] = [];
    let at = 0;
    for (const { from, to } of this.#all) {
      if (from >= end) break;
      if (from > at) gaps.push({ from: at, to: from });
      at = to;
    }
    if (at < end) gaps.push({ from: at, to: end });
    return gaps;
  }
}
