/** A run in real processes, from what it is asked to what it leaves. */
import { randomBytes } from "node:crypto";
import { closeSync, openSync, rmSync, statSync } from "node:fs";
import { join } from "node:path";
import { Deferred, Effect, type Scope } from "effect";
import { type OltProcessConfig, startClock } from "../../olt/process/index.ts";
import { clearCaptures, joinCaptures } from "./captures.ts";
import { PON_KEY_BYTES } from "../../pon/index.ts";
import type { HostFacts } from "../result/index.ts";
import type { Scenario } from "../../scenarios/index.ts";
import { refuseUnusableAddresses } from "./addresses.ts";
import { hasCampaign } from "../campaign/plan.ts";
import { findBundles, type ProcessBundles } from "./bundles.ts";
import { diskFault, lineOf, RunInputError, RunStoppedError } from "../errors.ts";
import { drawnFaults } from "../faults/random-cuts.ts";
import { type FaultActions, FaultSchedule } from "../faults/schedule.ts";
import { FaultTimers } from "./faults.ts";
import { flashOf } from "./flash.ts";
import { describeFleet, type FleetOnt } from "./fleet.ts";
import { ownPorts, portsOf } from "./hosts/plan.ts";
import { prepareImagesAside, type RunImages } from "../images/index.ts";
import { refuseVirtualOnly } from "./limits.ts";
import { refuseFewFiles } from "./open-files.ts";
import { filesAskedOf, imagePathsIn, oltProcessConfigOf, ontProcessConfigOf, processGroups } from "./plan.ts";
import { type End, finish } from "./end.ts";
import { Processes, type ProcessesOptions } from "./processes.ts";
import { type MakePullProcesses, pullRoad } from "../pull/road.ts";
import type { RunProcesses } from "./run-processes.ts";
import { collectResult, MemoryWatch } from "./collect.ts";
import { RunRecorder } from "../recorder/recorder.ts";
import { RUN_FILES } from "../recorder/run-folder.ts";
import { makeStateFiles, removeStateFiles } from "./state-files.ts";
import { chooseStateRoot, type StateRoot } from "./state-root.ts";
import { RunState } from "./run-state.ts";
import type { RunOptions, RunOutcome } from "../types.ts";

/** The view is brought up to date this often. */
const VIEW_MS = 200;
const NS_PER_MS = 1e6;
const MS_PER_SECOND = 1000;
/** A run may take this much longer than its OLT allows itself (`olt.runSeconds`). */
const RUN_MARGIN_SECONDS = 60;

/** What a run is made of before anything is touched. */
interface Prepared {
  scenario: Scenario;
  options: RunOptions;
  bundles: ProcessBundles;
  image: RunImages;
  recorder: RunRecorder;
  stateRoot: StateRoot;
  fleet: FleetOnt[];
  /** Its process is one of this machine. */
  isHere: (ont: { fleet: FleetOnt }) => boolean;
  epochNs: bigint;
  /** Of this run: nobody else's datagrams are taken. */
  ponKey: Uint8Array;
  /** Where the image comes by a road beside OMCI. */
  makePulling: MakePullProcesses | undefined;
}

/**
 * Runs a scenario in real processes on this machine: one OLT, the ONTs, their flash in files. Ends with every process
 * gone, whatever happens, and with what was recorded in the run folder.
 *
 * @throws RunInputError when the run cannot start as asked; it has not begun then
 * @throws RunStoppedError when a disk is full before it could begin
 */
export function runProcesses(scenario: Scenario, options: RunOptions = {}): Promise<RunOutcome> {
  return Effect.runPromise(Effect.flatMap(prepare(scenario, options), (prepared) => Effect.scoped(run(prepared))));
}

