/** Statistics over seeds beside textbook values, and properties that hold whatever the values are. */
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
  isDecided,
  look,
  pairedDifference,
  quantileInterval,
  quantileNeeds,
  SEEDS_BEFORE_STOPPING,
  tooFew,
} from "../../../study/statistics/index.ts";

/** A stream of numbers in [0, 1) by a seed (mulberry32). */
function numbers(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}
const normals = (next: () => number) => (): number =>
  Math.sqrt(-2 * Math.log(1 - next())) * Math.cos(2 * Math.PI * next());

describe("differences of pairs", () => {
  // Student (1908), The Probable Error of a Mean, the sleep of ten patients with two isomers: mean 1.58, t = 4.062.
  const first = [0.7, -1.6, -0.2, -1.2, -0.1, 3.4, 3.7, 0.8, 0, 2];
  const second = [1.9, 0.8, 1.1, 0.1, -0.1, 4.4, 5.5, 1.6, 4.6, 3.4];

  it("are Student's own of 1908", () => {
    const found = pairedDifference(second.map((value, at) => [value, first[at]]))!;
    expect(found.mean).toBeCloseTo(1.58, 10);
    // 95 % interval of R's t.test(paired = TRUE): 0.7001142 to 2.4598858; Welch: −0.2054832 to 3.3654832.
    expect(found.half).toBeCloseTo((2.4598858 - 0.7001142) / 2, 3);
    expect(found.unpairedHalf).toBeCloseTo((3.3654832 + 0.2054832) / 2, 1);
    expect(found.correlation).toBeCloseTo(0.7951702, 6);
    expect(isDecided(found)).toBe(true);
    expect(found.unpairedHalf! > Math.abs(found.mean)).toBe(true);
  });

  it("do not see what both have in common, change their sign with the order, and grow with the values", () => {
    const pairs = fc.array(
      fc.tuple(fc.double({ min: -100, max: 100, noNaN: true }), fc.double({ min: -100, max: 100, noNaN: true })),
      {
        minLength: 2,
        maxLength: 30,
      },
    );
    fc.assert(
      fc.property(pairs, fc.double({ min: -1e3, max: 1e3, noNaN: true }), (values, shared) => {
        const found = pairedDifference(values)!;
        const moved = pairedDifference(values.map(([one, other], at) => [one + shared * at, other + shared * at]))!;
        const turned = pairedDifference(values.map(([one, other]) => [other, one]))!;
        expect(moved.mean).toBeCloseTo(found.mean, 6);
        expect(moved.half).toBeCloseTo(found.half!, 6);
        expect(turned.mean).toBeCloseTo(-found.mean, 9);
        expect(turned.half).toBeCloseTo(found.half!, 9);
      }),
      { seed: 1 },
    );
  });

  it("have no interval with one pair, and none at all without", () => {
    expect(pairedDifference([[2, 1]])).toMatchObject({ mean: 1, half: null, unpairedHalf: null, pairs: 1 });
    expect(pairedDifference([])).toBeNull();
  });
});

