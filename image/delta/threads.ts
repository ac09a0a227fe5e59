/** The pieces of a target matched by several threads: what they find is put together in order, so that it is the same however many there are. */
import { availableParallelism } from "node:os";
import { Worker } from "node:worker_threads";
import { endThreads, untilOneEnds } from "../../base/errors/index.ts";
import { tablesFor } from "./base-index.ts";
import { PIECE_BYTES, findOps } from "./match.ts";
import type { DeltaThreads } from "./types.ts";
import type { MatchAnswer, MatchData, MatchTask } from "./worker.ts";

/** More share the memory of one machine, and gain little. */
const THREADS_MAX = 4;
/** A thread starts in a twentieth of a second: targets that are shorter are matched without. */
const TARGET_BYTES_MIN = 16 * 1024 * 1024;

/** How many threads matching a target is worth on this machine. */
const threadsFor = (targetBytes: number): number =>
  targetBytes < TARGET_BYTES_MIN ? 1 : Math.min(THREADS_MAX, availableParallelism());

/** The same as `findOps`. @param file bundle of worker.ts @throws what a thread ended with */
export async function findOpsInThreads(
  base: Uint8Array,
  target: Uint8Array,
  { file, count = threadsFor(target.length) }: DeltaThreads,
  onPiece: (doneBytes: number) => void,
): Promise<Int32Array> {
  if (count <= 1) return findOps(base, target, onPiece);
  const workerData: MatchData = { base: shared(base), target: shared(target), tables: tablesFor(base.length) };
  const workers = Array.from({ length: count }, () => new Worker(file, { workerData }));
  try {
    return await Promise.race([findInThem(workers, target.length, onPiece), untilOneEnds(workers)]);
  } finally {
    await endThreads(workers);
  }
}

async function findInThem(
  workers: readonly Worker[],
  targetBytes: number,
  onPiece: (doneBytes: number) => void,
): Promise<Int32Array> {
  await inTurn(workers, [{ kind: "longs" }, { kind: "shorts" }], () => undefined);
  const froms = Array.from({ length: Math.ceil(targetBytes / PIECE_BYTES) }, (_, index) => index * PIECE_BYTES);
  let doneBytes = 0;
  const found = await inTurn(
    workers,
    froms.map((from) => ({ kind: "piece", from })),
    () => onPiece((doneBytes = Math.min(doneBytes + PIECE_BYTES, targetBytes))),
  );
  return joined(found);
}

/** Hands out tasks to whoever is free. @returns what was found, by task */
async function inTurn(
  workers: readonly Worker[],
  tasks: readonly MatchTask[],
  onDone: () => void,
): Promise<Int32Array[]> {
  const found: Int32Array[] = [];
  let next = 0;
  const work = async (worker: Worker): Promise<void> => {
    while (next < tasks.length) {
      const task = next++;
      found[task] = await asked(worker, tasks[task]);
      onDone();
    }
  };
  await Promise.all(workers.map(work));
  return found;
}

const asked = (worker: Worker, task: MatchTask): Promise<Int32Array> =>
  new Promise((done) => {
    worker.once("message", (answer: MatchAnswer) => done(answer));
    worker.postMessage(task);
  });

/** Memory that all threads see. */
function shared(bytes: Uint8Array): Uint8Array {
  if (bytes.buffer instanceof SharedArrayBuffer) return bytes;
  const copy = new Uint8Array(new SharedArrayBuffer(bytes.length));
  copy.set(bytes);
  return copy;
}

function joined(parts: readonly Int32Array[]): Int32Array {
  const all = new Int32Array(parts.reduce((sum, { length }) => sum + length, 0));
  let at = 0;
  for (const part of parts) {
    all.set(part, at);
    at += part.length;
  }
  return all;
}
