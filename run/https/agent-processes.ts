/** The processes of ONTs with update agents, and how far they are, whoever their agents ask: a depot, or a folder. */
import { type Deferred, Effect, type Scope } from "effect";
import type { AgentProcessConfig, FromAgents } from "../../ont/agent/process/index.ts";
import type { RunImages } from "../images/index.ts";
import { type End, finish } from "../processes/end.ts";
import { OntProcesses } from "../processes/ont-processes.ts";
import type { OntRecord, RunState } from "../processes/run-state.ts";
import { UpdateEnds } from "./ends.ts";

/** The state of the run is worked out so often. */
const STATUS_MS = 250;

export interface AgentProcessesOptions {
  images: RunImages;
  /** What is forked. */
  entry: string;
  log: number;
  state: RunState;
  groups: readonly (readonly OntRecord[])[];
  end: Deferred.Deferred<End>;
  /** First message to the process of these ONTs. */
  configOf: (onts: readonly OntRecord[]) => AgentProcessConfig;
  /** See `UpdateEnds`. */
  hasDepot: boolean;
  /** Payload bytes that the headend has sent. */
  sentBytes: () => number;
  onAllUp?: () => void;
}

export class AgentProcesses {
  readonly #options: AgentProcessesOptions;
  readonly ends: UpdateEnds;
  readonly #onts: OntProcesses<FromAgents>;
  readonly #numbers: ReadonlyMap<string, number>;

  constructor(options: AgentProcessesOptions) {
    this.#options = options;
    const { state, images, entry, groups, log, end, configOf, hasDepot, onAllUp } = options;
    const plans = state.onts.map(({ fleet }) => fleet.plan);
    this.#numbers = new Map(plans.map(({ serial, index }) => [serial, index]));
    this.ends = new UpdateEnds(
      plans,
      images,
      (timeNs, ont, event) => state.handleHeadendEvent(timeNs, ont, event),
      hasDepot,
    );
    this.#onts = new OntProcesses<FromAgents>({
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

  #handle(message: FromAgents): void {
    const { state } = this.#options;
    switch (message.type) {
      case "events":
      case "stopped":
        return state.handleOnt(message);
      case "roadEvents":
        for (const { serial, timeNs, event, progress } of message.events) {
          const ont = this.#numbers.get(serial)!;
          state.handleAgentEvent(timeNs, ont, event);
          // A boot begins the counts anew.
          this.ends.handleProgress(timeNs, ont, progress);
          this.ends.handleEvent(timeNs, ont, event);
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
