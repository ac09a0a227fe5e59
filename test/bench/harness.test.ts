/**
 * The harness of the benches: its statistics, its tables, and that every bench runs as often as it says. No speed is
 * tested here.
 */
import { describe, expect, it } from "vitest";
import { figure, measure, summarize, table } from "../../bench/harness.ts";

describe("the benches' harness", () => {
  it("sums samples up by their median, in any order", () => {
    expect(summarize([9, 1, 5])).toEqual({ median: 5, min: 1, max: 9 });
    expect(summarize([4, 1, 2, 3])).toEqual({ median: 2, min: 1, max: 4 });
    expect(() => summarize([])).toThrow("no samples");
  });

  it("writes three digits, however large the figure", () => {
    expect([0.2951, 1.234_56, 12.345, 123.45, 1234.5, 16_777_216].map(figure)).toEqual([
      "0.295",
      "1.23",
      "12.3",
      "123",
      "1,235",
      "16,777,216",
    ]);
  });

  it("lines tables up", () => {
    expect(
      table(
        ["what", "ns"],
        [
          ["copy", "1"],
          ["a longer name", "1,000"],
        ],
      ),
    ).toBe(
      [
        "| what          |    ns |",
        "| ------------- | ----: |",
        "| copy          |     1 |",
        "| a longer name | 1,000 |",
      ].join("\n"),
    );
  });

  it("runs every bench in every round, as often as it says", () => {
    const done = { one: 0, two: 0 };
    const bench = (name: "one" | "two", work: number) => ({
      name,
      run: (operations: number): number => {
        done[name] += operations;
        let sum = 0;
        for (let step = 0; step < operations * work; step++) sum = (sum * 31 + step) | 0;
        return sum;
      },
    });
    const [one, two] = measure([bench("one", 100), bench("two", 200)], { rounds: 5, sampleMs: 2 });
    for (const measured of [one, two]) {
      expect(measured.samples).toHaveLength(5);
      expect(measured.min).toBeLessThanOrEqual(measured.median);
      expect(measured.median).toBeLessThanOrEqual(measured.max);
    }
    // Five rounds, and what it took to find out how many operations a sample needs.
    expect(done.one).toBeGreaterThanOrEqual(5 * one.operations);
    expect(done.two).toBeGreaterThanOrEqual(5 * two.operations);
    expect(() => measure([bench("one", 1)], { rounds: 4 })).toThrow("at least 5");
  });
});
