/** The processes of ONTs that fetch their images, and how far they are, whoever they ask: a depot, an ACS, or a folder. */
import { type Deferred, Effect, type Scope } from "effect";
import { type CpeEvent, roadEventOf } from "../../ont/cpe/index.ts";
import type { FromRoads } from "../../ont/road/process/index.ts";
import type { RoadEvent } from "../../ont/road/index.ts";
import type { RunImages } from "../images/index.ts";
import { type End, finish } from "../processes/end.ts";
import { OntProcesses } from "../processes/ont-processes.ts";
import type { OntRecord, RunState } from "../processes/run-state.ts";
import { type PulledFrom, type PullProgress, UpdateEnds } from "./ends.ts";

/** The state of the run is worked out so often. */
const STATUS_MS = 250;

type FromDevices = FromRoads<RoadEvent | CpeEvent, PullProgress>;

export interface DeviceProcessesOptions {
  images: RunImages;
  /** What is forked. */
  entry: string;
  log: number;
  state: RunState;
  groups: readonly (readonly OntRecord[])[];
  end: Deferred.Deferred<End>;
  /** First message to the process of these ONTs. */
  configOf: (onts: readonly OntRecord[]) => object;
  /** See `UpdateEnds`. */
  headend: PulledFrom | undefined;
  /** Payload bytes that the headend has sent. */
  sentBytes: () => number;
  onAllUp?: () => void;
}

export class DeviceProcesses {
  readonly #options: DeviceProcessesOptions;
  readonly ends: UpdateEnds;
  readonly #onts: OntProcesses<FromDevices>;
  readonly #numbers: ReadonlyMap<string, number>;

  constructor(options: DeviceProcessesOptions) {
    this.#options = options;
    const { state, images, entry, groups, log, end, configOf, headend, onAllUp } = options;
    const plans = state.onts.map(({ fleet }) => fleet.plan);
    this.#numbers = new Map(plans.map(({ serial, index }) => [serial, index]));
    this.ends = new UpdateEnds(headend, plans, images, (timeNs, ont, event) =>
      state.handleHeadendEvent(timeNs, ont, event),
    );
    this.#onts = new OntProcesses<FromDevices>({
      state,
      entry,
      log,
      groups,
      end,
      // What they wait for are answers, one at a time: beside other work of this machine they would wait for their turn alone.
      niceness: 0,
      startMessage: (onts) => ({ type: "start", config: configOf(onts) }),
      isReady: (message) => message.type === "ready",
      failureOf: (message) => (message.type === "failed" ? message.message : undefined),
      onMessage: (message) => this.#handle(message),
      ...(onAllUp && { onAllUp }),
      onEnded: (ont) => this.ends.handleLifeEnded(ont),
      onGivenUp: (ont, cause) => {
        this.ends.handleGivenUp(ont, cause);
        this.#lookForEnd();
      },
    });
  }

  get pids(): number[] {
    return this.#onts.pids;
  }

  get cpuSeconds(): number {
    return this.#onts.cpuSeconds;
  }

  get restarts(): number {
    return this.#onts.restarts;
  }

  cut(ont: number, offMs: number): void {
    this.#onts.cut(ont, offMs);
  }

  start(): Effect.Effect<void, never, Scope.Scope> {
    return Effect.gen({ self: this }, function* () {
      yield* Effect.acquireRelease(
        Effect.sync(() => setInterval(() => this.tellStatus(), STATUS_MS)),
        (timer) => Effect.sync(() => clearInterval(timer)),
      );
      yield* this.#onts.start();
    });
  }

  /** What they report last has been told then; the status with it. @param headend ends meanwhile */
  stop(headend: Effect.Effect<void> = Effect.void): Effect.Effect<void> {
    return Effect.gen({ self: this }, function* () {
      yield* this.#onts.stop();
      yield* headend;
      this.tellStatus();
    });
  }

  #handle(message: FromDevices): void {
    const { state } = this.#options;
    switch (message.type) {
      case "events":
      case "stopped":
        return state.handleOnt(message);
      case "roadEvents":
        for (const { serial, timeNs, event: told, progress } of message.events) {
          const ont = this.#numbers.get(serial)!;
          const event = roadEventOf(told);
          if (event !== undefined) state.handleAgentEvent(timeNs, ont, event);
          // A boot begins the counts anew.
          this.ends.handleProgress(timeNs, ont, progress);
          if (event !== undefined) this.ends.handleEvent(timeNs, ont, event);
        }
        return this.#lookForEnd();
      case "progress":
        for (const { serial, progress } of message.each)
          this.ends.handleProgress(state.nowNs(), this.#numbers.get(serial)!, progress);
        return this.#lookForEnd();
      case "ready":
      case "failed":
        return;
    }
  }

  #lookForEnd(): void {
    const { state, end } = this.#options;
    if (!this.ends.isFinished) return;
    this.ends.noteFinished(state.nowNs());
    this.tellStatus();
    finish(end, { reason: "finished", text: "" });
  }

  tellStatus(): void {
    this.ends.sentBytes = this.#options.sentBytes();
    this.#options.state.handleOlt({ type: "status", report: this.ends.report() });
  }
}
