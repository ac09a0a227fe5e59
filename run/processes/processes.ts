/**
 * The OLT process and the ONT processes of a run: started in order, cut off and restored when told to, stopped
 * together.
 */
import { Deferred, Effect, type Scope, Semaphore } from "effect";
import type { OltCommand, OltCommandOutcome } from "../../olt/core/types.ts";
import { bySerial, StandingCommands } from "../control/standing.ts";
import type { FromOlt, OltAddress, OltProcessConfig } from "../../olt/process/index.ts";
import type { FromOnt, OntProcessConfig } from "../../ont/process/index.ts";
import type { ProcessBundles } from "./bundles.ts";
import type { OntRecord, RunState } from "./run-state.ts";
import { type End, finish, STOP_LIMIT } from "./end.ts";
import { OntProcesses, restartsOf } from "./ont-processes.ts";
import type { RunProcesses } from "./run-processes.ts";
import { Supervised } from "./supervised.ts";

/** ONTs give way to the headend and to us: one wake-up then takes many datagrams. */
const ONT_NICENESS = 10;

export interface ProcessesOptions {
  bundles: ProcessBundles;
  /** File descriptor for what the processes print. */
  log: number;
  state: RunState;
  /** The first message of the OLT process. */
  oltConfig: OltProcessConfig;
  /** ONTs of each ONT process. */
  groups: readonly (readonly OntRecord[])[];
  ontConfigOf: (onts: readonly OntRecord[], olt: OltAddress) => OntProcessConfig;
  end: Deferred.Deferred<End>;
}

/** The processes of a run. */
export class Processes implements RunProcesses {
  readonly #options: ProcessesOptions;
  readonly #listening = Deferred.makeUnsafe<OltAddress>();
  readonly #olt: Supervised<FromOlt>;
  readonly #onts: OntProcesses<FromOnt>;
  #address: OltAddress | undefined;
  readonly #standing = new StandingCommands();
  #isOltReady = false;
  /** Commands whose answers are on their way, by number. */
  readonly #asked = new Map<number, (outcome: OltCommandOutcome) => void>();
  #requests = 0;
  /** When the first process was started, nanoseconds of the run's clock. */
  startedNs = 0;

  constructor(options: ProcessesOptions) {
    this.#options = options;
    this.#olt = this.#superviseOlt();
    const { state, bundles, log, groups, end, ontConfigOf } = options;
    this.#onts = new OntProcesses<FromOnt>({
      state,
      entry: bundles.ont,
      log,
      groups,
      end,
      niceness: ONT_NICENESS,
      startMessage: (onts) => ({ type: "start", config: ontConfigOf(onts, this.#address!) }),
      isReady: (message) => message.type === "ready",
      failureOf: (message) => (message.type === "failed" ? message.message : undefined),
      onMessage: (message) => state.handleOnt(message),
      onAllUp: () => this.#tellFleet(),
    });
  }

  get oltPid(): number | undefined {
    return this.#olt.pid;
  }

  get ontPids(): number[] {
    return this.#onts.pids;
  }

  get cpuSeconds(): { olt: number; onts: number } {
    return { olt: this.#olt.cpuSeconds, onts: this.#onts.cpuSeconds };
  }

  get restarts(): { olt: number; onts: number } {
    return { olt: restartsOf(this.#olt), onts: this.#onts.restarts };
  }

  cutOnt(ont: number, offMs: number): void {
    this.#onts.cut(ont, offMs);
  }

  killOlt(offMs: number): void {
    if (this.#olt.cutPower(offMs)) {
      this.#options.state.note({ type: "note", text: "OLT killed by the scenario" }, "OLT killed");
    }
  }

  /** An operator's command to the OLT; where there is none at the moment, it is for the next one. */
  command(asked: OltCommand): Promise<OltCommandOutcome> {
    const command = bySerial(asked, (onuId) => this.#options.state.serialOf(onuId));
    if (!this.#isOltReady) return Promise.resolve(this.#standing.keep(command));
    const request = ++this.#requests;
    this.#olt.send({ type: "command", request, command });
    return new Promise((done) => {
      this.#asked.set(request, (outcome) => {
        if (outcome.accepted) this.#standing.note(command);
        done(outcome);
      });
    });
  }

  skipOnt(ont: number, by: string): void {
    const serial = this.#options.state.onts[ont]?.fleet.plan.serial;
    if (serial !== undefined) void this.command({ kind: "skip", serial, ahead: true, by });
  }

  /** Starts the OLT, then the ONTs, and those that join later in their time. All live until the scope ends. */
  start(): Effect.Effect<void, never, Scope.Scope> {
    return Effect.gen({ self: this }, function* () {
      this.startedNs = this.#options.state.nowNs();
      yield* Effect.forkScoped(this.#olt.run(yield* Semaphore.make(1)));
      yield* Deferred.await(this.#listening);
      yield* this.#onts.start();
    });
  }

  /** Ends all of them; what they report last is in the state then. */
  stop(): Effect.Effect<void> {
    return Effect.gen({ self: this }, function* () {
      yield* this.#olt.stop();
      yield* this.#onts.stop();
    }).pipe(Effect.timeoutOption(STOP_LIMIT), Effect.asVoid);
  }

  #superviseOlt(): Supervised<FromOlt> {
    const { state, end, bundles, log, oltConfig } = this.#options;
    return new Supervised<FromOlt>({
      name: "the OLT",
      entry: bundles.olt,
      log,
      niceness: 0,
      // A second OLT takes the place of the first, for ONTs that know nothing of it.
      startMessage: () => ({ type: "start", config: { ...oltConfig, port: this.#address?.port ?? oltConfig.port } }),
      isReady: (message) => message.type === "listening",
      failureOf: (message) => (message.type === "failed" ? message.message : undefined),
      handlers: {
        onStarting: (start) => state.note({ type: "oltStarted", start }),
        onReady: () => this.#handleOltReady(),
        onMessage: (message) => this.#handleOlt(message),
        onExit: ({ code, signal }, expected) => {
          this.#handleOltGone();
          state.history.endLife();
          state.note({ type: "oltEnded", code, signal, expected }, expected ? "" : "the OLT ended by itself");
        },
        onRestored: () => undefined,
        onGivenUp: (text) => finish(end, { reason: "failed", text }),
      },
    });
  }

  #handleOltReady(): void {
    this.#isOltReady = true;
    // A request of number 0 is nobody's.
    for (const command of this.#standing.forNewOlt()) this.#olt.send({ type: "command", request: 0, command });
    this.#tellFleet();
  }

  #handleOltGone(): void {
    this.#isOltReady = false;
    for (const done of this.#asked.values()) done({ accepted: false, reason: "the OLT ended" });
    this.#asked.clear();
  }

  #handleOlt(message: FromOlt): void {
    const { state, end } = this.#options;
    if (message.type === "commandDone") {
      this.#asked.get(message.request)?.(message.outcome);
      this.#asked.delete(message.request);
    }
    state.handleOlt(message);
    if (message.type === "listening") {
      this.#address = message.address;
      Deferred.doneUnsafe(this.#listening, Effect.succeed(message.address));
    }
    if (message.type === "finished") finish(end, { reason: "finished", text: "" });
    if (message.type === "failed") finish(end, { reason: "failed", text: `the OLT: ${message.message}` });
  }

  /** The download begins when all that came up are ranged: the OLT is told how many, each OLT anew. */
  #tellFleet(): void {
    if (this.#onts.areAllUp) this.#olt.send({ type: "fleet", onts: this.#onts.fromStart.length });
  }
}
