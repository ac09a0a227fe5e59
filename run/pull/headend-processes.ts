/** The headend's process and the processes of ONTs that fetch their images from it: the same life as those of a run over OMCI. */
import { type Deferred, Effect, type Scope } from "effect";
import type { OltCommand, OltCommandOutcome } from "../../olt/core/types.ts";
import type { OntPlan } from "../fleet/plan.ts";
import type { RunImages } from "../images/index.ts";
import { type End, STOP_LIMIT } from "../processes/end.ts";
import type { RunProcesses } from "../processes/run-processes.ts";
import type { OntRecord, RunState } from "../processes/run-state.ts";
import { DeviceProcesses } from "./device-processes.ts";
import type { PulledFrom } from "./ends.ts";
import { HeadendProcess, type Listening } from "./headend-process.ts";
import { HeadendOperator } from "./operator.ts";

/** What differs from road to road. */
export interface HeadendRoad<Where extends Listening, Devices extends object = object> {
  headend: PulledFrom;
  /** Bundles of its processes. */
  entries: { headend: string; devices: string };
  /** What the headend calls an ONT. */
  deviceOf(plan: OntPlan): string;
  /** First message to the headend. @param port the next one is where the first was; 0: any */
  headendConfig(port: number): object;
  /** First message to a process of ONTs. */
  devicesConfig(onts: readonly OntRecord[], where: Where): Devices;
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
  readonly #headend: HeadendProcess<Where>;
  readonly #devices: DeviceProcesses;
  readonly #operator: HeadendOperator;
  startedNs = 0;

  constructor(road: HeadendRoad<Where>, options: HeadendProcessesOptions) {
    this.#options = options;
    this.#headend = new HeadendProcess<Where>({
      ...options,
      name: road.headend.name,
      entry: road.entries.headend,
      config: (port) => road.headendConfig(port),
    });
    this.#devices = new DeviceProcesses({
      ...options,
      entry: road.entries.devices,
      configOf: (onts) => road.devicesConfig(onts, this.#headend.where!),
      headend: road.headend,
      sentBytes: () => this.#headend.sentBytes,
    });
    const { state } = options;
    const plans = state.onts.map(({ fleet }) => fleet.plan);
    this.#operator = new HeadendOperator({
      headend: road.headend.name,
      ends: this.#devices.ends,
      serials: plans.map(({ serial }) => serial),
      devices: plans.map((plan) => road.deviceOf(plan)),
      carryOut: (command, done) => this.#headend.ask(command, done),
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
    return { olt: this.#headend.restarts, onts: this.#devices.restarts };
  }

  cutOnt(ont: number, offMs: number): void {
    this.#devices.cut(ont, offMs);
  }

  /** The headend of this road. */
  killOlt(_pon: number, offMs: number): void {
    this.#headend.kill(offMs);
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

  start(): Effect.Effect<void, never, Scope.Scope> {
    return Effect.gen({ self: this }, function* () {
      this.startedNs = this.#options.state.nowNs();
      yield* this.#headend.start();
      yield* this.#devices.start();
    });
  }

  stop(): Effect.Effect<void> {
    return this.#devices.stop(this.#headend.stop()).pipe(Effect.timeoutOption(STOP_LIMIT), Effect.asVoid);
  }
}
