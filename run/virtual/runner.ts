/** A run in virtual time, with the folder that every run leaves. */
import { setImmediate as nextTurn, setTimeout as delay } from "node:timers/promises";
import type { BootRecord } from "../../ont/core/types.ts";
import { ownHostFacts } from "../host.ts";
import { RunRecorder } from "../recorder/recorder.ts";
import type { OntFlash, RunOptions, RunOutcome, RunView } from "../types.ts";
import type { Scenario } from "../../scenarios/index.ts";
import { prepareImagesAside, refuseWithoutBytes } from "../images/index.ts";
import { VirtualCapture } from "./capture.ts";
import { endReasonOf, recordingOf } from "./recording.ts";
import { runThreaded } from "./parts/runner.ts";
import { boundTogether } from "./parts/whole.ts";
import { VirtualPace } from "./pace.ts";
import { recordObserver, ViewRecorder } from "./recorder.ts";
import type { VirtualOnt } from "./virtual-ont.ts";
import { commandIn, oltsOf, ontsIn, resultIn, type SimulatedWorld, totalsIn, worldOf } from "./worlds.ts";

/** Events between two looks at the clock. */
const STEPS_A_SLICE = 200;
/** The event loop has its turn this often, so that whoever asks for a page, or gives a command, does not wait for the run. */
const TURN_MS = 8;
/** The view is brought up to date, and what was recorded is written, this often. */
const SHOW_MS = 100;
/** Where it takes long, as that of thousands of ONTs does, so many times as long goes by until the next. */
const SHOW_EACH = 20;
/** Where a run keeps a pace and is ahead of it, it looks again so much later. */
const WAIT_MS = 5;

/**
 * Runs a scenario in virtual time, with the same run folder as real processes leave.
 *
 * @throws RunInputError when the run cannot start as asked; it has not begun then
 */
export async function runVirtual(scenario: Scenario, options: RunOptions = {}): Promise<RunOutcome> {
  if (options.pcap !== undefined) refuseWithoutBytes(scenario, "a capture shows bytes: leave it out, or --pcap");
  if ((options.threads ?? 1) > 1 && boundTogether(scenario) === undefined) return runThreaded(scenario, options);
  const images = await prepareImagesAside(scenario);
  if (images.plan !== undefined) options.onPlan?.(images.plan);
  const view = new ViewRecorder(scenario);
  const pace = new VirtualPace(options.speed ?? Infinity, () => performance.now());
  // Made last: what cannot start leaves no folder behind.
  const recorder = new RunRecorder(scenario, options, recordingOf(scenario));
  try {
    const ontOf = (pon: number, onuId: number): VirtualOnt | undefined => oltsOf(world)?.ports[pon].ontOf(onuId);
    const capture = options.pcap === undefined ? undefined : new VirtualCapture(options.pcap, scenario, ontOf);
    const observers = [recordObserver(recorder), view, ...(capture ? [capture] : [])];
    const world = worldOf(scenario, images, { observers });
    const show = (): RunView => view.of(world.nowNs, totalsIn(world));
    // By file there is no headend to command.
    if (scenario.road !== "file")
      options.onSteering?.({
        folder: recorder.folder,
        command: (command) => commandIn(world, command),
        view: show,
        flashOf: (ont) => flashOf(ontsIn(world)[ont]),
        pace,
      });
    await runInSlices(world, { show: () => options.onView?.(show()), recorder, pace, signal: options.signal });
    capture?.close();
    view.setPhase("verifying");
    options.onView?.(show());
    const result = resultIn(world, options, ownHostFacts());
    const reason = endReasonOf(world.end);
    const outcome = recorder.finish({ timeNs: world.nowNs, reason, result });
    view.setPhase("ended");
    options.onView?.(show());
    return outcome;
  } finally {
    recorder.close();
  }
}

function flashOf(found: VirtualOnt | undefined): OntFlash | undefined {
  if (found === undefined) return undefined;
  return { activeSlot: found.up ? found.activeSlot : undefined, record: readable(() => found.flash.readRecord()) };
}

/** A boot record that is torn is none. */
function readable(read: () => BootRecord): BootRecord | undefined {
  try {
    return read();
  } catch {
    return undefined;
  }
}

interface Sliced {
  show: () => void;
  recorder: RunRecorder;
  pace: VirtualPace;
  signal: AbortSignal | undefined;
}

/** To the end, or until somebody interrupts. */
async function runInSlices(world: SimulatedWorld, { show, recorder, pace, signal }: Sliced): Promise<void> {
  let turnMs = performance.now() + TURN_MS;
  let showMs = performance.now() + SHOW_MS;
  while (signal?.aborted !== true) {
    const untilNs = pace.allowedNs();
    if (!world.run(STEPS_A_SLICE, untilNs)) return;
    const isWaiting = world.queue.nextNs > untilNs;
    pace.came(world.nowNs, !isWaiting);
    const nowMs = performance.now();
    if (nowMs >= showMs) {
      show();
      recorder.flush();
      const shownMs = performance.now();
      showMs = shownMs + (isWaiting ? SHOW_MS : Math.max(SHOW_MS, SHOW_EACH * (shownMs - nowMs)));
    }
    if (nowMs >= turnMs) {
      // Twice: who was let in by the first is heard in the second.
      await nextTurn();
      await nextTurn();
      while (pace.givesWay) await delay(WAIT_MS);
      turnMs = performance.now() + TURN_MS;
    } else if (isWaiting) await delay(WAIT_MS);
  }
}
