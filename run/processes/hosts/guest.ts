/** The processes of one port on a host that brings it: as in a run of its own, but what they tell goes to the owner. */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { Deferred, Effect, type Scope } from "effect";
import { type OltProcessConfig, startClock } from "../../../olt/process/index.ts";
import { RunInputError } from "../../errors.ts";
import type { FactoryOf } from "../../images/factory.ts";
import type { JournalRecord } from "../../journal/index.ts";
import { findBundles } from "../bundles.ts";
import { type End, finish } from "../end.ts";
import { describeFleet, type FleetOnt } from "../fleet.ts";
import { refuseFewFiles } from "../open-files.ts";
import {
  filesAskedOf,
  fleetAwaited,
  imagePathsIn,
  oltProcessConfigOf,
  ontProcessConfigOf,
  processGroups,
} from "../plan.ts";
import { Processes } from "../processes.ts";
import { RunState } from "../run-state.ts";
import { makeStateFiles, removeStateFiles } from "../state-files.ts";
import { chooseStateRoot } from "../state-root.ts";
import { readStorages } from "../verify.ts";
import type { Fetched } from "./fetched.ts";
import type { JoinOptions } from "./join-options.ts";
import type { Assignment, FromHost, PortResult, PortStanding, ToHost } from "./protocol.ts";

/** Half as often as the view is shown would do; each costs the owner a text of all its ONTs. */
const STANDING_MS = 500;
/** Records of one message. */
const RECORDS_MAX = 500;
/** What children print is for this process's own errors. */
const STDERR = 2;

/** What the owner says to a port while it lives. */
export type ToPort = Extract<ToHost, { type: "command" | "cutOnt" | "killOlt" | "stop" }>;

export interface GuestLink {
  send: (message: FromHost, mayBeLost?: boolean) => void;
  tell: (message: FromHost) => void;
  /** Takes what the owner says from now on. */
  listen: (take: (message: ToPort) => void) => void;
}

/**
 * Serves the port to its end.
 *
 * @param epochNs of the run's clock, as a reading of this host's
 * @returns its part of the result
 * @throws RunInputError when this host cannot, before any process lives
 */
