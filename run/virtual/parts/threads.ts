/** Parts of a run in threads of their own. */
import { existsSync } from "node:fs";
import { dirname, join, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { Worker } from "node:worker_threads";
import { endThreads, untilOneEnds } from "../../../base/errors/index.ts";
import type { Scenario } from "../../../scenarios/index.ts";
import { lineOf, RunInputError, RunStoppedError } from "../../errors.ts";
import type { JournalRecord } from "../../journal/index.ts";
import type { PartRecords, PortsOutcome } from "./part.ts";
import { type RemotePart, runWhole, shares, type WholeRun, withEarlier } from "./whole.ts";
import type { PartData, PartMessage, PartTask } from "./worker.ts";

const FILE = "ports-worker.js";

/**
 * @param file bundle of worker.ts
 * @param signal what happened up to then is the run
 * @throws RunStoppedError when a thread ended
 */
export async function runInThreads(
  scenario: Scenario,
  { file, count, signal }: { file: string; count: number; signal?: AbortSignal },
  write: (record: JournalRecord) => void,
): Promise<WholeRun> {
  // Threads that compute hear nothing: they look at memory that all see.
  const stop = new Int32Array(new SharedArrayBuffer(Int32Array.BYTES_PER_ELEMENT));
  const onAbort = (): void => void Atomics.store(stop, 0, 1);
  signal?.addEventListener("abort", onAbort);
  if (signal?.aborted === true) onAbort();
  const workers = shares(scenario.pons, Math.min(count, scenario.pons)).map(
    (ports) => new Worker(file, { workerData: { scenario, ports, stop } satisfies PartData }),
  );
  try {
    return await Promise.race([runWhole(workers.map(remote), write), died(workers)]);
  } finally {
    signal?.removeEventListener("abort", onAbort);
    await endThreads(workers);
  }
}

/** @throws RunInputError where it was not built */
export function workerFile(distFolder: string | undefined): string {
  const here = dirname(fileURLToPath(import.meta.url));
  const folders = distFolder === undefined ? [here, resolve(here, "../../../dist")] : [resolve(distFolder)];
  const found = folders.map((folder) => join(folder, FILE)).find((path) => existsSync(path));
  if (found === undefined) throw new RunInputError(`no ${FILE} in ${folders.join(" or ")}; run: npm run build`);
  return found;
}

/** Records come while it computes: they are read then, and not all when the run is over. */
function remote(worker: Worker): RemotePart {
  const earlier: PartRecords[] = [];
  let answered: ((answer: unknown) => void) | undefined;
  worker.on("message", (message: PartMessage) => {
    if (message.kind === "records") earlier.push(message.written);
    else answered?.(message.answer);
  });
  const asked = <Answer>(task: PartTask): Promise<Answer> =>
    new Promise((done) => {
      answered = done as (answer: unknown) => void;
      worker.postMessage(task);
    });
  return {
    run: () => asked({ kind: "run" }),
    runOn: (last) => asked({ kind: "runOn", last }),
    end: async (endNs, end) => withEarlier(earlier, await asked<PortsOutcome>({ kind: "end", endNs, end })),
  };
}

/** Without one of its parts a run cannot be put together. */
const died = (workers: readonly Worker[]): Promise<never> =>
  untilOneEnds(workers).catch((error: unknown) => {
    const line = `a thread of the run ended: ${lineOf(error)}; with one thread (--threads 1) the run needs less memory`;
    throw new RunStoppedError(line);
  });
