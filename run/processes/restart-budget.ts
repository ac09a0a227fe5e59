/** How often a process that ended unasked is started again: not for ever, and not by how often others killed it in a long run. */

/** Lives in a row that may end by themselves. */
const FAILURES_MAX = 5;
/**
 * Lives in a row that may be ended by SIGKILL, ready or not yet, which takes seconds on a busy machine: it is somebody else's
 * doing (`kill -9`, a machine short of memory), and says nothing of the next life, as a power cut does not.
 */
const KILLS_MAX = 100;
/** Who was ready for so long begins a new row. */
const STEADY_MS = 5_000;

/** How one life of a process ended. */
export interface EndedLife {
  /** From when it was ready to its end; undefined: it never was. */
  readyMs: number | undefined;
  /** Empty when it ended by itself. */
  signal: string;
}

/** Of one process. */
export class RestartBudget {
  #failures = 0;
  #kills = 0;

  /** @returns how many lives in a row ended so, when that is too many; else undefined: start it again */
  spentBy({ readyMs, signal }: EndedLife): number | undefined {
    if (readyMs !== undefined && readyMs >= STEADY_MS) this.#failures = this.#kills = 0;
    if (signal === "SIGKILL") return ++this.#kills > KILLS_MAX ? this.#kills : undefined;
    return ++this.#failures > FAILURES_MAX ? this.#failures : undefined;
  }
}
