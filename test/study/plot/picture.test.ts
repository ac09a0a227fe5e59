/** What is drawn of a table: which columns, where things stand, what is said of them. */
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { numberAxis, numberText, roundTicks } from "../../../study/plot/axes.ts";
import { pictureOf } from "../../../study/plot/picture.ts";
import { boxOf, ecdfOf } from "../../../study/plot/summary.ts";
import type { PlotAsk } from "../../../study/plot/types.ts";
import type { TableData } from "../../../study/export/index.ts";

const ASK: PlotAsk = { statistic: "mean", theory: false, where: [] };
const column = (name: string, kind: "integer" | "number" | "text"): TableData["columns"][number] => ({
  name,
  kind,
  about: name,
});

/** Two ways, four losses, six seeds. */
const sweep: TableData = {
  name: "sweep",
  columns: [
    column("seed", "integer"),
    column("loss", "number"),
    column("case", "text"),
    column("image_copies", "number"),
    column("downstream_gem_bytes", "integer"),
    column("download_seconds", "number"),
  ],
  rows: [0, 0.001, 0.01, 0.05].flatMap((loss) =>
    ["parity", "window"].flatMap((way, at) =>
      [1, 2, 3, 4, 5, 6].map((seed) => [
        seed,
        loss,
        way,
        1 + loss * (at === 0 ? 10 : 1000) * (1 + seed / 100),
        4_000_000 + seed,
        seed === 6 ? null : seed,
      ]),
    ),
  ),
};
const VARIED = ["loss", "case"];
const picture = (ask: Partial<PlotAsk>, table = sweep) => pictureOf(table, { ...ASK, ...ask }, VARIED, undefined);

describe("a plot of a sweep", () => {
  it("is of what was varied, with logarithmic axes where values are far apart and zero apart from the rest", () => {
    const { kind, x, y, series, panels, notes } = picture({});
    expect({ kind, series, panels: panels.length }).toEqual({ kind: "line", series: ["parity", "window"], panels: 1 });
    expect([x.scale, y.scale]).toEqual(["logarithmic", "logarithmic"]);
    expect(x.label).toBe("Frame loss probability");
    expect(x.ticks.map(({ text }) => text)).toEqual(["0", "0.001", "0.01", "0.05"]);
    const [zero, least] = x.ticks.map(({ at }) => at);
    expect(least).toBe(-3);
    expect(zero).toBeLessThan(x.breakAt!);
    expect(x.breakAt).toBeLessThan(least);
    const [{ series: drawn }] = panels;
    expect(drawn[1].points.map((point) => 10 ** point.y)).toEqual(
      [0, 0.001, 0.01, 0.05].map((loss) => expect.closeTo(1 + loss * 1035, 6)),
    );
    for (const { y: mean, low, high } of drawn[1].points.slice(1)) expect(low! < mean && mean < high!).toBe(true);
    expect(notes).toEqual(["mean of 6 values, intervals of 95 % (Student's t)"]);
  });

  it("takes any column, in a unit that keeps numbers short", () => {
    const { y, x, series, panels } = picture({ x: "case", y: "downstream_gem_bytes", series: "none", facet: "loss" });
    expect(y.label).toBe("Sent downstream (MB)");
    expect(x).toMatchObject({ scale: "places", label: "" });
    expect(series).toEqual([""]);
    expect(panels.map(({ label }) => label)).toEqual(
      [0, 0.001, 0.01, 0.05].map((loss) => `Frame loss probability ${loss}`),
    );
    expect(panels[0].series[0].points[0].y).toBeCloseTo(4.0000035, 9);
  });

  it("says where there are too few values, and takes quantiles", () => {
    const few = { ...sweep, rows: sweep.rows.filter(([seed]) => (seed as number) < 3) };
    expect(picture({}, few).notes.join()).toMatch(/image_copies: 2 values; an interval of the mean takes at least 5/);
    const median = picture({ statistic: 0.5, where: [["case", "parity"]], series: "none" });
    expect(median.panels[0].series[0].points[0]).toMatchObject({ y: 1, low: 1, high: 1 });
    expect(picture({ statistic: 0.95 }).notes.join()).toMatch(/95 % quantile takes at least 59/);
    expect(picture({ statistic: 0.95 }).panels[0].series[0].points[2]).toMatchObject({ low: null, high: null });
  });

  it("has a distribution end below 1 where runs have no value", () => {
    const { panels, y, notes } = picture({ kind: "ecdf", where: [["loss", "0.01"]], facet: "none" });
    expect(y.domain).toEqual([0, 1]);
    expect(panels[0].series[0].points.at(-1)).toMatchObject({ x: 5, y: 5 / 6 });
    expect(notes[0]).toMatch(/who has none keeps it below 1/);
  });

  it("refuses what is not there, naming what is", () => {
    expect(() => picture({ y: "copies" })).toThrow(/--y: there is no column "copies" in sweep; there are seed, loss/);
    expect(() => picture({ y: "case" })).toThrow(/--y: case of sweep is text, no number/);
    expect(() => picture({ where: [["case", "none"]] })).toThrow(/--where case=none: no row is so/);
    expect(() => picture({ series: "image_copies" })).toThrow(/--series: \d+ different values; at most 8/);
    expect(() => picture({ kind: "ecdf", y: "image_copies" })).toThrow(/--y: of an ECDF it is the share/);
  });
});