function prepare(scenario: Scenario, options: RunOptions): Effect.Effect<Prepared, RunInputError | RunStoppedError> {
  return Effect.tryPromise({
    try: async () => {
      const epochNs = process.hrtime.bigint();
      refuseVirtualOnly(scenario);
      if (scenario.road === "omci" || hasCampaign(scenario)) await refuseUnusableAddresses(scenario, options);
      const bundles = findBundles(options.distFolder);
      const image = await prepareImagesAside(scenario, Date.now() / MS_PER_SECOND);
      if (image.plan !== undefined) options.onPlan?.(image.plan);
      const nowSeconds = Math.floor(Date.now() / MS_PER_SECOND);
      const makePulling = await pullRoad(scenario, nowSeconds);
      const ponKey = options.hosts?.key ?? randomBytes(PON_KEY_BYTES);
      const describe = (stateRoot: string): FleetOnt[] => describeFleet(scenario, image, stateRoot, ponKey);
      const own = ownPorts(scenario, options);
      const isHere: Prepared["isHere"] = ({ fleet }) => fleet.plan.pon < own;
      const here = describe("").filter((fleet) => isHere({ fleet }));
      refuseFewFiles(filesAskedOf(scenario, here, own));
      const { keepState = false, pcap } = options;
      const onts = scenario.onts * scenario.pons;
      const neededBytes = image.bytes.length * (here.length + 1);
      const recorder = new RunRecorder(scenario, options, {
        clock: "wall",
        onts,
        replayOf: (folder) => `poncast run ${join(folder, RUN_FILES.scenario)}`,
      });
      try {
        if (pcap !== undefined) clearCaptures(pcap, scenario.pons);
        const stateRoot = await chooseStateRoot(recorder.folder, neededBytes, keepState);
        const fleet = describe(stateRoot.path);
        return { scenario, options, bundles, image, recorder, stateRoot, fleet, isHere, epochNs, ponKey, makePulling };
      } catch (error) {
        recorder.close();
        throw error;
      }
    },
    catch: (error) =>
      error instanceof RunInputError || error instanceof RunStoppedError ? error : new RunInputError(lineOf(error)),
  });
}

/** Images and flash, gone with the run unless they are to be kept. */
function makeStateRoot({
  stateRoot,
  fleet,
  isHere,
  image,
  options,
}: Prepared): Effect.Effect<void, RunStoppedError, Scope.Scope> {
  const { path } = stateRoot;
  return Effect.acquireRelease(Effect.succeed(stateRoot), () =>
    Effect.promise(async () => {
      if (options.keepState !== true) await removeStateFiles(path);
      stateRoot.release();
    }),
  ).pipe(
    Effect.andThen(
      Effect.tryPromise({
        try: async () => {
          stateRoot.make();
          const here = fleet.filter((ont) => isHere({ fleet: ont }));
          await makeStateFiles(path, image.payloads, here);
        },
        catch: (error) => diskFault(path, error) ?? new RunStoppedError(lineOf(error)),
        // Whoever was interrupted here would write on behind the removal.
      }).pipe(Effect.uninterruptible),
    ),
  );
}

/** What the processes print; gone again when nothing was printed. */
function openLog(folder: string): Effect.Effect<number, never, Scope.Scope> {
  const path = join(folder, RUN_FILES.processLog);
  return Effect.acquireRelease(
    Effect.sync(() => openSync(path, "a")),
    (log) =>
      Effect.sync(() => {
        closeSync(log);
        if (statSync(path).size === 0) rmSync(path);
      }),
  );
}

/** Shows the view until the scope ends. */
function showing(
  state: RunState,
  options: RunOptions,
  memory: MemoryWatch,
): Effect.Effect<unknown, never, Scope.Scope> {
  const show = (): void => {
    memory.look();
    state.flush();
    options.onView?.(state.view());
  };
  return Effect.acquireRelease(
    Effect.sync(() => setInterval(show, VIEW_MS)),
    (timer) =>
      Effect.sync(() => {
        clearInterval(timer);
        options.onView?.(state.view());
      }),
  );
}

/** Ctrl-C, however early. */
function interruptible(
  signal: AbortSignal | undefined,
  end: Deferred.Deferred<End>,
): Effect.Effect<unknown, never, Scope.Scope> {
  const abort = (): void => finish(end, { reason: "interrupted", text: "interrupted" });
  return Effect.acquireRelease(
    Effect.sync(() => {
      if (signal?.aborted) abort();
      signal?.addEventListener("abort", abort, { once: true });
    }),
    () => Effect.sync(() => signal?.removeEventListener("abort", abort)),
  );
}

