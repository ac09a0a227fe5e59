/** Distributions, held to their sums, means, known special cases, and values that were computed with 40 digits. */
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
  anyOf,
  binomial,
  gammaBelow,
  largestOf,
  meanOfLargest,
  momentsOf,
  studentT95,
} from "../../../base/statistics/index.ts";

const sum = (values: ArrayLike<number>): number => Array.from(values).reduce((total, value) => total + value, 0);

describe("distributions", () => {
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

  it("of many, one is hit sooner", () => {
    expect(anyOf(3, 0.5)).toBeCloseTo(0.875, 12);
    expect(anyOf(128, 0)).toBe(0);
  });

  it.each([
    [0.5, 0.05, 0.24817036595415073],
    [0.5, 2, 0.9544997361036416],
    [2, 8, 0.9969808363488774],
    [37.5, 30, 0.10346520519786725],
    [500, 650, 0.9999999996110264],
    [2000, 1600, 3.4904730924219854e-22],
    [2000, 2000, 0.5029735484442025],
  ])("gamma of shape %d below %d", (shape, x, expected) => {
    expect(Math.abs(gammaBelow(shape, x) / expected - 1)).toBeLessThan(1e-11);
  });

  it.each([
    [32, 0.001, 2, 0.00048133375976249057],
    [256, 0.01, 0, 0.07631498390659397],
    [256, 0.2, 85, 2.5453730712961814e-7],
    [4096, 0.5, 2048, 0.01246618536376026],
    [4096, 0.97, 4095, 8.31252611974648e-53],
  ])("of %d tries with chance %d, %d succeed", (tries, chance, successes, expected) => {
    expect(Math.abs(binomial(tries, chance)[successes] / expected - 1)).toBeLessThan(1e-12);
  });

  it.each([
    [1, 12.706204736],
    [2, 4.30265273],
    [15, 2.131449546],
    [30, 2.042272456],
    [31, 2.039513446],
    [60, 2.000297822],
    [199, 1.971956544],
    [999, 1.962341461],
  ])("Student's t of %d degrees", (degrees, expected) => {
    expect(Math.abs(studentT95(degrees) / expected - 1)).toBeLessThan(3e-4);
  });
});
