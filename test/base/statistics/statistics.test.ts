/** Statistics against figures from a textbook. */
import { describe, expect, it } from "vitest";
import { statisticsOf, studentT95 } from "../../../base/statistics/index.ts";

describe("statistics", () => {
  it("are those of the textbook", () => {
    // 1…5: variance 2.5, t(4) = 2.776.
    expect(statisticsOf([5, 1, 4, 2, 3])).toMatchObject({
      count: 5,
      mean: 3,
      p50: 3,
      p95: 5,
      p99: 5,
      least: 1,
      most: 5,
    });
    expect(statisticsOf([5, 1, 4, 2, 3])!.ci95).toBeCloseTo(2.776 * Math.sqrt(2.5 / 5), 6);
    expect(statisticsOf([7])).toMatchObject({ mean: 7, ci95: null });
    expect(statisticsOf([])).toBeNull();
  });

  it("take the quantiles of Student's t from the table, and beyond it from their expansion", () => {
    expect(studentT95(1)).toBe(12.706);
    expect(studentT95(19)).toBe(2.093);
    // Where the table ends, the two agree.
    expect(studentT95(31)).toBeCloseTo(2.0395, 3);
    expect(studentT95(40)).toBeCloseTo(2.0211, 3);
    expect(studentT95(120)).toBeCloseTo(1.9799, 3);
    expect(studentT95(0)).toBe(Infinity);
  });

  it("do not depend on the order of the runs", () => {
    const values = [0.1, 0.2, 0.3, 1e9, -1e9, 0.7];
    expect(statisticsOf(values)).toEqual(statisticsOf(values.toReversed()));
  });
});
