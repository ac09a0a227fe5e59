/** Whether frames that do not say whose they are belong to several ONUs: then nothing can be said of an image. */
import type { OnuName } from "./types.ts";

/** One hint may be chance. */
const HINTS_MIN = 2;

/** What that means for one image. */
export interface Doubt {
  /** Its frames are those of several ONUs. */
  areMixed: boolean;
  /** Something showed it once. */
  mayBeMixed: boolean;
}

export class Doubts {
  /** Rows of several frames were mixed up: whoever a frame names, its bytes may be another's. */
  areRowsMixed = false;
  #hints = 0;

  get areOnusMixed(): boolean {
    return this.#hints >= HINTS_MIN;
  }

  /** Something showed that frames without a name are of more than one. */
  addHints(hints: number): void {
    this.#hints += hints;
  }

  /** The same, and it is no chance. */
  becomeSure(): void {
    this.#hints = HINTS_MIN;
  }

  about(onuId: OnuName): Doubt {
    const isUnnamed = onuId === undefined;
    return {
      areMixed: this.areRowsMixed || (isUnnamed && this.areOnusMixed),
      mayBeMixed: isUnnamed && this.#hints > 0,
    };
  }
}
