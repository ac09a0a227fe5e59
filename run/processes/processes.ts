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
import type { RunProcesses } from "./run-processes.ts";
import { Supervised } from "./supervised.ts";

/** ONTs give way to the OLT and to us: one wake-up then takes many datagrams. */
export const ONT_NICENESS = 10;
/** Processes that start at the same time; more only wait for each other. */
export const STARTS_AT_ONCE = 4;
/** An ended run waits this long for last reports. */
export const STOP_LIMIT = "5 seconds";

/** How a run came to its end. */
export interface End {
  reason: "finished" | "interrupted" | "timeLimit" | "failed";
  /** One line; empty when it finished. */
  text: string;
}

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
  /** Every ONT that is there from the start is up, or will never be. */
  readonly #allUp = Deferred.makeUnsafe<void>();
  readonly #olt: Supervised<FromOlt>;
  readonly #onts: Supervised<FromOnt>[] = [];
  #address: OltAddress | undefined;
  #givenUp = 0;
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
    for (const onts of options.groups) this.#onts.push(this.#superviseOnts(onts));
  }

  get oltPid(): number | undefined {
    return this.#olt.pid;
  }

  get ontPids(): number[] {
    return this.#onts.flatMap(({ pid }) => pid ?? []);
  }

  get cpuSeconds(): { olt: number; onts: number } {
    return {
      olt: this.#olt.cpuSeconds,
      onts: this.#onts.reduce((sum, { cpuSeconds }) => sum + cpuSeconds, 0),
    };
  }

  get restarts(): { olt: number; onts: number } {
    const again = ({ starts }: { starts: number }): number => Math.max(0, starts - 1);
    return { olt: again(this.#olt), onts: this.#onts.reduce((sum, ont) => sum + again(ont), 0) };
  }

  /** Power cut of the process an ONT lives in. */
  cutOnt(ont: number, offMs: number): void {
    const index = this.#options.groups.findIndex((onts) => onts.some(({ view }) => view.id === ont));
    if (index < 0 || !this.#onts[index].cutPower(offMs)) return;
    const onts = this.#options.groups[index];
    for (const { view } of onts) {
      this.#options.state.note({ type: "powerCut", ont: view.id, reason: "scenario" }, `power cut of ONT ${view.id}`);
    }
    this.#options.state.setCells(onts, "off");
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
      const permits = yield* Semaphore.make(STARTS_AT_ONCE);
      for (const [index, ont] of this.#onts.entries()) {
        const [first] = this.#options.groups[index];
        const { joinAtSeconds } = first.fleet.plan;
        const joins = joinAtSeconds === 0 ? Effect.void : this.#othersUp(joinAtSeconds);
        yield* Effect.forkScoped(Effect.andThen(joins, ont.run(permits)));
      }
    });
  }

  /** Waits until all that are there from the start are up, and so many seconds more. */
  #othersUp(seconds: number): Effect.Effect<void> {
    return Effect.andThen(Deferred.await(this.#allUp), Effect.sleep(`${seconds} seconds`));
  }

  /** Ends all of them; what they report last is in the state then. */
  stop(): Effect.Effect<void> {
    return Effect.gen({ self: this }, function* () {
      yield* this.#olt.stop();
      yield* Effect.forEach(this.#onts, (ont) => ont.stop(), { concurrency: "unbounded", discard: true });
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

  #superviseOnts(onts: readonly OntRecord[]): Supervised<FromOnt> {
    const { state, bundles, log, ontConfigOf } = this.#options;
    const each = (tell: (ont: number) => void): void => {
      for (const { view } of onts) tell(view.id);
    };
    return new Supervised<FromOnt>({
      name: `ONT ${onts.map(({ view }) => view.id).join(", ")}`,
      entry: bundles.ont,
      log,
      niceness: ONT_NICENESS,
      startMessage: () => ({ type: "start", config: ontConfigOf(onts, this.#address!) }),
      isReady: (message) => message.type === "ready",
      failureOf: (message) => (message.type === "failed" ? message.message : undefined),
      handlers: {
        onStarting: (start) => {
          state.setCells(onts, "starting");
          each((ont) => state.note({ type: "ontStarted", ont, start }));
        },
        onReady: () => {
          state.handleReady(onts);
          this.#checkAllUp();
        },
        onMessage: (message) => state.handleOnt(message),
        onExit: ({ code, signal }, expected) => {
          if (!expected) state.setCells(onts, "off");
          each((ont) =>
            state.note({ type: "ontEnded", ont, code, signal, expected }, expected ? "" : `ONT ${ont} ended by itself`),
          );
        },
        onRestored: () => each((ont) => state.note({ type: "powerRestored", ont })),
        onGivenUp: (cause) => this.#giveUp(onts, cause),
      },
    });
  }

  #checkAllUp(): void {
    if (this.#ontsFromStart().some(({ readyNs }) => readyNs < 0)) return;
    if (!Deferred.doneUnsafe(this.#allUp, Effect.void)) return;
    this.#options.state.setPhase("running");
    this.#tellFleet();
  }

  /** Those that are there from the start, as far as they were not given up. */
  #ontsFromStart(): OntRecord[] {
    const { onts } = this.#options.state;
    return onts.filter(({ fleet, view }) => fleet.plan.joinAtSeconds === 0 && view.cell !== "givenUp");
  }

  /** The download begins when all that came up are ranged: the OLT is told how many, each OLT anew. */
  #tellFleet(): void {
    if (Deferred.isDoneUnsafe(this.#allUp)) this.#olt.send({ type: "fleet", onts: this.#ontsFromStart().length });
  }

  #giveUp(onts: readonly OntRecord[], cause: string): void {
    const { state, end, groups } = this.#options;
    state.setCells(onts, "givenUp", cause);
    for (const { view } of onts) state.note({ type: "ontGivenUp", ont: view.id, cause }, cause);
    this.#checkAllUp();
    if (++this.#givenUp === groups.length) finish(end, { reason: "failed", text: `no ONT process stays up: ${cause}` });
  }
}

/** The first end counts. */
export function finish(end: Deferred.Deferred<End>, value: End): void {
  Deferred.doneUnsafe(end, Effect.succeed(value));
}
