/**
 * How far what branches go to has moved, as a step function of where it was. The maker reads it off the branches that stand in both images; both
 * sides then aim the branches of the base by it before octets are compared, so that code that was only moved differs in nothing.
 */
import type { Instructions } from "./instructions.ts";
import type { Moves } from "./types.ts";
import { OP_NUMBERS } from "./matcher.ts";

/** Steps of a table: eight octets each, 512 KiB of the rebuilder's memory at most. */
export const MOVES_MAX = 65_536;
/** What a step costs in a delta, and what a branch costs that is aimed wrong, in octets. */
const STEP_COST = 4;
const MISS_COST = 2;

export const NO_MOVES: Moves = { starts: new Int32Array(0), shifts: new Int32Array(0) };

/** @returns by how much what was at `at` has moved; `otherwise` before the first step */
export function shiftAt({ starts, shifts }: Moves, at: number, otherwise: number): number {
  let low = 0;
  let high = starts.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (starts[middle] <= at) low = middle + 1;
    else high = middle;
  }
  return low === 0 ? otherwise : shifts[low - 1];
}

/**
 * Aims the branches in a copy of the base.
 *
 * @param bytes as they are in the base from `baseAt` on, `length` octets from `at` on; changed in place
 * @param shift how far these octets themselves have moved
 */
export function aimBranches(
  instructions: Instructions,
  moves: Moves,
  bytes: Uint8Array,
  at: number,
  length: number,
  baseAt: number,
  shift: number,
): void {
  const { stepBytes, widthBytes, absolute } = instructions;
  const last = at + length - widthBytes;
  for (let i = at + (-baseAt & (stepBytes - 1)); i <= last; i += stepBytes) {
    const branchBytes = instructions.branchAt(bytes, i);
    if (branchBytes === 0) continue;
    const operand = instructions.operandOf(bytes, i);
    const goesTo = absolute ? operand : (operand + baseAt + i - at) | 0;
    const own = absolute ? 0 : shift;
    const by = shiftAt(moves, goesTo, own) - own;
    if (by !== 0) instructions.setOperand(bytes, i, operand + by);
    i += branchBytes - stepBytes;
  }
}

/** Moves, and about how many octets they save. */
export interface FittedMoves {
  moves: Moves;
  gain: number;
}

/** Fits the step function to the branches within ops: the steps that cost least with the branches that they miss. */
export function fitMoves(
  instructions: Instructions,
  base: Uint8Array,
  target: Uint8Array,
  ops: Int32Array,
): FittedMoves {
  const { stepBytes, widthBytes, absolute } = instructions;
  const places: number[] = [];
  const moved: number[] = [];
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
        places.push(absolute ? operand : (operand + i) | 0);
        moved.push((instructions.operandOf(target, inTarget) - operand + shift) | 0);
      }
      i += branchBytes - stepBytes;
    }
  }
  return fitSteps(places, moved);
}

/** The last step of a way to explain what was seen so far. */
interface Step {
  start: number;
  shift: number;
  before: Step | undefined;
}

function fitSteps(places: readonly number[], moved: readonly number[]): FittedMoves {
  const order = Uint32Array.from(places.keys()).sort((a, b) => places[a] - places[b] || a - b);
  /** Of each shift, the best way that ends with it, and the octets that it saves. */
  const ways = new Map<number, { gain: number; step: Step }>();
  let best: { gain: number; step: Step | undefined } = { gain: 0, step: undefined };
  for (const index of order) {
    const shift = moved[index];
    const bestBefore = best.gain - STEP_COST;
    let way = ways.get(shift);
    if (way === undefined)
      ways.set(shift, (way = { gain: bestBefore, step: { start: places[index], shift, before: best.step } }));
    else if (way.gain < bestBefore) {
      way.gain = bestBefore;
      way.step = { start: places[index], shift, before: best.step };
    }
    way.gain += MISS_COST;
    if (way.gain > best.gain) best = { gain: way.gain, step: way.step };
  }
  const steps: Step[] = [];
  for (let step = best.step; step !== undefined; step = step.before) steps.push(step);
  steps.reverse();
  const kept = steps.filter((step, index) => index === 0 || step.start !== steps[index - 1].start).slice(0, MOVES_MAX);
  const moves = {
    starts: Int32Array.from(kept, ({ start }) => start),
    shifts: Int32Array.from(kept, ({ shift }) => shift),
  };
  return { moves, gain: best.gain };
}
