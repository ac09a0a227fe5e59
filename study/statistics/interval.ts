/** Means with their intervals, alone and as differences of pairs. */
import { statisticsOf, studentT95 } from "../../base/statistics/index.ts";

/** A mean and the interval in which the true one lies with 95 %. */
export interface MeanInterval {
  count: number;
  mean: number;
  /** Half width (Student's t); null with fewer than two values. */
  half: number | null;
}

export function meanInterval(values: readonly number[]): MeanInterval | null {
  const of = statisticsOf(values);
  return of === null ? null : { count: of.count, mean: of.mean, half: of.ci95 };
}

/** How one way does against another with the same seeds: what both share by chance falls out of the difference. */
export interface PairedDifference {
  /** Seeds that both have a value for. */
  pairs: number;
  /** Of the first and of the second, over these seeds. */
  means: readonly [number, number];
  /** First less second. */
  mean: number;
  /** Half width of its 95 % interval; null with fewer than two pairs. */
  half: number | null;
  /** What the half width would be had each way seeds of its own (Welch): what pairing has saved. */
  unpairedHalf: number | null;
  /** Correlation of the pairs; null where one of them does not vary. */
  correlation: number | null;
  /** The mean as a share of the second's; null where that is 0. */
  relative: number | null;
}

/** @param pairs value of the first and of the second with one seed */
export function pairedDifference(pairs: readonly (readonly [number, number])[]): PairedDifference | null {
  const difference = meanInterval(pairs.map(([one, other]) => one - other));
  if (difference === null) return null;
  const [ones, others] = [pairs.map(([one]) => one), pairs.map(([, other]) => other)];
  const means = [meanOf(ones), meanOf(others)] as const;
  const [varianceOne, varianceOther] = [varianceOf(ones), varianceOf(others)];
  const count = pairs.length;
  const covariance =
    pairs.reduce((sum, [one, other]) => sum + (one - means[0]) * (other - means[1]), 0) / Math.max(1, count - 1);
  const spread = Math.sqrt(varianceOne * varianceOther);
  return {
    pairs: count,
    means,
    mean: difference.mean,
    half: difference.half,
    unpairedHalf: count < 2 ? null : welchHalf(varianceOne / count, varianceOther / count, count),
    correlation: spread === 0 ? null : Math.max(-1, Math.min(1, covariance / spread)),
    relative: means[1] === 0 ? null : difference.mean / means[1],
  };
}

const meanOf = (values: readonly number[]): number => values.reduce((sum, value) => sum + value, 0) / values.length;

function varianceOf(values: readonly number[]): number {
  const mean = meanOf(values);
  return values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / Math.max(1, values.length - 1);
}

/** With the degrees of freedom of Welch and Satterthwaite, rounded down. */
function welchHalf(one: number, other: number, count: number): number {
  const sum = one + other;
  if (sum === 0) return 0;
  const degrees = (sum ** 2 * (count - 1)) / (one ** 2 + other ** 2);
  return studentT95(Math.max(1, Math.floor(degrees))) * Math.sqrt(sum);
}

/** The interval of a difference lies on one side of 0. */
export const isDecided = ({ mean, half }: PairedDifference): boolean => half !== null && Math.abs(mean) > half;
