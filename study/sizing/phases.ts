/** Where in the grant cycle a round of sections and answers begins, which decides how long its answers take. */
import type { LineFacts } from "./types.ts";

/** Answer to a section: bytes of its slot that are used when it is there. */
const ANSWER_NS = 200;
/** Windows after which the mean of a repeated course no longer changes. */
const COURSES_MAX = 48;

/** ONTs in the order of their answers, and how long each takes. */
interface Answers {
  order: Uint16Array;
  ns: Float64Array;
}

/** Answers to sections that took so long to send, from each slot in which a round has begun yet: most begin in few. */
interface Waits {
  sendNs: number;
  from: Answers[];
}

/** ONTs by the time that their answers take. Those of one cycle answer one after the other: where cycles do not overlap, all is done. */
function orderOf(takes: Float64Array, cycles: Float64Array): Uint16Array {
  const order = new Uint16Array(takes.length);
  let placed = 0;
  for (let cycle = cycles.reduce((one, other) => Math.min(one, other)); placed < takes.length; cycle++) {
    for (let slot = 0; slot < takes.length; slot++) if (cycles[slot] === cycle) order[placed++] = slot;
  }
  for (let at = 1; at < order.length; at++) {
    const slot = order[at];
    let place = at;
    for (; place > 0 && takes[order[place - 1]] > takes[slot]; place--) order[place] = order[place - 1];
    order[place] = slot;
  }
  return order;
}

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
  readonly #waits = new Map<number, Waits>();

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
    const waits = this.#waitsAfter(sendNs);
    const last = this.#last;
    for (let from = 0; from < slots; from++) {
      const begins = last[from];
      if (begins < 1e-9) continue;
      const { order, ns } = (waits.from[from] ??= this.#answersFrom(from, waits.sendNs));
      // The last in line, unless it is none of those that answer; then the one before it, and so on.
      let left = begins / some;
      for (let at = slots - 1; at >= 0 && left > 1e-9; at--) {
        const chance = left * share;
        next[order[at]] += chance;
        mean += chance * ns[at];
        left -= chance;
      }
    }
    this.#last = next;
    return mean;
  }

  #waitsAfter(sendNs: number): Waits {
    const key = Math.round(sendNs / 1000);
    let waits = this.#waits.get(key);
    if (waits === undefined) {
      waits = { sendNs, from: [] };
      this.#waits.set(key, waits);
    }
    return waits;
  }

  #answersFrom(from: number, sendNs: number): Answers {
    const { travelNs, cycleNs, slotNs, delayDownNs, delayUpNs } = this.#line;
    const startNs = from * slotNs + ANSWER_NS + (delayUpNs % cycleNs);
    const takes = new Float64Array(this.#slots);
    const cycles = new Float64Array(this.#slots);
    for (let slot = 0; slot < this.#slots; slot++) {
      const readyNs = startNs + sendNs + 2 * travelNs[slot] + delayDownNs;
      cycles[slot] = Math.ceil((readyNs - slot * slotNs) / cycleNs);
      takes[slot] = cycles[slot] * cycleNs + slot * slotNs + ANSWER_NS + delayUpNs - startNs;
    }
    const order = orderOf(takes, cycles);
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
