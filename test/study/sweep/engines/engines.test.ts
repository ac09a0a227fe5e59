/** What all engines stand on: ids, runs dealt out, results in parts, and results put together. */
import { appendFileSync, mkdirSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { loadSweep, type RunRecord, runsOf, taskFrom, taskSource } from "../../../../study/sweep/index.ts";
import { dealOut, idsOf, runOf, sweepKey } from "../../../../study/sweep/engines/ids.ts";
import { PartFile, PartsReader } from "../../../../study/sweep/engines/parts.ts";
import { tasksFor, writeTasks } from "../../../../study/sweep/engines/tasks.ts";
import { readPlan, writePlan } from "../../../../study/sweep/engines/work-folder.ts";
import { RunSet } from "../../../../study/sweep/run-set.ts";
import { identityOf } from "../../../../study/sweep/store.ts";
import { fresh, preset, sweepFile, tinySweep } from "../hands.ts";

const plan = { ...loadSweep(sweepFile(tinySweep), preset), version: "test" };
const ids = idsOf(plan, runsOf(plan));
const record = (index: number, exitCode: 0 | 1 = 0): RunRecord => {
  const run = runOf(plan, ids[index]);
  const { values } = plan.cells[run.cell];
  return {
    ...run,
    values,
    version: plan.version,
    digest: plan.digest,
    figures: {} as RunRecord["figures"],
    exitCode,
    reasons: [],
  };
};

describe("ids of runs", () => {
  it("say which run it is, and of which sweep and version", () => {
    expect(ids.map((id) => runOf(plan, id))).toEqual(runsOf(plan));
    expect(ids[3]).toBe(`${sweepKey(plan)}-3`);
    for (const other of [
      { ...plan, version: "later" },
      { ...plan, digest: "0" },
    ])
      expect(() => runOf(other, ids[0])).toThrow(`run ${ids[0]} is of another sweep, or of another version of poncast`);
  });

  it.each([1, 2, 5, 12])(
    "are dealt to %i tasks: each once, equal but for one, every task some of every seed",
    (tasks) => {
      const dealt = dealOut(ids, plan, tasks);
      expect(dealt.flat().toSorted()).toEqual(ids.toSorted());
      const sizes = dealt.map(({ length }) => length);
      expect(Math.max(...sizes) - Math.min(...sizes)).toBeLessThanOrEqual(1);
      // Not the same combination with each seed, which may be the heavy one.
      if (tasks === 2) expect(new Set(dealt[0].map((id) => runOf(plan, id).cell)).size).toBe(4);
    },
  );
});

describe("tasks", () => {
  it("have many runs each where nobody says how many there are", () => {
    expect([1, 50, 51, 1_000_000].map(tasksFor)).toEqual([1, 1, 2, 1000]);
  });

  it("take their line of the file", async () => {
    const { file, tasks } = writeTasks(fresh(), plan, ids, 5);
    expect(tasks).toBe(5);
    const taken: string[] = [];
    for (let task = 1; task <= tasks; task++)
      await taskSource(file, task).each(2, async (id) => void taken.push(id), new AbortController().signal);
    expect(taken.toSorted()).toEqual(ids.toSorted());
    expect(() => taskSource(file, 6)).toThrow("there is no task 6; there are 5");
    expect(() => taskSource("/nowhere", 1)).toThrow("--ids /nowhere: no such file");
    expect(writeTasks(fresh(), plan, ids.slice(0, 2), 5).tasks).toBe(2);
  });

  it("know their number from Slurm or Kubernetes", () => {
    expect(taskFrom({ SLURM_ARRAY_TASK_ID: "7" })).toBe(7);
    expect(taskFrom({ JOB_COMPLETION_INDEX: "0" })).toBe(1);
    for (const wrong of [{}, { SLURM_ARRAY_TASK_ID: "x" }, { JOB_COMPLETION_INDEX: "-1" }])
      expect(() => taskFrom(wrong)).toThrow("neither SLURM_ARRAY_TASK_ID nor JOB_COMPLETION_INDEX");
  });
});

describe("parts", () => {
  it("are read on as they grow; each worker has one of its own, and half a line is none", async () => {
    const folder = fresh();
    const reader = new PartsReader(folder);
    expect(reader.next()).toEqual([]);
    // A worker that is too late does not make the folder of a sweep that is whole anew.
    expect(() => new PartFile(folder)).toThrow(`${folder}: cannot be written: ENOENT`);
    mkdirSync(folder);
    const [a, b] = [new PartFile(folder), new PartFile(folder)];
    expect(readdirSync(folder)).toHaveLength(2);
    await Promise.all([a.append(record(0)), a.append(record(1)), b.append(record(2))]);
    expect(reader.next().map((found) => found.record.index)).toEqual([0, 1, 2]);
    expect(reader.next()).toEqual([]);
    const line = JSON.stringify(record(3));
    appendFileSync(b.path, line.slice(0, 20));
    expect(reader.next()).toEqual([]);
    appendFileSync(b.path, `${line.slice(20)}\nnot json\n`);
    expect(reader.next()).toEqual([{ record: record(3), where: b.path }]);
    a.close();
    b.close();
  });

  it("may be larger than what is read at once", async () => {
    const folder = fresh();
    mkdirSync(folder);
    const file = new PartFile(folder);
    const long = { ...record(0), reasons: ["ü".repeat(700_000)] };
    await file.append(long);
    await file.append(record(1));
    file.close();
    expect(new PartsReader(folder).next().map((found) => found.record)).toEqual([long, record(1)]);
  });
});

describe("results put together", () => {
  it("may be there twice, but not differently, nor from another sweep or version", () => {
    const runs = new RunSet(identityOf(plan, plan.version));
    expect(runs.add(record(4), "a")).toBe(true);
    expect(runs.add(record(4), "b")).toBe(false);
    expect(() => runs.add(record(4, 1), "b")).toThrow("b: run 4 has another result in a; were both made");
    for (const other of [{ version: "later" }, { digest: "0" }])
      expect(() => runs.add({ ...record(5), ...other }, "b")).toThrow("b: run 5 is of another sweep or version");
    expect(runs.records).toEqual([record(4)]);
  });
});

describe("the plan that workers find", () => {
  it("is what was planned, for the same version and images alone", () => {
    const folder = fresh();
    expect(() => readPlan(folder, "test")).toThrow("no sweep with work for an engine is in it");
    mkdirSync(folder);
    writePlan(folder, plan);
    expect(readPlan(folder, "test")).toEqual(plan);
    expect(() => readPlan(folder, "later")).toThrow("planned by poncast test, this is later");
    writePlan(folder, { ...plan, fields: { ...plan.fields, onts: 4 } });
    expect(() => readPlan(folder, "test")).toThrow("are not the same here as where the sweep was planned");
    appendFileSync(join(folder, "work", "plan.json"), "x");
    expect(() => readPlan(folder, "test")).toThrow("plan.json: not readable");
  });
});
