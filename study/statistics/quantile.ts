/** Quantiles with intervals that ask nothing of the distribution: from the ranks of the values alone. */
import { binomial, percentile } from "../../base/statistics/index.ts";

export interface QuantileInterval {
  share: number;
  /** Nearest rank, as everywhere. */
  value: number;
  /** Values of the sample between which the true quantile lies; null where there are too few values for this confidence. */
  low: number | null;
  high: number | null;
  /** What the interval covers in truth, at least what was asked for; 0 without one. */
  coverage: number;
}

/**
 * A quantile and its confidence interval (order statistics: David and Nagaraja, Order Statistics, 7.1): the count of values below
 * the true quantile is binomial, whatever the distribution. Of the pairs of ranks that cover enough, the one with the fewest
 * ranks between its ends.
 *
 * @param sorted ascending
 * @param share above 0, below 1
 * @returns null when there are no values
 */
export function quantileInterval(sorted: readonly number[], share: number, confidence = 0.95): QuantileInterval | null {
  const value = percentile(sorted, share);
  if (value === null) return null;
  const chances = binomial(sorted.length, share);
  const ranks = shortest(chances, confidence);
  if (ranks === undefined) return { share, value, low: null, high: null, coverage: 0 };
  const [low, high, coverage] = ranks;
  return { share, value, low: sorted[low - 1], high: sorted[high - 1], coverage };
}

/** Least number of values from which on a quantile has an interval of this confidence. */
export function quantileNeeds(share: number, confidence = 0.95): number {
  // Between the least and the greatest value lies all but what has every value on one side.
  const covered = (count: number): number => 1 - share ** count - (1 - share) ** count;
  let count = 2;
  while (covered(count) < confidence) count++;
  return count;
}

/** Ranks r < s, from 1, with P(r ≤ values below < s) of at least `confidence`; of equally close ones the most certain. */
function shortest(chances: Float64Array, confidence: number): [number, number, number] | undefined {
  const count = chances.length - 1;
  const upTo = new Float64Array(count + 1);
  chances.forEach((chance, at) => (upTo[at] = (upTo[at - 1] ?? 0) + chance));
  let best: [number, number, number] | undefined;
  for (let low = 1, high = 2; low < count; low++) {
    high = Math.max(high, low + 1);
    while (high <= count && upTo[high - 1] - upTo[low - 1] < confidence) high++;
    if (high > count) break;
    const found: [number, number, number] = [low, high, upTo[high - 1] - upTo[low - 1]];
    const isCloser = best === undefined || high - low < best[1] - best[0];
    const isSurer = best !== undefined && high - low === best[1] - best[0] && found[2] > best[2];
    if (isCloser || isSurer) best = found;
  }
  return best;
}
