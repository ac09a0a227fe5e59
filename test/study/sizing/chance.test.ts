/** Distributions that the sizing model is built on, held to their sums, means and known special cases. */
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
  anyOf,
  binomial,
  burstLosses,
  gammaBelow,
  largestOf,
  meanBurstLoss,
  meanOfLargest,
  momentsOf,
  series,
} from "../../../study/sizing/chance.ts";

const sum = (values: ArrayLike<number>): number => Array.from(values).reduce((total, value) => total + value, 0);

describe("chances", () => {
  it("a binomial distribution sums to one and has its mean and variance", () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 400 }), fc.double({ min: 0, max: 1, noNaN: true }), (tries, chance) => {
        const chances = binomial(tries, chance);
        const { mean, variance } = momentsOf(chances);
        expect(sum(chances)).toBeCloseTo(1, 9);
        expect(mean).toBeCloseTo(tries * chance, 6);
        expect(variance).toBeCloseTo(tries * chance * (1 - chance), 4);
      }),
    );
  });

  it("losses in bursts have the channel's mean; without memory they are binomial", () => {
    const channel = { goodToBad: 0.01, badToGood: 0.2, lossGood: 0.001, lossBad: 0.9 };
    expect(momentsOf(burstLosses(200, channel)).mean).toBeCloseTo(200 * meanBurstLoss(channel), 6);
    const memoryless = { goodToBad: 0.3, badToGood: 0.7, lossGood: 0, lossBad: 0.5 };
    const burst = burstLosses(50, memoryless);
    binomial(50, 0.15).forEach((chance, lost) => expect(burst[lost]).toBeCloseTo(chance, 9));
  });

  it("the largest of several counts is that of all pairs", () => {
    const [a, b] = [binomial(4, 0.3), binomial(6, 0.2)];
    const largest = largestOf([
      { chances: a, times: 1 },
      { chances: b, times: 1 },
    ]);
    const byPairs = new Float64Array(7);
    a.forEach((left, i) => b.forEach((right, j) => (byPairs[Math.max(i, j)] += left * right)));
    byPairs.forEach((chance, value) => expect(largest[value]).toBeCloseTo(chance, 12));
  });

  it("a gamma distribution of shape 1 is exponential; the largest of n takes the harmonic number of means", () => {
    for (const x of [0.1, 1, 3, 10]) expect(gammaBelow(1, x)).toBeCloseTo(1 - Math.exp(-x), 9);
    const harmonic = 1 + 1 / 2 + 1 / 3 + 1 / 4;
    expect(meanOfLargest({ mean: 5, variance: 25 }, 4)).toBeCloseTo(5 * harmonic, 1);
    expect(meanOfLargest({ mean: 5, variance: 0 }, 4)).toBe(5);
  });

  it("of many, one is hit sooner; a series ends where its terms do", () => {
    expect(anyOf(3, 0.5)).toBeCloseTo(0.875, 12);
    expect(anyOf(128, 0)).toBe(0);
    expect(series((at) => 0.5 ** at)).toBeCloseTo(2, 6);
  });
});