export async function servePort(
  assignment: Assignment,
  files: Fetched,
  epochNs: bigint,
  options: JoinOptions,
  link: GuestLink,
): Promise<PortResult> {
  const { pon, payloads } = assignment;
  const pons = { ...assignment.scenario.pon, interface: options.interface };
  const scenario = { ...assignment.scenario, pon: pons };
  const image = { trustedKeys: assignment.trustedKeys, factory: factoryIn(assignment, files) };
  const describe = (stateRoot: string): FleetOnt[] =>
    describeFleet(scenario, image, stateRoot, options.owner.key).filter(({ plan }) => plan.pon === pon);
  const here = options.ontsElsewhere ? [] : describe("");
  refuseFewFiles(filesAskedOf(scenario, here, 1));
  const bundles = findBundles(options.distFolder);
  const imageBytes = payloads.reduce((sum, { bytes }) => sum + bytes, 0);
  const folder = mkdtempSync(join(tmpdir(), "poncast-join-"));
  try {
    const stateRoot = await chooseStateRoot(folder, imageBytes * (here.length + 1), false);
    const work = Effect.gen(function* () {
      yield* Effect.addFinalizer(() =>
        Effect.promise(async () => {
          await removeStateFiles(stateRoot.path);
          stateRoot.release();
        }),
      );
      stateRoot.make();
      const imagePaths = imagePathsIn(stateRoot.path, payloads.length);
      const contents = payloads.map((payload) => ({ content: files.contentOf(payload) }));
      const fleet = describe(stateRoot.path);
      const laidOut = Effect.promise(() =>
        makeStateFiles(stateRoot.path, contents, options.ontsElsewhere ? [] : fleet),
      );
      yield* Effect.uninterruptible(laidOut);
      const outbox = new Outbox(link);
      const state = new RunState(fleet, outbox, startClock(epochNs), scenario.pons);
      const end = yield* Deferred.make<End>();
      yield* interruptible(options.signal, end);
      const config = oltProcessConfigOf(scenario, {}, imagePaths, epochNs, options.owner.key, pon);
      const processes = new Processes({
        bundles,
        log: STDERR,
        state,
        oltConfigs: [oltConfigOf(config, assignment, options)],
        groups: options.ontsElsewhere ? [] : processGroups(state.onts, scenario.ontsPerProcess),
        ontConfigOf: (onts, olt) => ontProcessConfigOf(scenario, onts, olt, epochNs, options.owner.key),
        end,
      });
      link.listen((message) => carryOut(message, pon, processes, end, link));
      yield* telling(state, outbox, options.ontsElsewhere, link);
      const ended = yield* live(processes, end);
      outbox.flush();
      const standing = standingOf(state, options.ontsElsewhere);
      const storages = yield* Effect.promise(() => storagesOf(state, options.ontsElsewhere));
      const { cpuSeconds, restarts } = processes;
      return { ...standing, ended, storages, cpuSeconds, restarts };
    });
    return await Effect.runPromise(Effect.scoped(work));
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** All end with it. */
const live = (processes: Processes, end: Deferred.Deferred<End>): Effect.Effect<End> =>
  Effect.scoped(
    Effect.gen(function* () {
      yield* Effect.forkScoped(processes.start());
      const ended = yield* Deferred.await(end);
      yield* processes.stop();
      return ended;
    }),
  );

function factoryIn({ factories }: Assignment, files: Fetched): FactoryOf {
  return (version, productCode, hardware) => {
    const found = factories.find(
      (one) => one.version === version && one.productCode === productCode && one.hardware === hardware,
    );
    if (found === undefined) throw new RunInputError(`the owner has no image for ONTs that come with ${version}`);
    return { bytes: files.contentOf(found.file), image: found.image };
  };
}

function oltConfigOf(config: OltProcessConfig, assignment: Assignment, options: JoinOptions): OltProcessConfig {
  const { port, feedBytesPerSecond: bytesPerSecond, scenario } = assignment;
  const { owner, metrics, pcap, ontsElsewhere } = options;
  const own: OltProcessConfig = {
    ...fleetAwaited(config, port),
    metrics,
    ...(pcap !== undefined && { capture: resolve(pcap) }),
    ...(bytesPerSecond !== undefined && { feed: { ...owner, bytesPerSecond, ports: scenario.pons } }),
  };
  return ontsElsewhere ? { ...own, awaitsFleet: false } : own;
}

/** Takes what is recorded, and sends it on in batches. */
class Outbox {
  readonly #link: GuestLink;
  #records: JournalRecord[] = [];

  constructor(link: GuestLink) {
    this.#link = link;
  }

  write(record: JournalRecord): void {
    this.#records.push(record);
    if (this.#records.length >= RECORDS_MAX) this.flush();
  }

  flush(): void {
    if (this.#records.length === 0) return;
    this.#link.send({ type: "records", records: this.#records }, true);
    this.#records = [];
  }
}

/** Until the scope ends. */
function telling(
  state: RunState,
  outbox: Outbox,
  ontsElsewhere: boolean,
  link: GuestLink,
): Effect.Effect<unknown, never, Scope.Scope> {
  const tell = (): void => {
    outbox.flush();
    link.tell({ type: "standing", standing: standingOf(state, ontsElsewhere) });
  };
  return Effect.acquireRelease(
    Effect.sync(() => setInterval(tell, STANDING_MS)),
    (timer) => Effect.sync(() => clearInterval(timer)),
  );
}

function standingOf(state: RunState, ontsElsewhere: boolean): PortStanding {
  const totals = state.totals();
  // Whose processes are elsewhere is known by what its OLT says alone.
  const ranged = new Set(ontsElsewhere ? totals.status?.onts.map(({ serial }) => serial) : []);
  const come = state.onts.filter(({ view, readyNs }) => readyNs < 0 && ranged.has(view.serial));
  state.handleReady(come);
  state.setCells(come, "idle");
  return {
    totals,
    onts: state.onts.map(({ view, activeSlot, bootAttempts, readyNs }) => ({
      id: view.id,
      cell: view.cell,
      cause: view.cause,
      activeSlot,
      bootAttempts,
      readyNs,
    })),
  };
}

function storagesOf(state: RunState, ontsElsewhere: boolean): Promise<PortResult["storages"]> {
  if (ontsElsewhere) return Promise.resolve(state.onts.map(() => null));
  return readStorages(
    state.onts.map(({ fleet, activeSlot }) => ({ folder: fleet.description.stateFolder, activeSlot })),
  );
}

function carryOut(
  message: ToPort,
  pon: number,
  processes: Processes,
  end: Deferred.Deferred<End>,
  link: GuestLink,
): void {
  switch (message.type) {
    case "command":
      void processes.commandPort(pon, message.command).then((outcome) => {
        if (message.request > 0) link.send({ type: "commandDone", request: message.request, outcome });
      });
      return;
    case "cutOnt":
      return processes.cutOnt(message.ont, message.offMs);
    case "killOlt":
      return processes.killOlt(pon, message.offMs);
    case "stop":
      return finish(end, { reason: "interrupted", text: "" });
  }
}

/** Ctrl-C, however early. */
function interruptible(signal: AbortSignal, end: Deferred.Deferred<End>): Effect.Effect<unknown, never, Scope.Scope> {
  const abort = (): void => finish(end, { reason: "failed", text: "its host was interrupted" });
  return Effect.acquireRelease(
    Effect.sync(() => {
      if (signal.aborted) abort();
      signal.addEventListener("abort", abort, { once: true });
    }),
    () => Effect.sync(() => signal.removeEventListener("abort", abort)),
  );
}
