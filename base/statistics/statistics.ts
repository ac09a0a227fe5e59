/** Mean, confidence interval and quantiles of one figure over several runs, whatever the figure is. */
import { studentT95 } from "./distributions.ts";
import { percentile } from "./percentile.ts";

/** What several values of one figure look like together. */
export interface Statistics {
  /** Values. */
  count: number;
  mean: number;
  /** Half width of the 95 % confidence interval of the mean over seeds (Student's t); null with one run. */
  ci95: number | null;
  p50: number;
  p95: number;
  p99: number;
  least: number;
  most: number;
}

export function statisticsOf(values: readonly number[]): Statistics | null {
  const count = values.length;
  if (count === 0) return null;
  const sorted = values.toSorted((a, b) => a - b);
  const mean = sorted.reduce((sum, value) => sum + value, 0) / count;
  const variance = sorted.reduce((sum, value) => sum + (value - mean) ** 2, 0) / Math.max(1, count - 1);
  return {
    count,
    mean,
    ci95: count < 2 ? null : studentT95(count - 1) * Math.sqrt(variance / count),
    p50: percentile(sorted, 0.5)!,
    p95: percentile(sorted, 0.95)!,
    p99: percentile(sorted, 0.99)!,
    least: sorted[0],
    most: sorted[count - 1],
  };
}
