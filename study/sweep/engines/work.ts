/** What a worker does, whatever its engine: it takes ids, runs them by the code of a sweep on one machine, and appends what comes of them. */
import { RunInputError } from "../../../run/index.ts";
import type { RunRecord } from "../record.ts";
import { identityOf, SweepStore } from "../store.ts";
import { runOf } from "./ids.ts";
import { RunThreads } from "./local/index.ts";
import { PartFile, PartsReader } from "./parts.ts";
import type { IdSource } from "./types.ts";
import { partsFolder, type VersionedPlan } from "./work-folder.ts";

/** Where a worker's results go. */
export interface WorkResults {
  /** The place of each run that is there already. */
  readonly there: ReadonlySet<number>;
  /** Resolves when it is on the disk. */
  append(record: RunRecord): Promise<void>;
  close(): void;
}

/** A file beside the sweep, in a folder that its hosts share. */
export function sharedResults(sweepFolder: string): WorkResults {
  const folder = partsFolder(sweepFolder);
  const there = new Set(new PartsReader(folder).next().map(({ record }) => record.index));
  const file = new PartFile(folder);
  return { there, append: (record) => file.append(record), close: () => file.close() };
}

/** A folder of its own, for `sweep merge`. @throws RunInputError when it holds something else */
export function ownResults(folder: string, plan: VersionedPlan): WorkResults {
  const store = new SweepStore(folder, identityOf(plan, plan.version));
  const there = new Set(store.runs.map(({ index }) => index));
  return {
    there,
    append: (record) => {
      if (!there.has(record.index)) store.append(record);
      there.add(record.index);
      return Promise.resolve();
    },
    close: () => store.close(),
  };
}

export interface WorkOptions {
  plan: VersionedPlan;
  source: IdSource;
  results: WorkResults;
  /** Runs at the same time. */
  jobs: number;
  leave: AbortSignal;
  /** After each run. */
  onDone?: (done: number) => void;
}

export interface WorkOutcome {
  done: number;
  /** It was not asked to leave before there was nothing left. */
  complete: boolean;
}

/** @throws RunInputError when a run fails for a reason that is not in its result, and the engine does not take it back */
export async function work({ plan, source, results, jobs, leave, onDone }: WorkOptions): Promise<WorkOutcome> {
  const threads = new RunThreads(plan, plan.version);
  let done = 0;
  try {
    const complete = await source.each(
      jobs,
      async (id) => {
        const run = runOf(plan, id);
        if (run.cell >= plan.cells.length) throw new RunInputError(`run ${id} is not in this sweep`);
        if (results.there.has(run.index)) return;
        await results.append(await threads.run(run));
        onDone?.(++done);
      },
      leave,
    );
    return { done, complete };
  } finally {
    await threads.close();
    results.close();
  }
}
