/** Ids that are known from the start: of one machine, or of one task of an array. */
import type { IdSource, RunId } from "./types.ts";

export class ListSource implements IdSource {
  readonly #ids: readonly RunId[];

  constructor(ids: readonly RunId[]) {
    this.#ids = ids;
  }

  /** The first that fails ends it. */
  async each(atOnce: number, work: (id: RunId) => Promise<void>, leave: AbortSignal): Promise<boolean> {
    const waiting = this.#ids.values();
    let isWhole = true;
    const serve = async (): Promise<void> => {
      // One iterator for all: each takes the next one.
      for (const id of waiting) {
        if (leave.aborted) {
          isWhole = false;
          return;
        }
        await work(id);
      }
    };
    await Promise.all(Array.from({ length: Math.min(atOnce, this.#ids.length) }, serve));
    return isWhole;
  }
}
