/** What is gathered when a run in processes ends: memory, flash, the result. */
import { Effect } from "effect";
import type { RunOptions } from "../types.ts";
import { buildResult, type HostFacts, type OntFinal, type RunResult } from "../result/index.ts";
import type { Scenario } from "../../scenarios/index.ts";
import { type MemorySample, ownHostFacts, sampleMemory } from "../host.ts";
import type { RunImages } from "../images/index.ts";
import { sentIn } from "../payloads/index.ts";
import type { End } from "./end.ts";
import type { RunProcesses } from "./run-processes.ts";
import type { OntRecord, RunState } from "./run-state.ts";
import { readStorages } from "./verify.ts";

const NS_PER_SECOND = 1e9;

/** Reads every process's memory once, when the download has just ended: that is when it is largest. */
export class MemoryWatch {
  readonly #state: RunState;
  readonly #processes: RunProcesses;
  #sampledAtSeconds = 0;
  #sampling: Promise<MemorySample | undefined> | undefined;

  constructor(state: RunState, processes: RunProcesses) {
    this.#state = state;
    this.#processes = processes;
  }

  /** Call now and then. */
  look(): void {
    const status = this.#state.oltStatus;
    if (status && status.firstStartNs >= 0 && status.phase !== "downloading") this.#sample();
  }

  /** Samples at the latest now; the processes have to live until it is done. */
  async settle(): Promise<HostFacts["memory"]> {
    this.#sample();
    const sample = await this.#sampling;
    return sample ? { sampledAtSeconds: this.#sampledAtSeconds, ...sample } : null;
  }

  #sample(): void {
    const { oltPids, ontPids } = this.#processes;
    if (this.#sampling || oltPids.length === 0) return;
    this.#sampledAtSeconds = this.#state.elapsedSeconds;
    this.#sampling = sampleMemory(oltPids, ontPids);
  }
}

export interface Collected {
  scenario: Scenario;
  options: RunOptions;
  image: RunImages;
  state: RunState;
  processes: RunProcesses;
  /** Its process is one of this machine. */
  isHere: (ont: OntRecord) => boolean;
  memory: HostFacts["memory"];
  ended: End;
}

/** @param told see `RunProcesses.storages` */
function finalsOf(
  state: RunState,
  image: RunImages,
  isHere: (ont: OntRecord) => boolean,
  told: RunProcesses["storages"],
): Promise<OntFinal[]> {
  const here = state.onts.filter(isHere);
  const folders = here.map(({ fleet, activeSlot }) => ({ folder: fleet.description.stateFolder, activeSlot }));
  return readStorages(folders).then((read) => {
    const storages = state.onts.map((ont) =>
      isHere(ont) ? read[here.indexOf(ont)] : (told?.get(ont.view.id) ?? null),
    );
    return state.onts.map(({ fleet, view, bootAttempts }, index) => ({
      id: fleet.plan.index,
      serial: fleet.plan.serial,
      factorySha256: fleet.factory.image.sha256,
      targetSha256: image.targetOf(fleet.plan.properties.hardware),
      storage: storages[index],
      cause: view.cause,
      bootAttempts,
    }));
  });
}

function hostFacts({ processes, memory }: Collected): HostFacts {
  const own = ownHostFacts();
  return {
    ...own,
    cpuSeconds: { ...own.cpuSeconds, ...processes.cpuSeconds },
    memory,
    ontProcessRestarts: processes.restarts.onts,
    oltProcessRestarts: processes.restarts.olt,
  };
}

/** First process to the last ONT that is there from the start; those that never came up do not count. */
function spawnSeconds(state: RunState, startedNs: number): number {
  const ready = state.onts.filter(({ fleet }) => fleet.plan.joinAtSeconds === 0).map(({ readyNs }) => readyNs);
  return Math.max(0, Math.max(...ready) - startedNs) / NS_PER_SECOND;
}

/** Reads the flash of all ONTs and makes the result; the processes are gone by now. */
export function collectResult(collected: Collected): Effect.Effect<RunResult> {
  const { scenario, options, image, state, processes, ended } = collected;
  return Effect.promise(() => finalsOf(state, image, collected.isHere, processes.storages)).pipe(
    Effect.map((onts) => {
      const { totals, groupRoads } = processes.totals?.() ?? { totals: state.totals() };
      const { status, counters, downstream, upstream } = totals;
      return buildResult({
        poncast: options.poncast,
        forecast: options.forecast,
        scenario,
        seed: scenario.seed,
        clock: "wall",
        ...sentIn(image),
        road: scenario.road,
        ...(groupRoads && { groupRoads }),
        olt: status,
        counters,
        onts,
        expected: state.onts.map(({ fleet }) => fleet.plan.expect),
        downstream,
        upstream,
        endedEarly: ended.text,
        remarks: [...(processes.remarks ?? [])],
        spawnSeconds: spawnSeconds(state, processes.startedNs),
        totalSeconds: state.elapsedSeconds,
        host: hostFacts(collected),
      });
    }),
  );
}
