/**
 * How far what is pointed to has moved, as a step function of where it was. The maker reads it off the pointers that stand in both images; both
 * sides then aim those of the base by it before octets are compared.
 */
import { OP_NUMBERS } from "./matcher.ts";
import type { Instructions, Moves } from "./types.ts";

/** Steps of both tables of a delta together: eight octets each, 512 KiB of the rebuilder's memory at most. */
export const STEPS_MAX = 65_536;
/** What the maker uses of them for each. */
const STEPS_MADE_MAX = STEPS_MAX / 2;
/** What a step costs in a delta, and what a pointer costs that is aimed wrong, in octets. Words stand in tables, where many differ by the same. */
export const STEP_COST = 4;
const BRANCH_COST = 2;
const WORD_COST = 1;
/** A shift that is seen less often never pays its step. */
const SEEN_MIN = 3;
const SEEN_SLOTS = 2 ** 18;

export const NO_MOVES: Moves = { starts: new Int32Array(0), shifts: new Int32Array(0) };

const FIRST_ROOM = 2 ** 16;

/** Where pointers go, and how far that has moved. */
export class Sightings {
  #places = new Int32Array(FIRST_ROOM);
  #shifts = new Int32Array(FIRST_ROOM);
  #count = 0;
  #branches = Infinity;

  add(place: number, shift: number): void {
    if (this.#count === this.#places.length) {
      this.#places = doubled(this.#places);
      this.#shifts = doubled(this.#shifts);
    }
    this.#places[this.#count] = place;
    this.#shifts[this.#count++] = shift;
  }

  /** From here on what is added are words of data. */
  wordsFollow(): void {
    this.#branches = this.#count;
  }

  /** The steps that cost least with the pointers that they miss. */
  fit(): Moves {
    const { keys, ways, shifts } = this.#sorted();
    // Of each shift, the best way that ends with it: the octets that it saves, and its last step.
    const gains = new Int32Array(shifts.length);
    const ends = new Int32Array(shifts.length).fill(NO_STEP);
    const steps = new Steps();
    let best = 0;
    let bestStep = NO_STEP;
    for (let i = 0; i < keys.length; i++) {
      const way = ways[i] >>> 1;
      const bestBefore = best - STEP_COST;
      if (ends[way] === NO_STEP || gains[way] < bestBefore) {
        gains[way] = bestBefore;
        ends[way] = steps.add(keys[i] ^ SIGN, shifts[way], bestStep);
      }
      gains[way] += (ways[i] & 1) === 1 ? BRANCH_COST : WORD_COST;
      if (gains[way] > best) {
        best = gains[way];
        bestStep = ends[way];
      }
    }
    return steps.upTo(bestStep);
  }

  /**
   * Those whose shift is seen often, as far as a table without collisions handled can tell, by place, and in order where that is the same.
   * Shifts have numbers, so that what belongs to each is looked up in tables.
   */
  #sorted(): { keys: Uint32Array; ways: Uint32Array; shifts: readonly number[] } {
    const seen = new Uint8Array(SEEN_SLOTS);
    const all = this.#shifts;
    const count = this.#count;
    for (let i = 0; i < count; i++) {
      const slot = slotOf(all[i]);
      if (seen[slot] < SEEN_MIN) seen[slot]++;
    }
    const numbers = new ShiftNumbers();
    const keys = new Uint32Array(count);
    const ways = new Uint32Array(count);
    let kept = 0;
    for (let i = 0; i < count; i++) {
      const shift = all[i];
      const slot = slotOf(shift);
      if (seen[slot] < SEEN_MIN) continue;
      keys[kept] = this.#places[i] ^ SIGN;
      ways[kept++] = (numbers.of(shift, slot) << 1) | (i < this.#branches ? 1 : 0);
    }
    const { shifts } = numbers;
    return { ...sortedByKey(keys.subarray(0, kept), ways.subarray(0, kept)), shifts };
  }
}

/** So that negative numbers come first, as numbers without a sign. */
const SIGN = 0x80000000;
const NO_STEP = -1;

/** Numbers shifts in the order in which they come. One for each slot is found at once. */
class ShiftNumbers {
  readonly shifts: number[] = [];
  /** One more than the number of the first shift of a slot. */
  readonly #firsts = new Int32Array(SEEN_SLOTS);
  readonly #others = new Map<number, number>();

  of(shift: number, slot: number): number {
    const first = this.#firsts[slot];
    if (first === 0) {
      this.#firsts[slot] = this.shifts.push(shift);
      return this.shifts.length - 1;
    }
    if (this.shifts[first - 1] === shift) return first - 1;
    let number = this.#others.get(shift);
    if (number === undefined) this.#others.set(shift, (number = this.shifts.push(shift) - 1));
    return number;
  }
}