function run(prepared: Prepared): Effect.Effect<RunOutcome, RunStoppedError, Scope.Scope> {
  const { scenario, options, recorder, fleet, image, epochNs, isHere } = prepared;
  return Effect.gen(function* () {
    yield* Effect.addFinalizer(() => Effect.sync(() => recorder.close()));
    yield* makeStateRoot(prepared);
    const log = yield* openLog(recorder.folder);
    const nowNs = startClock(epochNs);
    const state = new RunState(fleet, recorder, nowNs, scenario.pons);
    const end = yield* Deferred.make<End>();
    yield* interruptible(options.signal, end);
    const groups = processGroups(state.onts.filter(isHere), scenario.ontsPerProcess);
    const processes = processesOf(prepared, { bundles: prepared.bundles, log, state, groups, end });
    const memory = new MemoryWatch(state, processes);
    // By file there is no headend to command.
    if (scenario.road !== "file")
      options.onSteering?.({
        folder: recorder.folder,
        command: (command) => processes.command(command),
        view: () => state.view(),
        flashOf: (ont) => flashOf(state, ont),
      });
    yield* showing(state, options, memory);
    const lived = yield* live(scenario, state, processes, memory, end);
    state.setPhase("verifying");
    if (options.pcap !== undefined) joinCaptures(options.pcap, scenario.pons);
    const { ended } = lived;
    const result = yield* collectResult({ scenario, options, image, state, processes, isHere, ...lived });
    state.setPhase("ended");
    return recorder.finish({ timeNs: nowNs(), reason: ended.reason, result });
  });
}

/** By the scenario's road. */
function processesOf(prepared: Prepared, common: Omit<ProcessesOptions, "oltConfigs" | "ontConfigOf">): RunProcesses {
  const { scenario, options, image, epochNs, ponKey, stateRoot, makePulling } = prepared;
  const imagePaths = imagePathsIn(stateRoot.path, image.payloads.length);
  const stateFolder = stateRoot.path;
  const ontConfigOf: ProcessesOptions["ontConfigOf"] = (onts, olt) =>
    ontProcessConfigOf(scenario, onts, olt, epochNs, ponKey);
  const oltConfigOf = (pon: number): OltProcessConfig =>
    oltProcessConfigOf(scenario, options, imagePaths, epochNs, ponKey, pon);
  if (makePulling !== undefined) {
    const oltConfig = oltConfigOf(0);
    return makePulling({
      ...common,
      scenario,
      images: image,
      imagePaths,
      stateFolder,
      epochNs,
      oltConfig,
      ontConfigOf,
    });
  }
  const { fleet } = prepared;
  const ports = portsOf({ scenario, options, image, fleet, epochNs, ponKey }, oltConfigOf);
  return new Processes({ ...common, ...ports, ontConfigOf });
}

/** From the first process to the last; returns with all of them gone. */
function live(
  scenario: Scenario,
  state: RunState,
  processes: RunProcesses,
  watch: MemoryWatch,
  end: Deferred.Deferred<End>,
): Effect.Effect<{ ended: End; memory: HostFacts["memory"] }> {
  const actions: FaultActions = {
    cutOnt: (ont, offNs) => processes.cutOnt(ont, offNs / NS_PER_MS),
    command: (pon, command) => void processes.commandPort(pon, command),
    skip: (ont) => processes.skipOnt(ont, "the scenario"),
    killOlt: (pon, offNs) => processes.killOlt(pon, offNs / NS_PER_MS),
  };
  const faults = new FaultTimers(new FaultSchedule(drawnFaults(scenario), scenario), actions, state.nowNs);
  state.faults = faults;
  state.setPhase("starting");
  const limitSeconds = scenario.olt.runSeconds + RUN_MARGIN_SECONDS;
  const timeLimit: End = { reason: "timeLimit", text: `the run took longer than ${limitSeconds} s` };
  return Effect.scoped(
    Effect.gen(function* () {
      yield* Effect.forkScoped(processes.start());
      // A pause takes none of the run's time.
      const endOrLimit = (seconds: number, pausedSeconds: number): Effect.Effect<End> =>
        Deferred.await(end).pipe(
          Effect.timeoutOrElse({
            duration: `${seconds} seconds`,
            orElse: () => {
              const paused = state.pausedSeconds;
              const moreSeconds = paused - pausedSeconds;
              return moreSeconds > 0 ? endOrLimit(Math.max(1, moreSeconds), paused) : Effect.succeed(timeLimit);
            },
          }),
        );
      const ended = yield* endOrLimit(limitSeconds, 0);
      faults.clear();
      const memory = yield* Effect.promise(() => watch.settle());
      yield* processes.stop();
      return { ended, memory };
    }),
  );
}
