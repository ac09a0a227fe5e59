/** A sweep with known means and known luck of each seed, for tests of its page. */
import type { Cell } from "../../../study/sweep/plan.ts";
import { type Figure, FIGURES } from "../../../run/result/index.ts";
import type { RunRecord } from "../../../study/sweep/record.ts";
import type { SweepIdentity } from "../../../study/sweep/store.ts";

const SEEDS = 4;
const recoveries = ["window", "parity", "unicast"] as const;
/** Copies beyond the first, without loss, for each way. */
const extraCopies = { window: 0.4, parity: 0.01, unicast: 60 };

export const cells: Cell[] = [0, 0.01, 0.05]
  .flatMap((loss) => recoveries.map((recovery) => ({ loss, "olt.recovery": recovery, onts: 8 })))
  .map((values, index) => ({ index, values }));

export const identity: SweepIdentity = {
  name: "fixture",
  question: "Which way costs <least>?",
  digest: "d",
  version: "1.2.3",
  cells,
  seeds: SEEDS,
};

/** Losses differ much from seed to seed, in the same way for every recovery; unicast does not end with the last seed. */
export const runs: RunRecord[] = cells.flatMap(({ index: cell, values }) =>
  Array.from({ length: SEEDS }, (_, number) => {
    const seed = number + 1;
    const { loss, "olt.recovery": recovery } = values as { loss: number; "olt.recovery": keyof typeof extraCopies };
    const luck = loss * 20 * seed;
    const missed = recovery === "unicast" && seed === SEEDS;
    const figures = Object.fromEntries(FIGURES.map((figure) => [figure, 0])) as Record<Figure, number | null>;
    figures.imageCopies = 1 + extraCopies[recovery] * (loss > 0 ? 1 : 0) + luck;
    figures.downloadSeconds = missed ? null : 2 + luck;
    figures.p50Seconds = missed ? null : 1 + luck;
    figures.upstreamFrames = 1000 * seed;
    figures.committed = missed ? 7 : 8;
    return {
      index: number * cells.length + cell,
      cell,
      seed,
      values,
      version: "1.2.3",
      digest: "d",
      figures,
      exitCode: missed ? 1 : 0,
      reasons: missed ? ["ONT 3: failed"] : [],
    };
  }),
);
