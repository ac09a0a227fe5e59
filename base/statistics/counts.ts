/** Several independent counts or times: their mean and variance, the largest of them, whether any of them happens. */
import { gammaBelow } from "./distributions.ts";

/** Chance of at least one of `count` independent events of this chance. */
export const anyOf = (count: number, chance: number): number =>
  chance >= 1 ? 1 : -Math.expm1(count * Math.log1p(-chance));

/** Mean and variance of a count with these chances. */
export function momentsOf(chances: ArrayLike<number>): { mean: number; variance: number } {
  let mean = 0;
  let square = 0;
  for (let value = 0; value < chances.length; value++) {
    mean += value * chances[value];
    square += value * value * chances[value];
  }
  return { mean, variance: Math.max(0, square - mean * mean) };
}

/** Chances of the largest of several independent counts; each given as its chances and how many of them there are. */
export function largestOf(counts: readonly { chances: ArrayLike<number>; times: number }[]): Float64Array {
  const length = Math.max(1, ...counts.map(({ chances }) => chances.length));
  const largest = new Float64Array(length);
  const sums = counts.map(() => 0);
  let before = 0;
  for (let value = 0; value < length; value++) {
    let all = 1;
    counts.forEach(({ chances, times }, at) => {
      sums[at] += chances[value] ?? 0;
      all *= Math.min(1, sums[at]) ** times;
    });
    largest[value] = Math.max(0, all - before);
    before = all;
  }
  return largest;
}

/** Mean of the largest of `count` times of which mean and variance are known, taken as gamma distributed. */
export function meanOfLargest({ mean, variance }: { mean: number; variance: number }, count: number): number {
  if (mean <= 0 || variance <= mean ** 2 * 1e-9 || count <= 1) return mean;
  const shape = mean ** 2 / variance;
  const scale = variance / mean;
  // The chance that the largest is above x, summed over x.
  const step = Math.sqrt(variance) / 50;
  let sum = 0;
  for (let x = step / 2, above = 1; above > 1e-6; x += step) {
    above = 1 - gammaBelow(shape, x / scale) ** count;
    sum += above * step;
  }
  return sum;
}