/** Steps of all ways, each with the one before it. */
class Steps {
  #starts = new Int32Array(FIRST_ROOM);
  #shifts = new Int32Array(FIRST_ROOM);
  #before = new Int32Array(FIRST_ROOM);
  #count = 0;

  /** @returns its number */
  add(start: number, shift: number, before: number): number {
    if (this.#count === this.#starts.length) {
      this.#starts = doubled(this.#starts);
      this.#shifts = doubled(this.#shifts);
      this.#before = doubled(this.#before);
    }
    this.#starts[this.#count] = start;
    this.#shifts[this.#count] = shift;
    this.#before[this.#count] = before;
    return this.#count++;
  }

  /** The way that ends with a step; of steps with the same start, the first. */
  upTo(last: number): Moves {
    const way: number[] = [];
    for (let step = last; step !== NO_STEP; step = this.#before[step]) way.push(step);
    way.reverse();
    const kept = way
      .filter((step, index) => index === 0 || this.#starts[step] !== this.#starts[way[index - 1]])
      .slice(0, STEPS_MADE_MAX);
    return {
      starts: Int32Array.from(kept, (step) => this.#starts[step]),
      shifts: Int32Array.from(kept, (step) => this.#shifts[step]),
    };
  }
}

const slotOf = (shift: number): number => (Math.imul(shift, 0x9e3779b1) >>> 8) & (SEEN_SLOTS - 1);

function doubled(numbers: Int32Array): Int32Array<ArrayBuffer> {
  const larger = new Int32Array(2 * numbers.length);
  larger.set(numbers);
  return larger;
}

const DIGIT_BITS = 11;
const DIGITS = 2 ** DIGIT_BITS;

/** By key, equal ones in order: a sort by digits, as there are millions. What goes along is moved with its key. */
function sortedByKey(
  keys: Uint32Array<ArrayBuffer>,
  ways: Uint32Array<ArrayBuffer>,
): { keys: Uint32Array; ways: Uint32Array } {
  const counts = [0, DIGIT_BITS, 2 * DIGIT_BITS].map((shift) => ({ shift, places: new Uint32Array(DIGITS) }));
  const [{ places: low }, { places: middle }, { places: high }] = counts;
  for (let i = 0; i < keys.length; i++) {
    const key = keys[i];
    low[key & (DIGITS - 1)]++;
    middle[(key >>> DIGIT_BITS) & (DIGITS - 1)]++;
    high[key >>> (2 * DIGIT_BITS)]++;
  }
  let from = { keys, ways };
  let to = { keys: new Uint32Array(keys.length), ways: new Uint32Array(keys.length) };
  for (const { shift, places } of counts) {
    let place = 0;
    for (let digit = 0; digit < DIGITS; digit++) {
      const digits = places[digit];
      places[digit] = place;
      place += digits;
    }
    distribute(from, to, shift, places);
    [from, to] = [to, from];
  }
  return from;
}

interface Keyed {
  keys: Uint32Array<ArrayBuffer>;
  ways: Uint32Array<ArrayBuffer>;
}

function distribute(from: Keyed, to: Keyed, shift: number, places: Uint32Array): void {
  const { keys, ways } = from;
  const { keys: toKeys, ways: toWays } = to;
  for (let i = 0; i < keys.length; i++) {
    const key = keys[i];
    const place = places[(key >>> shift) & (DIGITS - 1)]++;
    toKeys[place] = key;
    toWays[place] = ways[i];
  }
}

/** All branches within ops: where they go, and how far that has moved. */
export function seeBranches(
  instructions: Instructions,
  base: Uint8Array,
  target: Uint8Array,
  ops: Int32Array,
): Sightings {
  const { stepBytes, widthBytes, absolute } = instructions;
  const seen = new Sightings();
  for (let op = 0; op < ops.length; op += OP_NUMBERS) {
    const targetAt = ops[op];
    const baseAt = ops[op + 1];
    const shift = absolute ? 0 : targetAt - baseAt;
    const last = baseAt + ops[op + 2] - widthBytes;
    for (let i = baseAt + (-baseAt & (stepBytes - 1)); i <= last; i += stepBytes) {
      const branchBytes = instructions.branchAt(base, i);
      if (branchBytes === 0) continue;
      const inTarget = i + targetAt - baseAt;
      if (instructions.branchAt(target, inTarget) === branchBytes) {
        const operand = instructions.operandOf(base, i);
        const place = absolute ? operand : (operand + i) | 0;
        seen.add(place, (instructions.operandOf(target, inTarget) - operand + shift) | 0);
      }
      i += branchBytes - stepBytes;
    }
  }
  return seen;
}
