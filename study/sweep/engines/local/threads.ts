/** Threads that run what they are handed, each one run at a time: the same for a sweep on one machine and for workers of any engine. */
import { existsSync } from "node:fs";
import { dirname, join, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { Worker } from "node:worker_threads";
import { endThreads } from "../../../../base/errors/index.ts";
import { RunInputError } from "../../../../run/index.ts";
import type { SweepPlan, SweepRun } from "../../plan.ts";
import type { RunRecord } from "../../record.ts";
import type { WorkerAnswer, WorkerPlan, WorkerTask } from "../../worker.ts";

export class RunThreads {
  readonly #plan: SweepPlan;
  readonly #data: WorkerPlan;
  readonly #all = new Set<Worker>();
  #idle: Worker[] = [];

  constructor(plan: SweepPlan, version: string) {
    const { base, fields, cases, digest } = plan;
    this.#plan = plan;
    this.#data = { source: { base, fields, cases, digest }, version };
  }

  /** On a thread that is idle, else on a new one: the caller says how many there are, by not asking for more at once. */
  run(run: SweepRun): Promise<RunRecord> {
    const thread = this.#idle.pop() ?? this.#start();
    return new Promise((done, fail) => {
      const failed = (text: string): void => {
        const values = JSON.stringify(this.#plan.cells[run.cell]?.values);
        fail(new RunInputError(`sweep: combination ${values}, seed ${run.seed}: ${text}`));
      };
      const gone = (text: string): void => {
        this.#all.delete(thread);
        this.#idle = this.#idle.filter((other) => other !== thread);
        failed(text);
      };
      thread.removeAllListeners();
      thread.on("error", (error) => gone((error as Error).message));
      thread.on("exit", (code) => gone(`its worker ended with code ${code}`));
      thread.on("message", (answer: WorkerAnswer) => {
        this.#idle.push(thread);
        if ("error" in answer) failed(answer.error);
        else done(answer.record);
      });
      thread.postMessage({ run, values: this.#plan.cells[run.cell].values } satisfies WorkerTask);
    });
  }

  /** What runs is given up. */
  async close(): Promise<void> {
    const threads = [...this.#all];
    this.#all.clear();
    await endThreads(threads);
  }

  #start(): Worker {
    const thread = new Worker(workerFile(), { workerData: this.#data });
    this.#all.add(thread);
    return thread;
  }
}

function workerFile(): string {
  const here = dirname(fileURLToPath(import.meta.url));
  const candidates = [join(here, "worker.js"), resolve(here, "../../../../dist/worker.js")];
  const found = candidates.find((path) => existsSync(path));
  if (found === undefined) throw new RunInputError(`no worker.js in ${here}; run: npm run build`);
  return found;
}
