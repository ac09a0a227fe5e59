/** A run in virtual time, with the folder that every run leaves. */
import { setImmediate as nextTurn } from "node:timers/promises";
import { ownHostFacts } from "../host.ts";
import { RunRecorder } from "../recorder/recorder.ts";
import { RUN_FILES } from "../recorder/run-folder.ts";
import type { EndReason, RunOptions, RunOutcome } from "../types.ts";
import type { Scenario } from "../../scenarios/index.ts";
import { prepareImages } from "../images/index.ts";
import { resultOf } from "./outcome.ts";
import { commandAll } from "./command.ts";
import { VirtualCapture } from "./capture.ts";
import { recordObserver, ViewRecorder } from "./recorder.ts";
import type { VirtualOnt } from "./virtual-ont.ts";
import { Simulation, type SimulationEnd } from "./world.ts";

/** Events between two looks at the clock. */
const STEPS_A_SLICE = 2000;
/** The event loop has its turn, and the view is brought up to date, this often. */
const SLICE_MS = 100;

/**
 * Runs a scenario in virtual time, with the same run folder as real processes leave.
 *
 * @throws RunInputError when the run cannot start as asked; it has not begun then
 */
export async function runVirtual(scenario: Scenario, options: RunOptions = {}): Promise<RunOutcome> {
  const images = prepareImages(scenario);
  if (images.plan !== undefined) options.onPlan?.(images.plan);
  const view = new ViewRecorder(scenario);
  // Made last: what cannot start leaves no folder behind.
  const recorder = new RunRecorder(scenario, options, {
    clock: "virtual",
    onts: scenario.onts * scenario.pons,
    replayOf: () => `poncast run ${RUN_FILES.scenario} --virtual`,
  });
  try {
    const ontOf = (pon: number, onuId: number): VirtualOnt | undefined => simulation.ports[pon].ontOf(onuId);
    const capture = options.pcap === undefined ? undefined : new VirtualCapture(options.pcap, scenario, ontOf);
    const observers = [recordObserver(recorder), view, ...(capture ? [capture] : [])];
    const simulation = new Simulation(scenario, images, { observers });
    options.onSteering?.({
      folder: recorder.folder,
      command: (command) => Promise.resolve(commandAll(simulation, command)),
      view: () => view.of(simulation),
    });
    await runInSlices(simulation, view, recorder, options);
    capture?.close();
    view.setPhase("verifying");
    options.onView?.(view.of(simulation));
    const result = resultOf(simulation, options, ownHostFacts());
    const reason = endReasonOf(simulation.end);
    const outcome = recorder.finish({ timeNs: simulation.nowNs, reason, result });
    view.setPhase("ended");
    options.onView?.(view.of(simulation));
    return outcome;
  } finally {
    recorder.close();
  }
}

/** To the end, or until somebody interrupts. */
async function runInSlices(
  simulation: Simulation,
  view: ViewRecorder,
  recorder: RunRecorder,
  options: RunOptions,
): Promise<void> {
  let sliceEndMs = performance.now() + SLICE_MS;
  while (options.signal?.aborted !== true && simulation.run(STEPS_A_SLICE)) {
    if (performance.now() < sliceEndMs) continue;
    options.onView?.(view.of(simulation));
    recorder.flush();
    await nextTurn();
    sliceEndMs = performance.now() + SLICE_MS;
  }
}

function endReasonOf(end: SimulationEnd): EndReason {
  switch (end) {
    case "finished":
    case "timeLimit":
      return end;
    case "stuck":
      return "failed";
    case "running":
      return "interrupted";
  }
}
