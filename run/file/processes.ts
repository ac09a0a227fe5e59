/** The processes of ONTs with a folder each, into which update.zip comes while they run, as a technician's stick does. */
import { copyFileSync, linkSync, mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { type Deferred, Effect, type Scope } from "effect";
import type { AgentProcessConfig } from "../../ont/agent/process/index.ts";
import { UPDATE_FILE } from "../../ont/folder/index.ts";
import type { OltCommandOutcome } from "../../olt/core/types.ts";
import type { Scenario } from "../../scenarios/index.ts";
import { DeviceProcesses } from "../pull/device-processes.ts";
import { lineOf } from "../errors.ts";
import type { RunImages } from "../images/index.ts";
import type { ProcessBundles } from "../processes/bundles.ts";
import { type End, finish, STOP_LIMIT } from "../processes/end.ts";
import type { RunProcesses } from "../processes/run-processes.ts";
import type { OntRecord, RunState } from "../processes/run-state.ts";
import { archiveOf, folderFactsOf, visitSeconds } from "./facts.ts";

const MS_PER_SECOND = 1000;

export interface FileProcessesOptions {
  scenario: Scenario;
  images: RunImages;
  stateFolder: string;
  bundles: Pick<ProcessBundles, "agent">;
  log: number;
  state: RunState;
  groups: readonly (readonly OntRecord[])[];
  epochNs: bigint;
  end: Deferred.Deferred<End>;
}

export class FileProcesses implements RunProcesses {
  readonly #options: FileProcessesOptions;
  readonly #agents: DeviceProcesses;
  readonly #visits: NodeJS.Timeout[] = [];
  startedNs = 0;
  /** There is none. */
  readonly oltPids: number[] = [];

  constructor(options: FileProcessesOptions) {
    this.#options = options;
    this.#agents = new DeviceProcesses({
      ...options,
      entry: options.bundles.agent,
      configOf: (onts) => this.#configOf(onts),
      headend: undefined,
      sentBytes: () => 0,
      onAllUp: () => this.#beginVisits(),
    });
  }

  get ontPids(): number[] {
    return this.#agents.pids;
  }

  get cpuSeconds(): { olt: number; onts: number } {
    return { olt: 0, onts: this.#agents.cpuSeconds };
  }

  get restarts(): { olt: number; onts: number } {
    return { olt: 0, onts: this.#agents.restarts };
  }

  cutOnt(ont: number, offMs: number): void {
    this.#agents.cut(ont, offMs);
  }

  killOlt(): void {}

  command(): Promise<OltCommandOutcome> {
    return Promise.resolve({ accepted: false, reason: "commands are for an OLT" });
  }

  commandPort(): Promise<OltCommandOutcome> {
    return this.command();
  }

  skipOnt(): void {}

  start(): Effect.Effect<void, never, Scope.Scope> {
    return Effect.gen({ self: this }, function* () {
      const { state, end } = this.#options;
      this.startedNs = state.nowNs();
      const problem = this.#prepare();
      if (problem !== "") return finish(end, { reason: "failed", text: problem });
      yield* Effect.addFinalizer(() => Effect.sync(() => this.#visits.forEach(clearTimeout)));
      yield* this.#agents.start();
    });
  }

  stop(): Effect.Effect<void> {
    return this.#agents.stop().pipe(Effect.timeoutOption(STOP_LIMIT), Effect.asVoid);
  }

  /** @returns why there is no update.zip; empty: there is */
  #prepare(): string {
    const { scenario, images, state } = this.#options;
    try {
      writeFileSync(this.#archivePath, archiveOf(scenario, images));
      for (const ont of state.onts) mkdirSync(this.#folderOf(ont));
      return "";
    } catch (error) {
      return lineOf(error);
    }
  }

  get #archivePath(): string {
    return join(this.#options.stateFolder, UPDATE_FILE);
  }

  #folderOf({ fleet }: OntRecord): string {
    return join(this.#options.stateFolder, `stick-${String(fleet.plan.index).padStart(3, "0")}`);
  }

  /** One ONT after another. */
  #beginVisits(): void {
    const { scenario, state } = this.#options;
    for (const ont of state.onts) {
      const { plan } = ont.fleet;
      this.#visits.push(setTimeout(() => this.#visit(ont), visitSeconds(plan, scenario) * MS_PER_SECOND));
    }
  }

  /** As a stick does when it is put in, the file comes whole, with the date that it has. */
  #visit(ont: OntRecord): void {
    const path = join(this.#folderOf(ont), UPDATE_FILE);
    try {
      linkSync(this.#archivePath, path);
    } catch {
      // A file system without links: then it is copied, and the ONT has to wait for its end.
      copyFileSync(this.#archivePath, path);
    }
    const { index } = ont.fleet.plan;
    this.#options.state.note({ type: "note", text: `ONT ${index} is brought ${UPDATE_FILE}` });
  }

  #configOf(onts: readonly OntRecord[]): AgentProcessConfig {
    const { scenario, images, epochNs } = this.#options;
    return {
      devices: onts.map((ont) => ({
        ont: ont.fleet.description,
        folder: { ...folderFactsOf(ont.fleet.plan, scenario, images), folder: this.#folderOf(ont) },
      })),
      seed: scenario.seed,
      // The flash has to outlive the ONT's process, not this machine.
      durability: "none",
      epochNs,
    };
  }
}
