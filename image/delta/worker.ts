/** A thread that matches pieces of a target (dist/delta-worker.js), in memory that it shares with the others. */
import { parentPort, workerData } from "node:worker_threads";
import { BaseIndex, type IndexTables, indexLongs, indexShorts } from "./base-index.ts";
import { PIECE_BYTES } from "./match.ts";
import { matchRange } from "./matcher.ts";

/** What a thread is told at its start; all of it is shared. */
export interface MatchData {
  base: Uint8Array;
  target: Uint8Array;
  tables: IndexTables;
}
/** One half of the index is made, or a piece matched. */
export type MatchTask = { kind: "longs" } | { kind: "shorts" } | { kind: "piece"; from: number };
/** The ops of a piece; none for the index. */
export type MatchAnswer = Int32Array;

function carryOut({ base, target, tables }: MatchData, task: MatchTask): MatchAnswer {
  const ops: number[] = [];
  switch (task.kind) {
    case "longs":
      indexLongs(base, tables);
      break;
    case "shorts":
      indexShorts(base, tables);
      break;
    case "piece": {
      const to = Math.min(task.from + PIECE_BYTES, target.length);
      matchRange(new BaseIndex(base, tables), base, target, task.from, to, ops);
      break;
    }
  }
  return Int32Array.from(ops);
}

parentPort?.on("message", (task: MatchTask) => {
  parentPort!.postMessage(carryOut(workerData as MatchData, task) satisfies MatchAnswer);
});
