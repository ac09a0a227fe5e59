/** `poncast sweep --until`: what is asked, and what is told of it. */
import type { UntilAsk } from "../study/sweep/index.ts";
import { percentOf } from "../study/statistics/index.ts";
import { figureNamed } from "./commands/sweep-compare.ts";
import { UsageError } from "./errors.ts";
import { tell } from "./print.ts";
import { parseCount, parseShare } from "./units.ts";

export interface UntilFlags {
  until?: string;
  figure?: string;
  seedsMax?: string;
  seeds?: string;
}

const FIGURE = "downloadSeconds";
const SEEDS_MAX = "1000";

/** @throws UsageError */
export function untilOf({ until, figure, seedsMax, seeds }: UntilFlags): UntilAsk | undefined {
  if (until === undefined) {
    const stray = [figure !== undefined && "--figure", seedsMax !== undefined && "--seeds-max"].find(
      (option) => option,
    );
    if (stray) throw new UsageError(`${stray}: only with --until`);
    return undefined;
  }
  if (seeds !== undefined) throw new UsageError("--seeds: --until says how many; leave one of them out");
  const share = parseShare("--until", until);
  if (share === 0) throw new UsageError("--until: 0 is never reached; a share of the mean, such as 2%");
  return {
    share,
    figure: figureNamed("--figure", figure ?? FIGURE),
    seedsMax: parseCount("--seeds-max", seedsMax ?? SEEDS_MAX),
    onLook: (count, { isDone, worst, next }) => {
      const wide = worst === null ? "no interval yet" : `widest interval ±${percentOf(worst)}`;
      const then = isDone ? "enough" : next === count ? "no more" : `going on to ${next}`;
      tell(`${count} seeds: ${wide}; ${then}\n`);
    },
  };
}
