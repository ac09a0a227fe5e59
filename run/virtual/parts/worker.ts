/** A thread that runs some ports of a scenario (dist/ports-worker.js). */
import { parentPort, workerData } from "node:worker_threads";
import type { Scenario } from "../../../scenarios/index.ts";
import type { SimulationEnd } from "../world.ts";
import type { Descent } from "./order.ts";
import { RunPart } from "./part.ts";

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

const { scenario, ports, stop } = workerData as PartData;
const part = new RunPart(scenario, ports, () => Atomics.load(stop, 0) !== 0);

function carryOut(task: PartTask): unknown {
  switch (task.kind) {
    case "run":
      return part.run();
    case "runOn":
      return part.runOn(task.last);
    case "end":
      return part.end(task.endNs, task.end);
  }
}

parentPort?.on("message", (task: PartTask) => parentPort!.postMessage(carryOut(task)));
