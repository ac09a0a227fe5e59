/** The one definition of a percentile, so that results, charts and studies never differ in how they count ranks. */

/**
 * Nearest-rank percentile: the least value that at least `share` of all values do not exceed.
 *
 * @param sorted ascending
 * @param share above 0, at most 1
 * @returns null when there are no values
 */
export function percentile(sorted: readonly number[], share: number): number | null {
  if (sorted.length === 0) return null;
  return sorted[Math.max(0, Math.ceil(share * sorted.length) - 1)];
}
