/** Runs a sweep by an engine, taking up what its folder already has. What a run does is the workers' business. */
import { join, resolve } from "node:path";
import { RunInputError } from "../../run/index.ts";
import { idsOf } from "./engines/ids.ts";
import { LocalEngine } from "./engines/local/index.ts";
import type { EngineEvent, SweepEngine } from "./engines/types.ts";
import { clearWork } from "./engines/work-folder.ts";
import { runsOf, type SweepPlan, type SweepRun } from "./plan.ts";
import type { RunRecord } from "./record.ts";
import { RunSet } from "./run-set.ts";
import { inShard, type Shard } from "./shard.ts";
import { type CellStats, statsOf } from "./stats.ts";
import { identityOf, SWEEP_FILES, type SweepIdentity, SweepStore, writeSource, writeSweepFile } from "./store.ts";
import { runsTable, statsTable } from "./tables.ts";

/** How far a sweep is; what only some engines know is left out by the others. */
export interface SweepProgress {
  done: number;
  total: number;
  waiting?: number;
  running?: number;
  workers?: number;
}

export interface SweepOptions {
  out: string;
  /** Runs at the same time; the engines of several machines leave it to their workers. */
  jobs: number;
  shard?: Shard;
  /** Instead of threads of this process; it is closed at the end. */
  engine?: SweepEngine;
  version: string;
  signal?: AbortSignal;
  /** After each run, and once at the beginning. */
  onProgress?: (progress: SweepProgress) => void;
  /** What an engine says for people. */
  onNote?: (text: string) => void;
}

export interface SweepOutcome {
  folder: string;
  stats: CellStats[];
  runs: readonly RunRecord[];
  /** Every run of this sweep, or of its shard, is there. */
  complete: boolean;
  /** What has to be done by somebody else before the same command goes on. */
  handedOver?: string;
  /** Why runs are missing although the engine has nothing left. */
  problem?: string;
}

/**
 * Runs what of a sweep is not in its folder yet.
 *
 * @throws RunInputError when the folder holds something else, a run fails for a reason that is not in its result, or has two
 */
export async function runSweep(plan: SweepPlan, options: SweepOptions): Promise<SweepOutcome> {
  const { shard = { index: 1, count: 1 }, version } = options;
  const folder = resolve(options.out);
  const identity = identityOf(plan, version);
  const engine = options.engine ?? new LocalEngine(plan, version, options.jobs);
  let isComplete = false;
  try {
    const store = new SweepStore(folder, identity);
    writeSource(folder, plan);
    const wanted = runsOf(plan).filter((run) => inShard(run, plan.cells.length, shard));
    const going = new GoingSweep(store, identity, wanted, options);
    let end: EngineEnd = {};
    try {
      going.take(engine);
      if (going.open().length > 0) end = await drive(engine, going, identity, options);
    } finally {
      store.close();
    }
    const stats = writeStats(folder, identity, store.runs);
    isComplete = going.open().length === 0;
    return { folder, stats, runs: store.runs, complete: isComplete, ...(!isComplete && end) };
  } finally {
    await engine.close(isComplete);
    if (isComplete && options.engine !== undefined) clearWork(folder);
  }
}

/** Tables and statistics beside the runs. */
export function writeStats(folder: string, identity: SweepIdentity, runs: readonly RunRecord[]): CellStats[] {
  const stats = statsOf(identity.cells, runs);
  writeSweepFile(join(folder, SWEEP_FILES.stats), `${JSON.stringify({ ...identity, stats }, undefined, 2)}\n`);
  writeSweepFile(join(folder, SWEEP_FILES.statsTable), statsTable(stats));
  writeSweepFile(join(folder, SWEEP_FILES.runsTable), runsTable(identity.cells, runs));
  return stats;
}

type EngineEnd = Pick<SweepOutcome, "handedOver" | "problem">;

/** A sweep while it goes on: what is there, and what is told of it. */
class GoingSweep {
  readonly #store: SweepStore;
  readonly #runs: RunSet;
  readonly #wanted: readonly SweepRun[];
  readonly #onProgress: SweepOptions["onProgress"];
  #done = 0;

  constructor(
    store: SweepStore,
    identity: SweepIdentity,
    wanted: readonly SweepRun[],
    { onProgress }: Pick<SweepOptions, "onProgress">,
  ) {
    this.#store = store;
    this.#runs = new RunSet(identity);
    this.#wanted = wanted;
    this.#onProgress = onProgress;
    for (const run of store.runs) this.#runs.add(run, join(store.folder, SWEEP_FILES.runs));
    this.#done = wanted.length - this.open().length;
    this.report();
  }

  /** Without a result, in order. */
  open(): SweepRun[] {
    return this.#wanted.filter(({ index }) => !this.#runs.has(index));
  }

  get isWhole(): boolean {
    return this.#done === this.#wanted.length;
  }

  /** What the engine's workers have done. */
  take(engine: SweepEngine): void {
    for (const { record, where } of engine.collect()) {
      if (!this.#runs.add(record, where)) continue;
      this.#store.append(record);
      this.#done++;
      this.report();
    }
  }

  report(figures: Omit<SweepProgress, "done" | "total"> = {}): void {
    this.#onProgress?.({ ...figures, done: this.#done, total: this.#wanted.length });
  }
}

/** From plan to the last result, or to where it cannot go on. */
async function drive(
  engine: SweepEngine,
  going: GoingSweep,
  identity: SweepIdentity,
  { signal, onNote }: SweepOptions,
): Promise<EngineEnd> {
  const listening = new AbortController();
  const stop = (): void => listening.abort();
  signal?.addEventListener("abort", stop, { once: true });
  const stopped = new Promise<void>((done) => listening.signal.addEventListener("abort", () => done(), { once: true }));
  const handOver = async (): Promise<void> => engine.submit(await engine.plan(idsOf(identity, going.open())));
  let end: EngineEnd | undefined;
  try {
    await Promise.race([handOver(), stopped]);
    for await (const event of engine.events(listening.signal)) {
      going.take(engine);
      end = endOf(event, going, onNote);
      if (end !== undefined || going.isWhole) break;
    }
    going.take(engine);
    return end ?? {};
  } finally {
    signal?.removeEventListener("abort", stop);
    stop();
    // What was handed over goes on without us.
    if (!going.isWhole && end?.handedOver === undefined) await engine.cancel();
  }
}

/** @returns what ends the sweep. @throws RunInputError: a run cannot be done */
function endOf(event: EngineEvent, going: GoingSweep, onNote: SweepOptions["onNote"]): EngineEnd | undefined {
  switch (event.type) {
    case "progress": {
      const { type: _type, ...figures } = event;
      if (Object.keys(figures).length > 0) going.report(figures);
      return undefined;
    }
    case "note":
      onNote?.(event.text);
      return undefined;
    case "failed":
      throw new RunInputError(event.problem);
    case "idle":
      return event.problem === undefined ? {} : { problem: event.problem };
    case "handedOver":
      return { handedOver: event.text };
  }
}
