/** Runs dealt out beforehand, for engines that start so many tasks and give each a number: a line of a file for each task. */
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { RunInputError } from "../../../run/index.ts";
import { makeFolder, writeSweepFile } from "../store.ts";
import { dealOut } from "./ids.ts";
import { ListSource } from "./list.ts";
import type { RunId } from "./types.ts";
import type { VersionedPlan } from "./work-folder.ts";

const FILE = "tasks.txt";
/** To start a task takes as long as some hundred small runs: each gets many. */
const RUNS_PER_TASK = 50;
/** Slurm's default for the length of an array is 1,001. */
const TASKS_MAX = 1000;

/** How many tasks so many runs are dealt to, where nobody says it. */
export const tasksFor = (runs: number): number => Math.min(TASKS_MAX, Math.ceil(runs / RUNS_PER_TASK));

/** @returns the file, and how many tasks there are: none without a run */
export function writeTasks(
  folder: string,
  plan: VersionedPlan,
  ids: readonly RunId[],
  wanted: number | undefined,
): { file: string; tasks: number } {
  const tasks = Math.min(wanted ?? tasksFor(ids.length), ids.length);
  const lines = dealOut(ids, plan, tasks).map((task) => `${task.join(" ")}\n`);
  makeFolder(folder);
  const file = join(folder, FILE);
  writeSweepFile(file, lines.join(""));
  return { file, tasks };
}

/** All ids that a file deals out. */
export const idsOfTasks = (file: string): RunId[] => linesOf(file).flatMap((line) => line.split(" "));

/** The ids of one task. @param task from 1. @throws RunInputError */
export function taskSource(file: string, task: number): ListSource {
  const lines = linesOf(file);
  const line = lines[task - 1];
  if (line === undefined) throw new RunInputError(`${file}: there is no task ${task}; there are ${lines.length}`);
  return new ListSource(line.split(" "));
}

function linesOf(file: string): string[] {
  if (!existsSync(file)) throw new RunInputError(`--ids ${file}: no such file`);
  return readFileSync(file, "utf8").split("\n").filter(Boolean);
}

type Environment = Readonly<Partial<Record<string, string>>>;

/** The number of this task as its surroundings say it: an array of Slurm's (from 1, as we ask for it), or an indexed job of Kubernetes (from 0). */
export function taskFrom({ SLURM_ARRAY_TASK_ID, JOB_COMPLETION_INDEX }: Environment): number {
  const task = SLURM_ARRAY_TASK_ID === undefined ? Number(JOB_COMPLETION_INDEX) + 1 : Number(SLURM_ARRAY_TASK_ID);
  if (Number.isInteger(task) && task >= 1) return task;
  throw new RunInputError("--ids: neither SLURM_ARRAY_TASK_ID nor JOB_COMPLETION_INDEX says which task this is");
}
