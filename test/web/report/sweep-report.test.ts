/** What the page of a sweep says: layout, means, differences seed by seed, and what is missing. */
import { describe, expect, it } from "vitest";
import { sweepReport } from "../../../web/report/sweep-model.ts";
import { SweepLayout } from "../../../web/report/sweep-layout.ts";
import { meanText, sweepPage } from "../../../web/report/sweep-page.ts";
import { statsOf } from "../../../study/sweep/stats.ts";
import { cells, identity, runs } from "./sweep-fixture.ts";

const grid = (fields: Record<string, readonly unknown[]>): { values: Record<string, unknown> }[] =>
  Object.entries(fields)
    .reduce<Record<string, unknown>[]>(
      (made, [field, values]) => made.flatMap((before) => values.map((value) => ({ ...before, [field]: value }))),
      [{}],
    )
    .map((values) => ({ values }));

describe("the layout of a sweep", () => {
  it("compares ways of recovery along the numbers that vary, and leaves out what does not", () => {
    const layout = new SweepLayout(cells);
    expect(layout).toMatchObject({
      seriesField: "olt.recovery",
      series: ["window", "parity", "unicast"],
      xField: "loss",
      xLabels: ["0", "0.01", "0.05"],
      // From 0.01 to 0.05 is not so far that the small values would lie in a corner.
      xAxis: { scale: "linear", at: [0, 0.01, 0.05], hasZeroApart: false },
      panels: [""],
    });
    expect(layout.place(cells[4].values)).toEqual({ series: 1, x: 1, panel: 0 });
  });

  it("puts numbers in order, and further fields into charts of their own", () => {
    const layout = new SweepLayout(
      grid({ "olt.mode": ["unicast", "multicast"], onts: [128, 8, 32], "pon.profile": ["gpon", "xgspon"] }),
    );
    expect(layout).toMatchObject({ seriesField: "olt.mode", xField: "onts", xLabels: ["8", "32", "128"] });
    expect(layout.panels).toEqual(["pon.profile gpon", "pon.profile xgspon"]);
  });

  it.each([
    [{}, { seriesField: "", xField: "", xLabels: [""], panels: [""] }],
    [{ onts: [1, 2] }, { seriesField: "", xField: "onts" }],
    [
      { "olt.mode": ["unicast", "multicast"] },
      { seriesField: "olt.mode", xField: "", xAxis: { scale: "places", at: [0] } },
    ],
    [
      { case: ["a", "b"], impairments: [[], [{ kind: "loss" }]] },
      { xLabels: ["none", "loss"], xAxis: { scale: "places", at: [0, 1] } },
    ],
    [
      { loss: [0, 1], onts: [1, 2, 3] },
      { seriesField: "onts", xField: "loss" },
    ],
  ])("of %o", (fields, expected) => {
    expect(new SweepLayout(grid(fields))).toMatchObject(expected);
  });

  it("finds every combination's place, each another one", () => {
    const all = grid({ loss: [0, 0.1], "olt.recovery": ["a", "b"], onts: [1, 2, 4], case: ["x", "y"] });
    const layout = new SweepLayout(all);
    const places = new Set(all.map(({ values }) => JSON.stringify(layout.place(values))));
    expect(places.size).toBe(24);
    expect([...places].join()).not.toContain("-1");
  });
});

describe("the report of a sweep", () => {
  const report = sweepReport(identity, statsOf(cells, runs), runs);

  it("has mean and interval of every combination", () => {
    const copies = report.charts.charts.find(({ id }) => id === "imageCopies-0")!;
    // Seeds 1 to 4: luck of 0.2, 0.4, 0.6, 0.8 at a loss of 1 %.
    expect(copies.points[1][1]!.mean).toBeCloseTo(1.51, 10);
    expect(copies.points[1][1]!.ci95).toBeCloseTo((3.182 * 0.258199) / 2, 5);
    expect(copies.points[1][0]).toEqual({ mean: 1, ci95: 0, runs: 4 });
    expect(copies.logarithmic).toBe(true);
    const download = report.charts.charts.find(({ id }) => id === "downloadSeconds-0")!;
    expect(download.logarithmic).toBe(false);
    expect(download.points[2].map((point) => point!.runs)).toEqual([3, 3, 3]);
  });

  it("compares seed by seed with the way that sends the fewest copies", () => {
    expect(report.layout.series[report.reference]).toBe("parity");
    const [copies, download] = report.differences;
    const differences = copies.rows.map(({ x, series, stats }) => [
      x,
      series,
      Number(stats.mean.toFixed(6)),
      stats.count,
    ]);
    // The luck of the seeds, which the intervals of the means are full of, is not in the differences.
    expect(differences).toEqual([
      [0, 0, 0, 4],
      [0, 2, 0, 4],
      [1, 0, 0.39, 4],
      [1, 2, 59.99, 4],
      [2, 0, 0.39, 4],
      [2, 2, 59.99, 4],
    ]);
    for (const { stats } of copies.rows) expect(stats.ci95).toBeCloseTo(0, 6);
    expect(download.rows.map(({ stats }) => stats.count)).toEqual([4, 3, 4, 3, 4, 3]);
  });

  it("shows outcomes that differ, and says how many runs were not as expected", () => {
    expect(report.charts.charts.map(({ id }) => id)).toEqual([
      "imageCopies-0",
      "downloadSeconds-0",
      "p50Seconds-0",
      "upstreamFrames-0",
      "committed-0",
    ]);
    const page = sweepPage(report);
    expect(page).toContain("36 runs, 9 combinations × 4 seeds, 3 runs not as the scenario expects");
    expect(page).toContain("Which way costs &lt;least&gt;?");
  });

  it("says when runs are still to come", () => {
    const some = runs.filter(({ seed }) => seed < 3);
    expect(sweepPage(sweepReport(identity, statsOf(cells, some), some))).toContain("18 of 36 runs");
  });

  it.each([
    [1.028967, 0.0021, "1.029 ±0.002"],
    [48.61, 2.61, "48.6 ±2.6"],
    [0.165001, 0.000003, "0.165"],
    [0.1658, 0.0022, "0.1658 ±0.0022"],
    [29384933, null, "29,384,933"],
    [8538, 120, "8,538 ±120"],
    [0, 0, "0"],
    [0, 0.5, "0.00 ±0.50"],
  ])("writes %d with interval %d as %s", (mean, ci95, text) => {
    expect(meanText({ mean, ci95 })).toBe(text);
  });
});
