import { parentPort, workerData } from "node:worker_threads";
import { simulate } from "../virtual/index.ts";
import { type Cell, type SweepPlan, type SweepRun, scenarioOf } from "./plan.ts";
import { figuresOf, type RunRecord } from "./record.ts";

/** What a worker is told at its start, and for each run. */
export interface WorkerPlan {
  plan: Pick<SweepPlan, "scenarioFile" | "fields" | "digest">;
  version: string;
}
export interface WorkerTask {
  run: SweepRun;
  cell: Cell;
}
export type WorkerAnswer = { record: RunRecord } | { error: string };

/** One run of a sweep; anybody may call it, and gets the same. */
export function runOne({ plan, version }: WorkerPlan, { run, cell }: WorkerTask): RunRecord {
  const simulated = simulate(scenarioOf(plan, cell, run.seed));
  const { exitCode, reasons } = simulated;
  return {
    ...run,
    values: cell.values,
    version,
    digest: plan.digest,
    figures: figuresOf(simulated),
    exitCode,
    reasons,
  };
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
