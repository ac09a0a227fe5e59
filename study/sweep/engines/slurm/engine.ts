/** Slurm: an array whose tasks have many runs each. What it carries is asked of Slurm itself, by the names of its jobs. */
import { createHash } from "node:crypto";
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import { commandFile } from "../command-file.ts";
import { sweepKey } from "../ids.ts";
import { PartsReader } from "../parts.ts";
import { idsOfTasks, writeTasks } from "../tasks.ts";
import type { EngineEvent, FoundRecord, RunId, SweepEngine } from "../types.ts";
import { engineFolder, partsFolder, type VersionedPlan, writePlan } from "../work-folder.ts";
import { writeSweepFile } from "../../store.ts";
import { slurm } from "./commands.ts";
import { arrayScript } from "./script.ts";

const POLL_MS = 2000;
/** Folders that hosts share may be behind: so often is looked again before results count as missing. */
const LOOKS_MAX = 3;
const NAME_DIGITS = 12;

export interface SlurmOptions {
  /** Tasks of an array; by default one for some dozen runs. */
  tasks?: number;
  /** Runs at the same time in each task, and its CPUs. */
  jobs: number;
}

export class SlurmEngine implements SweepEngine {
  readonly #sweepFolder: string;
  readonly #folder: string;
  readonly #plan: VersionedPlan;
  readonly #options: SlurmOptions;
  readonly #parts: PartsReader;
  readonly #name: string;

  private constructor(sweepFolder: string, plan: VersionedPlan, options: SlurmOptions) {
    this.#sweepFolder = sweepFolder;
    this.#folder = engineFolder(sweepFolder, "slurm");
    this.#plan = plan;
    this.#options = options;
    this.#parts = new PartsReader(partsFolder(sweepFolder));
    const hash = createHash("sha256")
      .update(`${sweepFolder}\0${sweepKey(plan)}`)
      .digest("hex");
    this.#name = `poncast-${hash.slice(0, NAME_DIGITS)}`;
  }

  /** @throws RunInputError: there is no Slurm, or it does not answer */
  static async open(sweepFolder: string, plan: VersionedPlan, options: SlurmOptions): Promise<SlurmEngine> {
    await slurm("squeue", ["--noheader", "--me", "--format=%A"]);
    return new SlurmEngine(sweepFolder, plan, options);
  }

  async plan(open: readonly RunId[]): Promise<readonly RunId[]> {
    const carried = new Set<RunId>();
    for (const array of this.#arrays())
      if ((await this.#states([array])).length > 0)
        for (const id of idsOfTasks(this.#tasksFile(array))) carried.add(id);
    return open.filter((id) => !carried.has(id));
  }

  async submit(ids: readonly RunId[]): Promise<void> {
    if (ids.length === 0) return;
    writePlan(this.#sweepFolder, this.#plan);
    const array = Math.max(0, ...this.#arrays()) + 1;
    const folder = join(this.#folder, String(array));
    const { jobs, tasks: wanted } = this.#options;
    const { file, tasks } = writeTasks(folder, this.#plan, ids, wanted);
    const script = join(folder, "array.sh");
    const place = { node: process.execPath, command: commandFile(), sweepFolder: this.#sweepFolder };
    writeSweepFile(script, arrayScript({ ...place, idsFile: file, jobs }));
    await slurm("sbatch", [
      "--parsable",
      `--array=1-${tasks}`,
      `--job-name=${this.#jobName(array)}`,
      `--cpus-per-task=${jobs}`,
      `--output=${join(folder, "%a.out")}`,
      `--error=${join(folder, "%a.err")}`,
      script,
    ]);
  }

  async *events(signal: AbortSignal): AsyncIterable<EngineEvent> {
    let isAway = false;
    for (let looks = 0; looks < LOOKS_MAX && !signal.aborted;) {
      try {
        const states = await this.#states(this.#arrays());
        looks = states.length > 0 ? 0 : looks + 1;
        isAway = false;
        // What is there is taken before and after the last task has gone.
        yield { type: "progress", workers: states.filter((state) => state !== "PENDING").length };
      } catch (error) {
        // A controller is started again now and then; its tasks go on.
        if (!isAway) yield { type: "note", text: `${(error as Error).message}; waiting` };
        isAway = true;
      }
      await pause(POLL_MS, undefined, { signal }).catch(() => undefined);
    }
    if (!signal.aborted) yield { type: "idle", problem: this.#problem() };
  }

  collect(): FoundRecord[] {
    return this.#parts.next();
  }

  async cancel(): Promise<void> {
    for (const array of this.#arrays())
      await slurm("scancel", ["--me", `--name=${this.#jobName(array)}`]).catch(() => undefined);
  }

  close(): Promise<void> {
    return Promise.resolve();
  }

  #jobName(array: number): string {
    return `${this.#name}-${array}`;
  }

  #tasksFile(array: number): string {
    return join(this.#folder, String(array), "tasks.txt");
  }

  /** Those that were ever written here. */
  #arrays(): number[] {
    if (!existsSync(this.#folder)) return [];
    return readdirSync(this.#folder)
      .map(Number)
      .filter((array) => existsSync(this.#tasksFile(array)));
  }

  /** Of the tasks that wait or run. */
  async #states(arrays: readonly number[]): Promise<string[]> {
    if (arrays.length === 0) return [];
    const names = arrays.map((array) => this.#jobName(array)).join(",");
    const said = await slurm("squeue", ["--noheader", "--array", "--me", `--name=${names}`, "--format=%T"]);
    return said.split("\n").filter(Boolean);
  }

  /** The last words of the first task that has some. */
  #problem(): string {
    const folder = join(this.#folder, String(Math.max(...this.#arrays())));
    const names = readdirSync(folder).filter((name) => name.endsWith(".err"));
    for (const name of names) {
      const last = readFileSync(join(folder, name), "utf8").trimEnd().split("\n").at(-1);
      if (last) return `slurm: task ${name.replace(".err", "")}: ${last}`;
    }
    return `slurm: tasks ended without a word, see ${folder}; the same command goes on`;
  }
}
