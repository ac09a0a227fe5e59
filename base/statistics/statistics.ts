/** Mean, confidence interval and quantiles of one figure over several runs, whatever the figure is. */
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

/** Two-sided 95 % quantiles of Student's t by degrees of freedom, 1…30. */
const T_95 = [
  12.706, 4.303, 3.182, 2.776, 2.571, 2.447, 2.365, 2.306, 2.262, 2.228, 2.201, 2.179, 2.16, 2.145, 2.131, 2.12, 2.11,
  2.101, 2.093, 2.086, 2.08, 2.074, 2.069, 2.064, 2.06, 2.056, 2.052, 2.048, 2.045, 2.042,
];
const NORMAL_95 = 1.959964;

/** Beyond the table by its expansion in 1/degrees, which is right to four digits there. */
export function studentT95(degrees: number): number {
  if (degrees < 1) return Infinity;
  if (degrees <= T_95.length) return T_95[degrees - 1];
  const z = NORMAL_95;
  return z + (z ** 3 + z) / (4 * degrees) + (5 * z ** 5 + 16 * z ** 3 + 3 * z) / (96 * degrees ** 2);
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
