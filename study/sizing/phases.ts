/** Where in the grant cycle a round of sections and answers begins, which decides how long its answers take. */
import type { LineFacts } from "./types.ts";

/** Answer to a section: bytes of its slot that are used when it is there. */
const ANSWER_NS = 200;
/** Windows after which the mean of a repeated course no longer changes. */
const COURSES_MAX = 48;

/**
 * Time runs in grant cycles: an answer comes in its ONT's slot, the next sections leave at that instant, and their answers
 * come in slots again. Where in the cycle a round begins is therefore the slot of the answer that the OLT waited for
 * last: the chances of each slot are carried on from round to round.
 */
export class GrantPhases {
  readonly #line: LineFacts;
  readonly #slots: number;
  /** Chance of each ONT that its answer was the last one. */
  #last: Float64Array;
  readonly #waits = new Map<number, { order: Uint16Array; ns: Float64Array }[]>();

  constructor(line: LineFacts) {
    this.#line = line;
    this.#slots = line.travelNs.length;
    // What came before ended with the answer in the last slot.
    this.#last = new Float64Array(this.#slots);
    this.#last[this.#slots - 1] = 1;
  }

  get last(): Float64Array {
    return this.#last;
  }

  set last(chances: Float64Array) {
    this.#last = chances;
  }

  /**
   * Sections go out and answers come in.
   *
   * @param sendNs from the first section's leaving until an ONT beside the OLT would be done with the last one
   * @param answerers ONTs whose answers are waited for and come, any of them
   * @returns mean time until the last of these answers
   */
  round(sendNs: number, answerers: number): number {
    const slots = this.#slots;
    const share = Math.min(1, Math.max(1, answerers) / slots);
    const some = 1 - (1 - share) ** slots;
    const next = new Float64Array(slots);
    let mean = 0;
    this.#waitsAfter(sendNs).forEach(({ order, ns }, from) => {
      const begins = this.#last[from];
      if (begins < 1e-9) return;
      // The last in line, unless it is none of those that answer; then the one before it, and so on.
      let left = begins / some;
      for (let at = slots - 1; at >= 0 && left > 1e-9; at--) {
        const chance = left * share;
        next[order[at]] += chance;
        mean += chance * ns[at];
        left -= chance;
      }
    });
    this.#last = next;
    return mean;
  }

  /** From each ONT's slot: the ONTs in the order of their answers, and how long each takes. */
  #waitsAfter(sendNs: number): { order: Uint16Array; ns: Float64Array }[] {
    const key = Math.round(sendNs / 1000);
    let waits = this.#waits.get(key);
    if (waits === undefined) {
      waits = Array.from({ length: this.#slots }, (_, from) => this.#answersFrom(from, sendNs));
      this.#waits.set(key, waits);
    }
    return waits;
  }

  #answersFrom(from: number, sendNs: number): { order: Uint16Array; ns: Float64Array } {
    const { travelNs, cycleNs, slotNs, delayDownNs, delayUpNs } = this.#line;
    const startNs = from * slotNs + ANSWER_NS + (delayUpNs % cycleNs);
    const takes = travelNs.map((oneWayNs, slot) => {
      const readyNs = startNs + sendNs + 2 * oneWayNs + delayDownNs;
      const cycle = Math.ceil((readyNs - slot * slotNs) / cycleNs);
      return cycle * cycleNs + slot * slotNs + ANSWER_NS + delayUpNs - startNs;
    });
    const order = Uint16Array.from(takes.keys()).sort((a, b) => takes[a] - takes[b]);
    return { order, ns: Float64Array.from(order, (slot) => takes[slot]) };
  }

  /** Mean time of `times` courses of rounds, one after the other; each leaves the phases as it found them for the next. */
  repeat(times: number, course: () => number): number {
    const tried = Math.min(Math.ceil(times), COURSES_MAX);
    let sum = 0;
    for (let time = 0; time < tried; time++) sum += course();
    return tried === 0 ? 0 : (sum / tried) * times;
  }
}
