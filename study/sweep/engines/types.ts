/**
 * What an engine is: it carries the ids of runs from a sweep to its workers, and nothing else. Which runs there are says
 * the plan, what came of them the lines that workers append; an engine that loses its memory costs time, never a result.
 */
import type { RunRecord } from "../record.ts";

/** Names one run of one sweep by one version: `<key of the sweep>-<index>` (ids.ts). */
export type RunId = string;

/** A result, and where it stands, as people know it. */
export interface FoundRecord {
  record: RunRecord;
  where: string;
}

/** What an engine says while its runs go on. */
export type EngineEvent =
  /** Something may have been done: new results are looked for. Figures where the engine knows them. */
  | { type: "progress"; waiting?: number; running?: number; workers?: number }
  /** A run cannot be done, whoever tries: the sweep ends, as it does on one machine. */
  | { type: "failed"; problem: string }
  /** For people, once each. */
  | { type: "note"; text: string }
  /** The engine has nothing left. @field problem why that may be, where results are missing */
  | { type: "idle"; problem?: string }
  /** The rest is somebody else's: the sweep goes on when the same command is called again. */
  | { type: "handedOver"; text: string };

/** The side of the sweep. One object for one call of the command, which may be killed between any two calls. */
export interface SweepEngine {
  /** Of the runs without a result, in order, those that the engine does not carry yet: another call may have handed them over. */
  plan(open: readonly RunId[]): Promise<readonly RunId[]>;
  /** Hands them over; one that is carried already is not carried twice. */
  submit(ids: readonly RunId[]): Promise<void>;
  /** Until it is idle, or nobody listens any more. */
  events(signal: AbortSignal): AsyncIterable<EngineEvent>;
  /** Results that were not handed out before, also those of an earlier call; the same run may be there more than once. */
  collect(): FoundRecord[];
  /** Nothing that has not begun is begun. What goes on is not waited for. */
  cancel(): Promise<void>;
  /** @param isComplete every result is on the disk: nothing of this sweep has to be kept */
  close(isComplete: boolean): Promise<void>;
}

/** What a source asks of the worker that it feeds. */
export interface WorkerSide {
  /** For people, a line each. */
  tell: (line: string) => void;
  /** Whether the sweep has all its results, where that can be seen from here. */
  isOver?: () => boolean;
}

/** The side of a worker: where it gets its ids from. */
export interface IdSource {
  /**
   * Calls `work` for each id that comes, for at most `atOnce` at a time, until there are none left or it is asked to
   * leave; what has begun is ended then. An id counts as done when `work` has resolved: its result is on the disk.
   *
   * @returns false: it was asked to leave before the end
   */
  each(atOnce: number, work: (id: RunId) => Promise<void>, leave: AbortSignal): Promise<boolean>;
}
