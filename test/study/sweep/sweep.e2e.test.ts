/** A sweep leaves the same files however it is split up, interrupted or continued. */
import { appendFileSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import {
  inShard,
  loadSweep,
  mergeSweeps,
  parseShard,
  readRuns,
  runsOf,
  runSweep,
  shardFrom,
  type SweepProgress,
} from "../../../study/sweep/index.ts";
import { contentsOf, fresh, preset, sweepFile, tinySweep } from "./hands.ts";

const plan = loadSweep(sweepFile(tinySweep), preset);
const version = "test";
const part = (index: number, count: number): { index: number; count: number } => ({ index, count });

describe("a sweep", () => {
  it("gives the same files with any number of workers, and as shards put together", async () => {
    const whole = await runSweep(plan, { out: fresh(), jobs: 1, version });
    expect(whole).toMatchObject({ complete: true });
    expect(whole.runs).toHaveLength(12);
    const busy = await runSweep(plan, { out: fresh(), jobs: 3, version });
    expect(contentsOf(busy.folder)).toEqual(contentsOf(whole.folder));
    const parts = [fresh(), fresh(), fresh()];
    for (const [before, out] of parts.entries())
      await runSweep(plan, { out, jobs: 2, version, shard: part(before + 1, 3) });
    const merged = mergeSweeps(parts, fresh());
    expect(contentsOf(merged.folder)).toEqual(contentsOf(whole.folder));
    expect(() => mergeSweeps(parts.slice(1), fresh())).toThrow("4 of 12 runs are missing: 0, 3, 5, 11");
    // A worker that was taken for dead may have ended its run: what is there twice is the same, or refused.
    expect(contentsOf(mergeSweeps([...parts, parts[0]], fresh()).folder)).toEqual(contentsOf(whole.folder));
    const path = join(parts[0], "runs.jsonl");
    const lines = readFileSync(path, "utf8");
    writeFileSync(path, lines.replace('"exitCode":0', '"exitCode":1'));
    expect(() => mergeSweeps([whole.folder, ...parts], fresh())).toThrow("run 0 has another result in");
    writeFileSync(path, lines.replace('"exitCode":0', '"exitCode":1') + lines);
    expect(() => mergeSweeps(parts, fresh())).toThrow("run 0 is there with two results");
    writeFileSync(path, lines);
    expect(() => mergeSweeps(parts, merged.folder)).toThrow("not empty");
  });

  it("is not put together with another version, another sweep or other seeds", async () => {
    const first = await runSweep(plan, { out: fresh(), jobs: 1, version, shard: part(1, 12) });
    const mixed = async (file: string, seeds: number, by: string): Promise<() => unknown> => {
      const other = await runSweep(loadSweep(file, preset, seeds), {
        out: fresh(),
        jobs: 1,
        version: by,
        shard: part(2, 12),
      });
      return () => mergeSweeps([first.folder, other.folder], fresh());
    };
    expect(await mixed(sweepFile(tinySweep), 3, "later")).toThrow("different versions of poncast, later and test");
    expect(await mixed(sweepFile(tinySweep.replace("0.05", "0.06")), 3, version)).toThrow("different sweeps");
    expect(await mixed(sweepFile(tinySweep), 4, version)).toThrow("different seeds, 4 and 3");
    expect(() => mergeSweeps([fresh()], fresh())).toThrow("no sweep is in it");
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
    const half = await runSweep(plan, { out, jobs: 1, version, shard: part(1, 2) });
    const path = join(half.folder, "runs.jsonl");
    const before = readFileSync(path, "utf8");
    appendFileSync(path, '{"index":7,"cell":2,"se');
    const progress: [number, number][] = [];
    // At any time a kill would leave all that was done, whatever stood there before.
    const onProgress = ({ done }: SweepProgress): void => void progress.push([done, readRuns(out).length]);
    const whole = await runSweep(plan, { out, jobs: 1, version, onProgress });
    expect(progress).toEqual([6, 7, 8, 9, 10, 11, 12].map((done) => [done, done]));
    expect(whole.runs.map(({ index }) => index).sort((a, b) => a - b)).toEqual(Array.from({ length: 12 }, (_, i) => i));
    expect(readRuns(out)).toHaveLength(12);
    const after = readFileSync(path, "utf8").split("\n");
    for (const line of before.trimEnd().split("\n")) expect(after).toContain(line);
  });

  it("takes more seeds later, and is then as if it had had them from the start", async () => {
    const out = fresh();
    await runSweep(plan, { out, jobs: 1, version });
    const more = loadSweep(sweepFile(tinySweep), preset, 4);
    const progress: number[] = [];
    await runSweep(more, { out, jobs: 1, version, onProgress: ({ done }) => progress.push(done) });
    expect(progress[0]).toBe(12);
    const atOnce = await runSweep(more, { out: fresh(), jobs: 2, version });
    expect(contentsOf(out)).toEqual(contentsOf(atOnce.folder));
    await expect(runSweep(plan, { out, jobs: 1, version })).rejects.toThrow("ask for --seeds 4 or more");
  });

  it("keeps away from folders with another sweep or other files", async () => {
    const out = fresh();
    await runSweep(plan, { out, jobs: 1, version, shard: part(1, 12) });
    const other = loadSweep(sweepFile(tinySweep.replace("0.05", "0.06")), preset);
    await expect(runSweep(other, { out, jobs: 1, version })).rejects.toThrow("holds another sweep");
    await expect(runSweep(plan, { out, jobs: 1, version: "later" })).rejects.toThrow("was begun with poncast test");
    const file = sweepFile("nothing");
    await expect(runSweep(plan, { out: file, jobs: 1, version })).rejects.toThrow("cannot be written");
    await expect(runSweep(plan, { out: join(file, ".."), jobs: 1, version })).rejects.toThrow("holds other files");
  });

  it("is another one when an image it names has changed", () => {
    const image = sweepFile("one");
    const file = sweepFile(`name: a\nscenario: { onts: 1, image: { file: ${image}, keyFile: ${image} } }`);
    const { digest } = loadSweep(file, preset);
    expect(loadSweep(file, preset).digest).toBe(digest);
    writeFileSync(image, "two");
    expect(loadSweep(file, preset).digest).not.toBe(digest);
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
    expect(shardFrom({ JOB_COMPLETION_INDEX: "4", PONCAST_SHARDS: "3" }, "5")).toEqual({ index: 5, count: 5 });
    expect(() => shardFrom({ JOB_COMPLETION_INDEX: "0" })).toThrow("--shards (or PONCAST_SHARDS)");
    for (const wrong of ["5", "x", ""])
      expect(() => shardFrom({ JOB_COMPLETION_INDEX: "5" }, wrong)).toThrow(/^--shards: .* JOB_COMPLETION_INDEX, 5/);
    expect(() => shardFrom({}, "5")).toThrow("--shards: JOB_COMPLETION_INDEX is not set");
  });

  it.each([
    [16, 20, 4],
    [4, 3, 12],
    [1, 7, 3],
    [5, 9, 7],
  ])("of %i cells and %i seeds into %i are equal but for one, and all of it", (cellCount, seeds, count) => {
    const cells = Array.from({ length: cellCount }, (_, index) => ({ index, values: {} }));
    const runs = runsOf({ cells, seeds });
    expect(runs.map(({ index }) => index)).toEqual(runs.map((_, index) => index));
    const sizes = Array.from(
      { length: count },
      (_, before) => runs.filter((run) => inShard(run, cellCount, part(before + 1, count))).length,
    );
    expect(sizes.reduce((sum, size) => sum + size, 0)).toBe(runs.length);
    expect(Math.max(...sizes) - Math.min(...sizes)).toBeLessThanOrEqual(1);
  });

  it("have of every cell, when there are seeds enough", () => {
    const cells = Array.from({ length: 16 }, (_, index) => ({ index, values: {} }));
    const own = runsOf({ cells, seeds: 20 }).filter((run) => inShard(run, 16, part(1, 4)));
    expect(new Set(own.map(({ cell }) => cell)).size).toBe(16);
  });
});