describe("quantiles", () => {
  it("have the ranks of the tables", () => {
    const values = Array.from({ length: 20 }, (_, at) => at + 1);
    // Conover, Practical Nonparametric Statistics: median of 20, ranks 6 and 15, 95.86 %.
    expect(quantileInterval(values, 0.5)).toMatchObject({ value: 10, low: 6, high: 15 });
    expect(quantileInterval(values, 0.5)!.coverage).toBeCloseTo(0.9586, 4);
  });

  it("take as many values as the tables say: 6 for the median, 59 for 95 %, 299 for 99 %", () => {
    expect([0.5, 0.95, 0.99].map((share) => quantileNeeds(share))).toEqual([6, 59, 299]);
    const values = Array.from({ length: 58 }, (_, at) => at);
    expect(quantileInterval(values, 0.95)).toMatchObject({ low: null, high: null, coverage: 0 });
    expect(quantileInterval([...values, 58], 0.95)).toMatchObject({ value: 56, high: 58 });
    expect(tooFew("download", 58, 0.95)).toBe(
      "download: 58 values; an interval of the 95 % quantile takes at least 59",
    );
    expect(tooFew("download", 59, 0.95)).toBeUndefined();
    expect(tooFew("download", 4)).toMatch(/4 values; an interval of the mean takes at least 5/);
  });

  it("lie within their interval, which keeps its ranks when the values are stretched", () => {
    fc.assert(
      fc.property(
        fc.uniqueArray(fc.double({ min: -50, max: 50, noNaN: true }), { minLength: 8, maxLength: 60 }),
        fc.constantFrom(0.25, 0.5, 0.75),
        (values, share) => {
          const sorted = values.toSorted((one, other) => one - other);
          const found = quantileInterval(sorted, share)!;
          if (found.low === null || found.high === null) return;
          expect(found.coverage).toBeGreaterThanOrEqual(0.95);
          expect(found.low).toBeLessThanOrEqual(found.value);
          expect(found.high).toBeGreaterThanOrEqual(found.value);
          const stretched = quantileInterval(
            sorted.map((value) => Math.exp(value / 10)),
            share,
          )!;
          expect(stretched.low).toBe(Math.exp(found.low / 10));
          expect(stretched.high).toBe(Math.exp(found.high / 10));
        },
      ),
      { seed: 2 },
    );
  });

  it("cover what they promise, of a distribution that is far from normal", () => {
    const next = numbers(3);
    const draws = 2000;
    let covered = 0;
    for (let draw = 0; draw < draws; draw++) {
      const values = Array.from({ length: 30 }, () => -Math.log(1 - next())).sort((one, other) => one - other);
      const { low, high } = quantileInterval(values, 0.5)!;
      if (low! <= Math.LN2 && Math.LN2 <= high!) covered++;
    }
    expect(covered / draws).toBeGreaterThan(0.94);
    expect(covered / draws).toBeLessThan(0.985);
  });
});

describe("sequential stopping", () => {
  it("goes the same way from any folder, and ends within the share", () => {
    const share = 0.02;
    const [next, most] = [numbers(5), 400];
    const gauss = normals(next);
    const all = [0.05, 0.12].map((spread) => Array.from({ length: most }, () => 10 * (1 + spread * gauss())));
    const path: number[] = [];
    let seeds = SEEDS_BEFORE_STOPPING;
    for (;;) {
      path.push(seeds);
      const found = look(
        all.map((values) => values.slice(0, seeds)),
        seeds,
        share,
        most,
      );
      if (found.isDone) {
        expect(found.worst).toBeLessThanOrEqual(share);
        break;
      }
      expect(found.next).toBeGreaterThan(seeds);
      expect(found.next).toBeLessThanOrEqual(2 * seeds);
      seeds = found.next;
    }
    // 1.96² · 0.12² / 0.02² is 138.
    expect(seeds).toBeGreaterThan(90);
    expect(seeds).toBeLessThan(220);
    expect(path[0]).toBe(SEEDS_BEFORE_STOPPING);
  });

  it("covers nearly what it promises, though it looks more than once", () => {
    const gauss = normals(numbers(7));
    const draws = 600;
    let covered = 0;
    for (let draw = 0; draw < draws; draw++) {
      const values: number[] = [];
      for (let seeds = SEEDS_BEFORE_STOPPING; ;) {
        while (values.length < seeds) values.push(1 + 0.1 * gauss());
        const { isDone, next } = look([values], seeds, 0.02, 2000);
        if (isDone) break;
        seeds = next;
      }
      const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
      if (Math.abs(mean - 1) <= 0.02) covered++;
    }
    expect(covered / draws).toBeGreaterThan(0.92);
  });

  it("ends at once where nothing varies, at the most where it never will, and waits for combinations without any value", () => {
    const same = Array.from({ length: 10 }, () => 4);
    expect(look([same], 10, 0.01, 100)).toEqual({ isDone: true, worst: 0, next: 10 });
    expect(look([[1, -1, 1, -1, 1, -1, 1, -1, 1, -1]], 10, 0.01, 10)).toMatchObject({ isDone: false, next: 10 });
    expect(look([[1, 2, 3]], 3, 0.01, 100)).toMatchObject({ isDone: false, next: SEEDS_BEFORE_STOPPING });
    expect(look([same, [null, null]], 10, 0.01, 100).isDone).toBe(true);
  });
});