describe("the model's curve", () => {
  const theory = {
    of: (_series: unknown, _facet: unknown, xs: readonly unknown[]) => xs.map((x) => 1 + Number(x)),
    isWhole: false,
    notes: () => ["model"],
  };

  it("is in two pieces where the axis is broken, and within the axes", () => {
    const { panels, hasTheory, x, y } = pictureOf(sweep, ASK, VARIED, () => theory);
    expect(hasTheory).toBe(true);
    const [apart, curve] = panels[0].series[0].theory;
    expect(apart).toHaveLength(1);
    expect(curve.length).toBeGreaterThan(10);
    for (const [px, py] of [...apart, ...curve]) {
      expect(px >= x.domain[0] && px <= x.domain[1]).toBe(true);
      expect(py >= y.domain[0] && py <= y.domain[1]).toBe(true);
    }
  });
});

describe("axes", () => {
  it("write numbers as papers do", () => {
    expect([0, 0.001, 12_000, 2.5e-6, 1e9, -3].map(numberText)).toEqual([
      "0",
      "0.001",
      "12,000",
      "2.5 × 10⁻⁶",
      "10⁹",
      "−3",
    ]);
    expect(roundTicks(0, 1)).toEqual([0, 0.2, 0.4, 0.6, 0.8, 1]);
  });

  it("have all values within, ticks within and ascending, whatever the values", () => {
    const values = fc.array(fc.double({ min: 0, max: 1e9, noNaN: true }), { minLength: 1, maxLength: 12 });
    fc.assert(
      fc.property(values, fc.boolean(), fc.boolean(), (all, isLogarithmic, hasOwnTicks) => {
        const { axis, at } = numberAxis(all, { label: "", isLogarithmic, hasOwnTicks });
        for (const value of all) {
          const place = at(value)!;
          expect(place).toBeGreaterThanOrEqual(axis.domain[0]);
          expect(place).toBeLessThanOrEqual(axis.domain[1]);
        }
        const places = axis.ticks.map((tick) => tick.at);
        expect(places).toEqual(places.toSorted((one, other) => one - other));
        expect(axis.domain[1]).toBeGreaterThan(axis.domain[0]);
      }),
      { seed: 4 },
    );
  });
});

describe("summaries", () => {
  it("are Tukey's box, and steps of a distribution", () => {
    expect(boxOf([1, 2, 3, 4, 5, 6, 7, 30])).toEqual({ low: 1, quartiles: [2, 4, 6], high: 7, outliers: [30] });
    expect(ecdfOf([2, 1, 2], 4)).toEqual([
      { x: 1, y: 0.25 },
      { x: 2, y: 0.75 },
    ]);
  });
});
