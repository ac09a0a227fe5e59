/** A worker thread of a sweep (dist/worker.js): runs what it is handed in virtual time, and writes nothing. */
import { parentPort, workerData } from "node:worker_threads";
import { simulate } from "../../run/virtual/index.ts";
import { type Cell, scenarioOf, type SweepRun, type SweepSource } from "./plan.ts";
import { figuresOf } from "../../run/result/index.ts";
import type { RunRecord } from "./record.ts";

/** What a worker is told at its start, and for each run. */
export interface WorkerPlan {
  source: SweepSource;
  version: string;
}
export interface WorkerTask {
  run: SweepRun;
  values: Cell["values"];
}
export type WorkerAnswer = { record: RunRecord } | { error: string };

function runOne({ source, version }: WorkerPlan, { run, values }: WorkerTask): RunRecord {
  const simulated = simulate(scenarioOf(source, values, run.seed));
  const { exitCode, reasons } = simulated;
  const { digest } = source;
  return { ...run, values, version, digest, figures: figuresOf(simulated.result), exitCode, reasons };
}

/** Entry of a worker thread (dist/worker.js). */
parentPort?.on("message", (task: WorkerTask) => {
  let answer: WorkerAnswer;
  try {
    answer = { record: runOne(workerData as WorkerPlan, task) };
  } catch (error) {
    answer = { error: error instanceof Error ? error.message.split("\n", 1)[0] : String(error) };
  }
  parentPort!.postMessage(answer);
});
