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
    const places = this.#places;
    const shifts = this.#shifts;
    /** Of each shift, the best way that ends with it, and the octets that it saves. */
    const ways = new Map<number, { gain: number; step: Step }>();
    let best: { gain: number; step: Step | undefined } = { gain: 0, step: undefined };
    for (const index of sortedOrder(places, this.#frequent())) {
      const shift = shifts[index];
      const bestBefore = best.gain - STEP_COST;
      let way = ways.get(shift);
      if (way === undefined)
        ways.set(shift, (way = { gain: bestBefore, step: { start: places[index], shift, before: best.step } }));
      else if (way.gain < bestBefore) {
        way.gain = bestBefore;
        way.step = { start: places[index], shift, before: best.step };
      }
      way.gain += index < this.#branches ? BRANCH_COST : WORD_COST;
      if (way.gain > best.gain) best = { gain: way.gain, step: way.step };
    }
    return movesOf(best.step);
  }

  /** Indices of those whose shift is seen often, as far as a table without collisions handled can tell. */
  #frequent(): Uint32Array<ArrayBuffer> {
    const seen = new Uint8Array(SEEN_SLOTS);
    const shifts = this.#shifts;
    for (let i = 0; i < this.#count; i++) {
      const slot = slotOf(shifts[i]);
      if (seen[slot] < SEEN_MIN) seen[slot]++;
    }
    const indices = new Uint32Array(this.#count);
    let count = 0;
    for (let i = 0; i < this.#count; i++) if (seen[slotOf(shifts[i])] >= SEEN_MIN) indices[count++] = i;
    return indices.subarray(0, count);
  }
}

/** The last step of a way to explain what was seen so far. */
interface Step {
  start: number;
  shift: number;
  before: Step | undefined;
}

function movesOf(last: Step | undefined): Moves {
  const steps: Step[] = [];
  for (let step = last; step !== undefined; step = step.before) steps.push(step);
  steps.reverse();
  const kept = steps
    .filter((step, index) => index === 0 || step.start !== steps[index - 1].start)
    .slice(0, STEPS_MADE_MAX);
  return {
    starts: Int32Array.from(kept, ({ start }) => start),
    shifts: Int32Array.from(kept, ({ shift }) => shift),
  };
}

const slotOf = (shift: number): number => (Math.imul(shift, 0x9e3779b1) >>> 8) & (SEEN_SLOTS - 1);

function doubled(numbers: Int32Array): Int32Array<ArrayBuffer> {
  const larger = new Int32Array(2 * numbers.length);
  larger.set(numbers);
  return larger;
}

const DIGIT_BITS = 11;

/** Indices by their number, equal ones in order: a sort by digits, as there are millions. */
function sortedOrder(numbers: Int32Array, indices: Uint32Array<ArrayBuffer>): Uint32Array {
  const mask = 2 ** DIGIT_BITS - 1;
  let order = indices;
  // Keys go along with indices, so that each is read in order; the sign turned round, so that negative numbers come first.
  let keys = new Uint32Array(order.length);
  for (let i = 0; i < order.length; i++) keys[i] = numbers[order[i]] ^ 0x80000000;
  let nextOrder = new Uint32Array(order.length);
  let nextKeys = new Uint32Array(order.length);
  for (let shift = 0; shift < 32; shift += DIGIT_BITS) {
    const places = new Uint32Array(mask + 2);
    for (let i = 0; i < keys.length; i++) places[((keys[i] >>> shift) & mask) + 1]++;
    for (let digit = 0; digit < mask; digit++) places[digit + 1] += places[digit];
    for (let i = 0; i < keys.length; i++) {
      const place = places[(keys[i] >>> shift) & mask]++;
      nextKeys[place] = keys[i];
      nextOrder[place] = order[i];
    }
    [order, nextOrder] = [nextOrder, order];
    [keys, nextKeys] = [nextKeys, keys];
  }
  return order;
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
