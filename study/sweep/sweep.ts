/** Runs a sweep on worker threads, taking up what its folder already has. What a run does is the workers' business. */
import { existsSync } from "node:fs";
import { dirname, join, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { Worker } from "node:worker_threads";
import { RunInputError } from "../../run/index.ts";
import { runsOf, type SweepPlan, type SweepRun } from "./plan.ts";
import type { RunRecord } from "./record.ts";
import { inShard, type Shard } from "./shard.ts";
import { type CellStats, statsOf } from "./stats.ts";
import { identityOf, SWEEP_FILES, type SweepIdentity, SweepStore, writeSweepFile } from "./store.ts";
import { runsTable, statsTable } from "./tables.ts";
import type { WorkerAnswer, WorkerPlan, WorkerTask } from "./worker.ts";

export interface SweepOptions {
  out: string;
  /** Workers at the same time. */
  jobs: number;
  shard?: Shard;
  version: string;
  signal?: AbortSignal;
  /** After each run, and once at the beginning. */
  onProgress?: (done: number, total: number) => void;
}

export interface SweepOutcome {
  folder: string;
  stats: CellStats[];
  runs: readonly RunRecord[];
  /** Every run of this sweep, or of its shard, is there. */
  complete: boolean;
}

/**
 * Runs what of a sweep is not in its folder yet.
 *
 * @throws RunInputError when the folder holds something else, or a run fails for a reason that is not in its result
 */
export async function runSweep(plan: SweepPlan, options: SweepOptions): Promise<SweepOutcome> {
  const { out, shard = { index: 1, count: 1 }, version } = options;
  const folder = resolve(out);
  const identity = identityOf(plan, version);
  const store = new SweepStore(folder, identity);
  const wanted = runsOf(plan).filter((run) => inShard(run, plan.cells.length, shard));
  const there = new Set(store.runs.map(({ index }) => index));
  const open = wanted.filter(({ index }) => !there.has(index));
  const report = (): void => options.onProgress?.(wanted.length - open.length + ended, wanted.length);
  let ended = 0;
  report();
  try {
    await runAll(plan, open, options, (record) => {
      store.append(record);
      ended++;
      report();
    });
  } finally {
    store.close();
  }
  const stats = writeStats(folder, identity, store.runs);
  return { folder, stats, runs: store.runs, complete: ended === open.length };
}

/** Tables and statistics beside the runs. */
export function writeStats(folder: string, identity: SweepIdentity, runs: readonly RunRecord[]): CellStats[] {
  const stats = statsOf(identity.cells, runs);
  writeSweepFile(join(folder, SWEEP_FILES.stats), `${JSON.stringify({ ...identity, stats }, undefined, 2)}\n`);
  writeSweepFile(join(folder, SWEEP_FILES.statsTable), statsTable(stats));
  writeSweepFile(join(folder, SWEEP_FILES.runsTable), runsTable(identity.cells, runs));
  return stats;
}

/** The runs one after the other, on as many threads as are asked for. */
async function runAll(
  plan: SweepPlan,
  open: readonly SweepRun[],
  { jobs, version, signal }: SweepOptions,
  onRecord: (record: RunRecord) => void,
): Promise<void> {
  const { base, fields, cases, digest } = plan;
  const workerData: WorkerPlan = { source: { base, fields, cases, digest }, version };
  const waiting = open.values();
  // What runs when somebody interrupts is not waited for: it is run again when the sweep goes on.
  const interrupted = new Promise<void>((done) => signal?.addEventListener("abort", () => done(), { once: true }));
  const threads = Array.from({ length: Math.min(jobs, open.length) }, () => new Worker(workerFile(), { workerData }));
  try {
    await Promise.race([Promise.all(threads.map((thread) => serve(thread, plan, waiting, onRecord))), interrupted]);
  } finally {
    await Promise.all(threads.map((thread) => thread.terminate()));
  }
}

/** Hands runs to one thread until there are none left. */
function serve(
  thread: Worker,
  plan: SweepPlan,
  waiting: Iterator<SweepRun>,
  onRecord: (record: RunRecord) => void,
): Promise<void> {
  return new Promise((done, fail) => {
    let current: SweepRun | undefined;
    const next = (): void => {
      const item = waiting.next();
      if (item.done === true) return done();
      current = item.value;
      thread.postMessage({ run: current, values: plan.cells[current.cell].values } satisfies WorkerTask);
    };
    const failed = (text: string): void => {
      const { cell = 0, seed = 0 } = current ?? {};
      const where = `combination ${JSON.stringify(plan.cells[cell]?.values)}, seed ${seed}`;
      fail(new RunInputError(`sweep: ${where}: ${text}`));
    };
    thread.on("message", (answer: WorkerAnswer) => {
      if ("error" in answer) return failed(answer.error);
      try {
        onRecord(answer.record);
        next();
      } catch (error) {
        fail(error as Error);
      }
    });
    thread.on("error", (error) => failed((error as Error).message));
    thread.on("exit", (code) => failed(`its worker ended with code ${code}`));
    next();
  });
}

function workerFile(): string {
  const here = dirname(fileURLToPath(import.meta.url));
  const candidates = [join(here, "worker.js"), resolve(here, "../../dist/worker.js")];
  const found = candidates.find((path) => existsSync(path));
  if (found === undefined) throw new RunInputError(`no worker.js in ${here}; run: npm run build`);
  return found;
}
