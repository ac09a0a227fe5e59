/**
 * Sequential stopping: as many seeds as it takes until an interval is as narrow as asked for. Which seeds are run follows from
 * the values alone, so that a study that was stopped goes on as if it had not been.
 */
import { meanInterval, type MeanInterval } from "./interval.ts";

/** With fewer the spread itself is a guess, and stopping by it stops too early. */
export const SEEDS_BEFORE_STOPPING = 10;
/** At most so many times as many seeds at the next look; an estimate from few seeds may be far off. */
const GROWTH_MAX = 2;

/** The half width is at most this share of the mean; a mean of 0 is reached when nothing varies. */
export const isWithin = ({ mean, half }: MeanInterval, share: number): boolean =>
  half !== null && half <= share * Math.abs(mean);

export interface SeedsLook {
  /** Every series is within the share. */
  isDone: boolean;
  /** Half width over mean of the worst; null where one has no interval yet. */
  worst: number | null;
  /** Seeds to have at the next look; the same number when done. */
  next: number;
}

/**
 * Looks at what the seeds have said so far.
 *
 * @param series values of one metric in one combination each, of the same seeds 1…`seeds`; null where a run has none
 * @param share wanted half width over mean
 * @param most seeds that are run at most
 */
export function look(
  series: readonly (readonly (number | null)[])[],
  seeds: number,
  share: number,
  most: number,
): SeedsLook {
  const intervals = series.map((values) => meanInterval(values.filter((value) => value !== null)));
  // A combination in which nothing ever came of the metric has no interval, and would never end.
  const known = intervals.filter((interval) => interval !== null);
  const halves = known.map(({ mean, half }) => relativeHalf(mean, half));
  const worst = halves.some((half) => half === null) ? null : Math.max(0, ...(halves as number[]));
  const enough = Math.min(SEEDS_BEFORE_STOPPING, most);
  if (seeds < enough) return { isDone: false, worst, next: enough };
  if (known.every((interval) => isWithin(interval, share))) return { isDone: true, worst, next: seeds };
  if (seeds >= most) return { isDone: false, worst, next: seeds };
  // Half widths fall with the root of the number of seeds.
  const wanted = worst === null ? Infinity : Math.ceil(seeds * (worst / share) ** 2);
  const next = Math.min(most, Math.ceil(seeds * GROWTH_MAX), Math.max(seeds + 1, wanted));
  return { isDone: false, worst, next };
}

function relativeHalf(mean: number, half: number | null): number | null {
  if (half === null) return null;
  if (half === 0) return 0;
  return mean === 0 ? Infinity : half / Math.abs(mean);
}
