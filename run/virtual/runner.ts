import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { setImmediate as nextTurn } from "node:timers/promises";
import { stringify } from "yaml";
import { JOURNAL_SCHEMA, type JournalHeader, openJournal } from "../journal/index.ts";
import { ownHostFacts } from "../recorder/host.ts";
import { makeRunFolder, RUN_FILES } from "../recorder/run-folder.ts";
import type { EndReason, RunOptions, RunOutcome } from "../types.ts";
import type { Scenario } from "../../scenarios/index.ts";
import { prepareImages } from "../images.ts";
import { resultOf } from "./outcome.ts";
import { VirtualCapture } from "./capture.ts";
import { journalObserver, ViewRecorder } from "./recorder.ts";
import type { VirtualOnt } from "./virtual-ont.ts";
import { Simulation, type SimulationEnd } from "./world.ts";

/** Events between two looks at the clock. */
const STEPS_A_SLICE = 2000;
/** The event loop has its turn, and the view is brought up to date, this often. */
const SLICE_MS = 100;

/**
 * Runs a scenario in virtual time, with the same run folder as real processes leave.
 *
 * @throws RunInputError when the run cannot start as asked; nothing was touched then
 */
export async function runVirtual(scenario: Scenario, options: RunOptions = {}): Promise<RunOutcome> {
  const images = prepareImages(scenario);
  const recorder = new ViewRecorder(scenario);
  const { name, seed, onts, pons } = scenario;
  // Made last: what cannot start leaves no folder behind.
  const folder = makeRunFolder(name, options.out, options.overwrite ?? false, new Date());
  const header: JournalHeader = {
    schema: JOURNAL_SCHEMA,
    version: options.version ?? "",
    scenario: name,
    seed,
    clock: "virtual",
    replay: options.replay ?? `poncast run ${RUN_FILES.scenario} --virtual`,
    onts: onts * pons,
  };
  const { writer, close } = openJournal(join(folder, RUN_FILES.journal), header, options.onRecord);
  try {
    writeFileSync(join(folder, RUN_FILES.scenario), stringify(scenario));
    const ontOf = (pon: number, onuId: number): VirtualOnt | undefined => simulation.ports[pon].ontOf(onuId);
    const capture = options.pcap === undefined ? undefined : new VirtualCapture(options.pcap, scenario, ontOf);
    const observers = [journalObserver(writer), recorder, ...(capture ? [capture] : [])];
    const simulation = new Simulation(scenario, images, { observers });
    await runInSlices(simulation, recorder, options);
    capture?.close();
    recorder.setPhase("verifying");
    options.onView?.(recorder.of(simulation));
    const { result, reasons } = resultOf(simulation, ownHostFacts());
    const exitCode = reasons.length === 0 ? 0 : 1;
    const endReason = endReasonOf(simulation.end);
    writeFileSync(join(folder, RUN_FILES.result), `${JSON.stringify(result, undefined, 2)}\n`);
    writer.end({ timeNs: simulation.nowNs, from: "run", event: { type: "ended", outcome: endReason, exitCode } });
    recorder.setPhase("ended");
    options.onView?.(recorder.of(simulation));
    return { result, exitCode, reasons, endReason, folder };
  } finally {
    close();
  }
}

/** To the end, or until somebody interrupts. */
async function runInSlices(simulation: Simulation, recorder: ViewRecorder, options: RunOptions): Promise<void> {
  let sliceEndMs = performance.now() + SLICE_MS;
  while (options.signal?.aborted !== true && simulation.run(STEPS_A_SLICE)) {
    if (performance.now() < sliceEndMs) continue;
    options.onView?.(recorder.of(simulation));
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
