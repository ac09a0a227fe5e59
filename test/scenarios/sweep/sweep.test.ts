import { spawn } from "node:child_process";
import { appendFileSync, existsSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import { ScenarioError } from "../../../scenarios/schema/index.ts";
import {
  describeFigure,
  loadSweep,
  mergeSweeps,
  parseShard,
  readRuns,
  runSweep,
  shardFrom,
  studentT95,
} from "../../../scenarios/sweep/index.ts";

const root = mkdtempSync(join(tmpdir(), "poncast-sweep-"));
afterAll(() => rmSync(root, { recursive: true, force: true }));
let folders = 0;
const fresh = (): string => join(root, `folder-${++folders}`);

function sweepFile(text: string): string {
  const path = join(root, `sweep-${++folders}.yaml`);
  writeFileSync(path, text);
  return path;
}
const preset = (name: string): string | undefined =>
  name === "default" ? resolve("scenarios/default.yaml") : undefined;
const text = `
name: tiny
scenario: default
fields: { onts: 4, image.bytes: 40000, olt.activate: false }
matrix:
  loss: [0, 0.05]
  olt.recovery: [parity, window]
seeds: 3
`;
const plan = loadSweep(sweepFile(text), preset);
const version = "test";
const files = ["runs.jsonl", "runs.csv", "stats.json", "stats.csv", "sweep.json"] as const;
const contents = (folder: string): string[] => files.map((file) => readFileSync(join(folder, file), "utf8"));

describe("a sweep", () => {
  it("gives the same files with any number of workers, and as shards put together", async () => {
    const whole = await runSweep(plan, { out: fresh(), jobs: 1, version });
    expect(whole).toMatchObject({ complete: true });
    expect(whole.runs).toHaveLength(12);
    const busy = await runSweep(plan, { out: fresh(), jobs: 3, version });
    expect(contents(busy.folder)).toEqual(contents(whole.folder));
    const parts = [fresh(), fresh(), fresh()];
    for (const [index, out] of parts.entries())
      await runSweep(plan, { out, jobs: 2, version, shard: { index: index + 1, count: 3 } });
    const merged = mergeSweeps(parts, fresh());
    expect(contents(merged.folder)).toEqual(contents(whole.folder));
    expect(() => mergeSweeps(parts.slice(1), fresh())).toThrow("4 of 12 runs are missing: 0, 3, 6, 9");
    expect(() => mergeSweeps([...parts, parts[0]], fresh())).toThrow("run 0 is in");
    expect(() => mergeSweeps(parts, merged.folder)).toThrow("not empty");
    const other = await runSweep(plan, { out: fresh(), jobs: 1, version: "later", shard: { index: 1, count: 3 } });
    expect(() => mergeSweeps([parts[1], other.folder], fresh())).toThrow("different versions");
  });

  it("has what its runs have: no loss, no repairs", async () => {
    const { stats } = await runSweep(plan, { out: fresh(), jobs: 2, version });
    expect(stats.map(({ values }) => values)).toEqual([
      { loss: 0, "olt.recovery": "parity" },
      { loss: 0, "olt.recovery": "window" },
      { loss: 0.05, "olt.recovery": "parity" },
      { loss: 0.05, "olt.recovery": "window" },
    ]);
    expect(stats[0].figures.imageCopies).toMatchObject({ count: 3, mean: 1, ci95: 0, p50: 1, p99: 1 });
    expect(stats[3].figures.imageCopies!.mean).toBeGreaterThan(stats[2].figures.imageCopies!.mean);
    expect(stats.every(({ missed }) => missed === 0)).toBe(true);
  });

  it("goes on where it was ended: what is there is kept, a line that was cut off is run again", async () => {
    const out = fresh();
    const part = await runSweep(plan, { out, jobs: 1, version, shard: { index: 1, count: 2 } });
    const runs = join(part.folder, "runs.jsonl");
    appendFileSync(runs, '{"index":7,"cell":2,"se');
    const progress: number[] = [];
    const whole = await runSweep(plan, { out, jobs: 1, version, onProgress: (done) => progress.push(done) });
    expect(progress).toEqual([6, 7, 8, 9, 10, 11, 12]);
    expect(whole.runs.map(({ index }) => index).sort((a, b) => a - b)).toEqual(Array.from({ length: 12 }, (_, i) => i));
    expect(readRuns(out)).toHaveLength(12);
  });

  it("keeps what was done when it is killed", async () => {
    const out = fresh();
    const file = sweepFile(text.replace("seeds: 3", "seeds: 40"));
    const words = [resolve("cli/poncast.mjs"), "sweep", file, "--out", out, "--jobs", "1", "--quiet"];
    const child = spawn(process.execPath, words, { stdio: "ignore" });
    const ended = new Promise((done) => child.on("exit", done));
    const runs = join(out, "runs.jsonl");
    while (!existsSync(runs) || statSync(runs).size < 3000) await new Promise((done) => setTimeout(done, 5));
    child.kill("SIGKILL");
    await ended;
    const done = readRuns(out).length;
    expect(done).toBeGreaterThan(0);
    expect(done).toBeLessThan(160);
    const again = spawn(process.execPath, words, { stdio: "ignore" });
    expect(await new Promise((finish) => again.on("exit", finish))).toBe(0);
    expect(readRuns(out)).toHaveLength(160);
  });

  it("refuses a folder with another sweep", async () => {
    const out = fresh();
    await runSweep(plan, { out, jobs: 1, version, shard: { index: 1, count: 12 } });
    const other = loadSweep(sweepFile(text.replace("0.05", "0.06")), preset);
    await expect(runSweep(other, { out, jobs: 1, version })).rejects.toThrow("holds another sweep");
  });
});

describe("a sweep file that cannot be used", () => {
  it.each([
    ["name: a\nscenario: nowhere", /scenario: nowhere is neither a preset nor a file/],
    ["name: a\nscenario: default\nmatrx: {}", /:3:\d+: matrx: no such field; did you mean matrix\?/],
    ["name: a\nscenario: default\nseeds: 0", /:3:\d+: seeds: .*1 to 100000/],
    [
      "name: a\nscenario: default\nmatrix: { olt.recovry: [parity] }",
      /olt\.recovry "parity": no such field; did you mean recovery\?/,
    ],
    ["name: a\nscenario: default\nmatrix: { loss: [0.1, 2] }", /loss 2: 2 is not allowed/],
    ["name: a\nscenario: default\nmatrix: { loss: [0.1", /:\d+:\d+: /],
  ])("%j", (content, message) => {
    expect(() => loadSweep(sweepFile(content), preset)).toThrow(ScenarioError);
    expect(() => loadSweep(sweepFile(content), preset)).toThrow(message);
  });
});

describe("shards", () => {
  it("are told by an option or by the surroundings", () => {
    expect(parseShard("2/8")).toEqual({ index: 2, count: 8 });
    for (const wrong of ["0/8", "9/8", "2", "a/b", ""]) expect(() => parseShard(wrong)).toThrow("--shard");
    expect(shardFrom({})).toBeUndefined();
    expect(shardFrom({ SLURM_ARRAY_TASK_ID: "4", SLURM_ARRAY_TASK_COUNT: "3", SLURM_ARRAY_TASK_MIN: "3" })).toEqual({
      index: 2,
      count: 3,
    });
    expect(() => shardFrom({ SLURM_ARRAY_TASK_ID: "9", SLURM_ARRAY_TASK_COUNT: "3" })).toThrow("SLURM_ARRAY_TASK_ID");
    expect(shardFrom({ JOB_COMPLETION_INDEX: "0", PONCAST_SHARDS: "5" })).toEqual({ index: 1, count: 5 });
    expect(() => shardFrom({ JOB_COMPLETION_INDEX: "0" })).toThrow("PONCAST_SHARDS");
  });
});

describe("statistics", () => {
  it("are those of the textbook", () => {
    // 1…5: variance 2.5, t(4) = 2.776.
    expect(describeFigure([5, 1, 4, 2, 3])).toMatchObject({
      count: 5,
      mean: 3,
      p50: 3,
      p95: 5,
      p99: 5,
      least: 1,
      most: 5,
    });
    expect(describeFigure([5, 1, 4, 2, 3])!.ci95).toBeCloseTo(2.776 * Math.sqrt(2.5 / 5), 6);
    expect(describeFigure([7])).toMatchObject({ mean: 7, ci95: null });
    expect(describeFigure([])).toBeNull();
    expect(studentT95(40)).toBeCloseTo(2.0211, 3);
    expect(studentT95(120)).toBeCloseTo(1.9799, 3);
  });
});
