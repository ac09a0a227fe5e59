/** The headend's process and the processes of ONTs that fetch their images from it: the same life as those of a run over OMCI. */
import { Deferred, Effect, type Scope, Semaphore } from "effect";
import type { HeadendCommand } from "../../headend/depot/process/index.ts";
import type { OltCommand, OltCommandOutcome } from "../../olt/core/types.ts";
import type { OntPlan } from "../fleet/plan.ts";
import type { RunImages } from "../images/index.ts";
import { type End, finish, STOP_LIMIT } from "../processes/end.ts";
import { restartsOf } from "../processes/ont-processes.ts";
import type { RunProcesses } from "../processes/run-processes.ts";
import type { OntRecord, RunState } from "../processes/run-state.ts";
import { Supervised } from "../processes/supervised.ts";
import { DeviceProcesses } from "./device-processes.ts";
import type { PulledFrom } from "./ends.ts";
import { HeadendOperator } from "./operator.ts";

/** What every headend tells of where it is. */
export interface Listening {
  url: string;
  port: number;
}

/** What every such headend tells. */
type FromHeadend =
  | ({ type: "listening" } & Listening)
  /** Bytes of files, since it started. */
  | { type: "sent"; bytes: number }
  /** It is kept, and counts from now on. */
  | { type: "commandDone"; request: number }
  | { type: "stopped" }
  | { type: "failed"; message: string };

/** What differs from road to road. */
export interface HeadendRoad<Where extends Listening> {
  headend: PulledFrom;
  /** Bundles of its processes. */
  entries: { headend: string; devices: string };
  /** What the headend calls an ONT. */
  deviceOf(plan: OntPlan): string;
  /** First message to the headend. @param port the next one is where the first was; 0: any */
  headendConfig(port: number): object;
  /** First message to a process of ONTs. */
  devicesConfig(onts: readonly OntRecord[], where: Where): object;
}

export interface HeadendProcessesOptions {
  images: RunImages;
  log: number;
  state: RunState;
  groups: readonly (readonly OntRecord[])[];
  end: Deferred.Deferred<End>;
}

export class HeadendProcesses<Where extends Listening> implements RunProcesses {
  readonly #options: HeadendProcessesOptions;
  readonly #road: HeadendRoad<Where>;
  readonly #headend: Supervised<FromHeadend>;
  readonly #devices: DeviceProcesses;
  readonly #isListening = Deferred.makeUnsafe<void>();
  readonly #operator: HeadendOperator;
  /** Commands that are not carried out yet, by number. */
  readonly #asked = new Map<number, { command: HeadendCommand; done: () => void }>();
  #requests = 0;
  #where: Where | undefined;
  /** Bytes that headends sent which have ended. */
  #endedBytes = 0;
  #sentBytes = 0;
  startedNs = 0;

  constructor(road: HeadendRoad<Where>, options: HeadendProcessesOptions) {
    this.#road = road;
    this.#options = options;
    this.#headend = this.#superviseHeadend();
    this.#devices = new DeviceProcesses({
      ...options,
      entry: road.entries.devices,
      configOf: (onts) => road.devicesConfig(onts, this.#where!),
      headend: road.headend,
      sentBytes: () => this.#endedBytes + this.#sentBytes,
    });
    const { state } = options;
    const plans = state.onts.map(({ fleet }) => fleet.plan);
    this.#operator = new HeadendOperator({
      headend: road.headend.name,
      ends: this.#devices.ends,
      serials: plans.map(({ serial }) => serial),
      devices: plans.map((plan) => road.deviceOf(plan)),
      carryOut: (command, done) => this.#ask(command, done),
      tell: (event) => {
        state.handleOlt({ type: "events", events: [[state.nowNs(), event]] });
        this.#devices.tellStatus();
      },
    });
  }

  get oltPids(): number[] {
    return this.#headend.pid === undefined ? [] : [this.#headend.pid];
  }

  get ontPids(): number[] {
    return this.#devices.pids;
  }

  get cpuSeconds(): { olt: number; onts: number } {
    return { olt: this.#headend.cpuSeconds, onts: this.#devices.cpuSeconds };
  }

  get restarts(): { olt: number; onts: number } {
    return { olt: restartsOf(this.#headend), onts: this.#devices.restarts };
  }

  cutOnt(ont: number, offMs: number): void {
    this.#devices.cut(ont, offMs);
  }

  /** The headend of this road. */
  killOlt(_pon: number, offMs: number): void {
    if (this.#headend.cutPower(offMs))
      this.#options.state.note(
        { type: "note", text: `${this.#road.headend.name} is killed by the scenario` },
        `${this.#road.headend.name} killed`,
      );
  }

  command(asked: OltCommand): Promise<OltCommandOutcome> {
    return this.#operator.command(asked);
  }

  /** There is one. */
  commandPort(_pon: number, asked: OltCommand): Promise<OltCommandOutcome> {
    return this.command(asked);
  }

  skipOnt(ont: number, by: string): void {
    const { serial } = this.#options.state.onts[ont].fleet.plan;
    void this.command({ kind: "skip", serial, by });
  }

  /** One that is down is asked when it is back. */
  #ask(command: HeadendCommand, done: () => void): void {
    const request = ++this.#requests;
    this.#asked.set(request, { command, done });
    this.#headend.send({ type: "command", request, command });
  }

  start(): Effect.Effect<void, never, Scope.Scope> {
    return Effect.gen({ self: this }, function* () {
      this.startedNs = this.#options.state.nowNs();
      yield* Effect.forkScoped(this.#headend.run(yield* Semaphore.make(1)));
      yield* Deferred.await(this.#isListening);
      yield* this.#devices.start();
    });
  }

  stop(): Effect.Effect<void> {
    return this.#devices.stop(this.#headend.stop()).pipe(Effect.timeoutOption(STOP_LIMIT), Effect.asVoid);
  }

  #superviseHeadend(): Supervised<FromHeadend> {
    const { state, end, log } = this.#options;
    const road = this.#road;
    const { name } = road.headend;
    return new Supervised<FromHeadend>({
      name,
      entry: road.entries.headend,
      log,
      niceness: 0,
      // The next one is where the first was.
      startMessage: () => ({ type: "start", config: road.headendConfig(this.#where?.port ?? 0) }),
      isReady: (message) => message.type === "listening",
      failureOf: (message) => (message.type === "failed" ? message.message : undefined),
      handlers: {
        onStarting: (start) => state.note({ type: "oltStarted", start }),
        onReady: () => undefined,
        onMessage: (message) => this.#handleHeadend(message),
        onExit: ({ code, signal }, expected) => {
          this.#endedBytes += this.#sentBytes;
          this.#sentBytes = 0;
          state.note({ type: "oltEnded", code, signal, expected }, expected ? "" : `${name} ended`);
        },
        onRestored: () => undefined,
        onGivenUp: (text) => finish(end, { reason: "failed", text }),
      },
    });
  }

  #handleHeadend(message: FromHeadend): void {
    if (message.type === "sent") this.#sentBytes = message.bytes;
    if (message.type === "commandDone") {
      this.#asked.get(message.request)?.done();
      this.#asked.delete(message.request);
    }
    if (message.type !== "listening") return;
    // Done twice is done once.
    for (const [request, { command }] of this.#asked) this.#headend.send({ type: "command", request, command });
    this.#where = message as Where & FromHeadend;
    Deferred.doneUnsafe(this.#isListening, Effect.void);
  }
}
