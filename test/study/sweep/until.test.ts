/** Seeds until an interval is narrow, and ways compared seed by seed, on runs that are made here. */
import { describe, expect, it } from "vitest";
import { FIGURES, type Figures } from "../../../run/result/index.ts";
import {
  compareRuns,
  type RunRecord,
  runsOf,
  runUntil,
  type SweepOutcome,
  type SweepPlan,
} from "../../../study/sweep/index.ts";

const CELLS = ["parity", "window"].flatMap((way, at) =>
  [0.01, 0.05].map((loss, place) => ({ index: at * 2 + place, values: { case: way, loss } })),
);
const PLAN = {
  name: "small",
  question: "",
  base: { file: "", text: "" },
  fields: {},
  cases: {},
  digest: "",
  cells: CELLS,
  seeds: 3,
};

/** What all ways share with a seed is large, what sets them apart is small. */
function recordOf({ index, cell, seed }: { index: number; cell: number; seed: number }): RunRecord {
  const shared = ((seed * 7919) % 101) / 10;
  const own = cell + ((seed * (cell + 3) * 31) % 17) / 100;
  const figures = Object.fromEntries(FIGURES.map((figure) => [figure, 20 + shared + own])) as Figures;
  return { index, cell, seed, values: CELLS[cell].values, version: "", digest: "", figures, exitCode: 0, reasons: [] };
}

/** Runs what is not there yet, as a sweep does, and stops after so many when it is to be interrupted. */
function folder(interruptAfter = Infinity) {
  const there = new Map<number, RunRecord>();
  const asked: number[] = [];
  let left = interruptAfter;
  const run = (plan: SweepPlan): Promise<SweepOutcome> => {
    asked.push(plan.seeds);
    for (const one of runsOf(plan)) if (!there.has(one.index) && left-- > 0) there.set(one.index, recordOf(one));
    const runs = [...there.values()];
    return Promise.resolve({
      folder: "",
      stats: [],
      runs,
      complete: runsOf(plan).every(({ index }) => there.has(index)),
    });
  };
  return { asked, run, goOn: () => (left = Infinity) };
}

const OPTIONS = { out: "/nowhere/at/all", jobs: 1, version: "" };
const ASK = { share: 0.02, figure: "downloadSeconds", seedsMax: 500 } as const;

describe("seeds until an interval is narrow", () => {
  it("are as many as it takes, on the same way after an interruption", async () => {
    const whole = folder();
    const found = await runUntil(PLAN, OPTIONS, ASK, whole.run);
    expect(found.isReached).toBe(true);
    expect(whole.asked[0]).toBe(10);
    expect(found.seeds).toBe(whole.asked.at(-1));
    expect(found.runs).toHaveLength(found.seeds * CELLS.length);
    const cut = folder(57);
    expect(await runUntil(PLAN, OPTIONS, ASK, cut.run)).toMatchObject({ complete: false, isReached: false });
    cut.goOn();
    const after = await runUntil(PLAN, OPTIONS, ASK, cut.run);
    expect(after.seeds).toBe(found.seeds);
    expect(after.runs.toSorted((one, other) => one.index - other.index)).toEqual(
      found.runs.toSorted((one, other) => one.index - other.index),
    );
  });

  it("end at the most, and say that it was not enough", async () => {
    const found = await runUntil(PLAN, OPTIONS, { ...ASK, share: 0.0001, seedsMax: 25 }, folder().run);
    expect(found).toMatchObject({ seeds: 25, isReached: false, complete: true });
  });
});

describe("ways seed by seed", () => {
  const runs = runsOf({ cells: CELLS, seeds: 12 }).map(recordOf);

  it("have differences far narrower than their own spread", () => {
    const { by, against, rows, warnings } = compareRuns({ cells: CELLS }, runs, { figure: "imageCopies" });
    expect({ by, against, warnings }).toEqual({ by: "case", against: "parity", warnings: [] });
    expect(rows.map(({ others, value }) => [value, others.loss])).toEqual([
      ["window", 0.01],
      ["window", 0.05],
    ]);
    for (const { difference } of rows) {
      expect(difference!.mean).toBeCloseTo(2, 0);
      expect(difference!.pairs).toBe(12);
      expect(difference!.half).toBeLessThan(difference!.unpairedHalf! / 10);
    }
  });

  it("are of any field, and of the seeds that both have", () => {
    const some = runs.filter(({ cell, seed }) => cell !== 1 || seed > 9);
    const { rows, warnings } = compareRuns({ cells: CELLS }, some, { by: "loss", against: "0.05", figure: "sections" });
    expect(rows.map(({ difference }) => difference!.pairs)).toEqual([3, 12]);
    expect(warnings).toEqual(["sections: 3 values; an interval of the mean takes at least 5"]);
    expect(() => compareRuns({ cells: CELLS }, runs, { by: "window", figure: "sections" })).toThrow(
      /--by: the sweep did not vary window; it varied case, loss/,
    );
    expect(() => compareRuns({ cells: CELLS }, runs, { by: "case", against: "unicast", figure: "sections" })).toThrow(
      /--against: case is never unicast; it is parity, window/,
    );
  });
});
