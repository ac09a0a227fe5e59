/** The random streams: published numbers, the same everywhere, distributions with the right moments. */
import { describe, expect, it } from "vitest";
import { createStream, Xoshiro128 } from "../../pon/index.ts";

const draws = (count: number, draw: () => number): number[] => Array.from({ length: count }, draw);
const mean = (values: number[]): number => values.reduce((sum, v) => sum + v, 0) / values.length;
const deviation = (values: number[]): number => {
  const m = mean(values);
  return Math.sqrt(mean(values.map((v) => (v - m) ** 2)));
};

describe("xoshiro128**", () => {
  it("yields the published numbers", () => {
    const stream = new Xoshiro128([1, 2, 3, 4]);
    expect(draws(10, () => stream.nextU32())).toEqual([
      11520, 0, 5927040, 70819200, 2031721883, 1637235492, 1287239034, 3734860849, 3729100597, 4258142804,
    ]);
  });

  it("yields the same many at a time, and goes on behind them", () => {
    const [one, many] = [createStream(1, "fill"), createStream(1, "fill")];
    const words = new Uint32Array(1000);
    many.fill(words);
    expect([...words, many.nextU32()]).toEqual(Array.from({ length: 1001 }, () => one.nextU32()));
  });

  it("refuses the state that has no successor", () => {
    expect(() => new Xoshiro128([0, 0, 0, 0])).toThrow(RangeError);
  });
});

describe("a named stream", () => {
  it("is the same for the same seed and name, on every machine", () => {
    const stream = createStream(1, "ont/PCST00000001/down/broadcast");
    expect(draws(3, () => stream.nextU32())).toEqual([2865715785, 2816171127, 1178548442]);
    expect(createStream(1n, "x").nextU32()).toBe(createStream(1, "x").nextU32());
  });

  it("differs by seed and by name", () => {
    const first = new Set(
      [-1, 0, 1, 2].flatMap((seed) => ["", "a", "b", "a/b"].map((name) => createStream(seed, name).nextU32())),
    );
    expect(first.size).toBe(16);
  });

  it("takes safe integers only", () => {
    expect(() => createStream(0.5, "x")).toThrow(RangeError);
    expect(() => createStream(2 ** 53, "x")).toThrow(RangeError);
  });

  it("is not correlated with its neighbours", () => {
    const count = 100_000;
    const a = createStream(7, "ont/1/up");
    const b = createStream(7, "ont/2/up");
    const product = mean(draws(count, () => (a.nextFloat() - 0.5) * (b.nextFloat() - 0.5)));
    // Standard deviation of the mean: 1/12 / sqrt(count).
    expect(Math.abs(product)).toBeLessThan(4 / 12 / Math.sqrt(count));
  });
});

describe("distributions", () => {
  const count = 100_000;
  const stream = createStream(42, "distributions");

  it("uniform: every bit is set half of the time", () => {
    const ones = Array.from({ length: 32 }, () => 0);
    for (let n = 0; n < count; n++) {
      const value = stream.nextU32();
      for (let bit = 0; bit < 32; bit++) ones[bit] += (value >>> bit) & 1;
    }
    for (const n of ones) expect(Math.abs(n - count / 2)).toBeLessThan(5 * Math.sqrt(count / 4));
  });

  it("below n: a flat histogram, n not a power of two", () => {
    const n = 24;
    const histogram = Array.from({ length: n }, () => 0);
    for (let draw = 0; draw < count; draw++) histogram[stream.nextBelow(n)]++;
    const chiSquare = histogram.reduce((sum, k) => sum + (k - count / n) ** 2 / (count / n), 0);
    // 23 degrees of freedom: 54 is exceeded once in about 4,000 tries.
    expect(chiSquare).toBeLessThan(54);
    expect(draws(1000, () => stream.nextBelow(2 ** 32)).every((v) => v >= 0 && v < 2 ** 32)).toBe(true);
  });

  it("floats lie in [0, 1) around a half", () => {
    const values = draws(count, () => stream.nextFloat());
    expect(values.every((value) => value >= 0 && value < 1)).toBe(true);
    expect(mean(values)).toBeCloseTo(0.5, 2);
    expect(deviation(values)).toBeCloseTo(Math.sqrt(1 / 12), 2);
  });

  it("exponential and normal have the moments they were asked for", () => {
    const exponential = draws(count, () => stream.nextExponential(5));
    expect(mean(exponential)).toBeGreaterThan(4.9);
    expect(mean(exponential)).toBeLessThan(5.1);
    expect(deviation(exponential)).toBeGreaterThan(4.85);
    expect(deviation(exponential)).toBeLessThan(5.15);
    const normal = draws(count, () => stream.nextNormal(-3, 2));
    expect(mean(normal)).toBeCloseTo(-3, 1);
    expect(deviation(normal)).toBeCloseTo(2, 1);
  });

  it("geometric: mean (1 - p) / p, the ends without surprise", () => {
    for (const p of [0.5, 0.01]) {
      const values = draws(count, () => stream.nextGeometric(p));
      expect(values.every((value) => Number.isInteger(value) && value >= 0)).toBe(true);
      const expected = (1 - p) / p;
      const spread = Math.sqrt(1 - p) / p / Math.sqrt(count);
      expect(Math.abs(mean(values) - expected)).toBeLessThan(5 * spread);
    }
    expect(stream.nextGeometric(0)).toBe(Infinity);
    expect(stream.nextGeometric(1)).toBe(0);
  });
});
