/** Whether memory stays flat: what is left of it after a full collection, early and at the end. */
import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import { bytesText } from "../../base/text/index.ts";
import type { PartOutcome } from "./types.ts";

/** More at the end than at a third is a leak; less is none. */
const GROWTH_MAX = 0.1;

type Collect = () => void;
let collect: Collect | undefined;

/** Bytes in use, buffers too, when all that nobody holds is gone. */
export function usedBytes(): number {
  if (collect === undefined) {
    setFlagsFromString("--expose-gc");
    collect = runInNewContext("gc") as Collect;
  }
  // What the first one finalizes the second one frees.
  collect();
  collect();
  const { heapUsed, external } = process.memoryUsage();
  return heapUsed + external;
}

/** Looks at a third of the way and at its end. */
export class FlatMemory {
  #thirdBytes = 0;

  /** @param share of the way that is done */
  look(share: number): void {
    if (this.#thirdBytes === 0 && share >= 1 / 3) this.#thirdBytes = usedBytes();
  }

  end(): PartOutcome {
    const endBytes = usedBytes();
    const thirdBytes = this.#thirdBytes;
    const growth = thirdBytes === 0 ? 0 : endBytes / thirdBytes - 1;
    return {
      problems:
        growth > GROWTH_MAX ? [`memory grew from ${bytesText(thirdBytes)} at a third to ${bytesText(endBytes)}`] : [],
      figures: { thirdBytes, endBytes, growthPercent: Math.round(growth * 1000) / 10 },
    };
  }
}
