/** A thread that runs some ports of a scenario (dist/ports-worker.js). */
import { parentPort, workerData } from "node:worker_threads";
import type { Scenario } from "../../../scenarios/index.ts";
import type { SimulationEnd } from "../world.ts";
import type { Descent } from "./order.ts";
import { type PartRecords, RunPart } from "./part.ts";

/** What a thread is told at its start. */
export interface PartData {
  scenario: Scenario;
  ports: readonly number[];
  /** Not 0: the run is interrupted. */
  stop: Int32Array;
}

export type PartTask =
  | { kind: "run" }
  | { kind: "runOn"; last: Descent | undefined }
  | { kind: "end"; endNs: number; end: SimulationEnd };

/** What it tells: records as they are written, and an answer to each task. */
export type PartMessage = { kind: "records"; written: PartRecords } | { kind: "answer"; answer: unknown };

const { scenario, ports, stop } = workerData as PartData;
const tell = (message: PartMessage, memory: ArrayBuffer[] = []): void => parentPort?.postMessage(message, memory);
const isInterrupted = (): boolean => Atomics.load(stop, 0) !== 0;
const handOn = (written: PartRecords): void => tell({ kind: "records", written });
const part = new RunPart(scenario, ports, { isInterrupted, handOn });

function carryOut(task: PartTask): void {
  switch (task.kind) {
    case "run":
      return tell({ kind: "answer", answer: part.run() });
    case "runOn":
      return tell({ kind: "answer", answer: part.runOn(task.last) });
    case "end": {
      const answer = part.end(task.endNs, task.end);
      const { timeNs, origin, target } = answer.lineage;
      return tell({ kind: "answer", answer }, [timeNs.buffer, origin.buffer, target.buffer] as ArrayBuffer[]);
    }
  }
}

parentPort?.on("message", carryOut);
