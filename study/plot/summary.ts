/** From rows to what is drawn of them: statistics with intervals, boxes, distribution functions. Pure. */
import { percentile } from "../../base/statistics/index.ts";
import { meanInterval, quantileInterval } from "../statistics/index.ts";
import type { PlotBox, PlotStatistic } from "./types.ts";

export interface Summary {
  y: number;
  /** Ends of the 95 % interval; null where there are too few values. */
  low: number | null;
  high: number | null;
}

/** @returns null without values */
export function summaryOf(values: readonly number[], statistic: PlotStatistic): Summary | null {
  if (statistic === "mean") {
    const of = meanInterval(values);
    if (of === null) return null;
    const { mean, half } = of;
    return { y: mean, low: half === null ? null : mean - half, high: half === null ? null : mean + half };
  }
  const of = quantileInterval(ascending(values), statistic);
  return of === null ? null : { y: of.value, low: of.low, high: of.high };
}

/** Whiskers as Tukey has them. */
const WHISKER = 1.5;

/** @returns null without values */
export function boxOf(values: readonly number[]): Omit<PlotBox, "x"> | null {
  if (values.length === 0) return null;
  const sorted = ascending(values);
  const quartiles = [0.25, 0.5, 0.75].map((share) => percentile(sorted, share)!) as [number, number, number];
  const reach = WHISKER * (quartiles[2] - quartiles[0]);
  const within = sorted.filter((value) => value >= quartiles[0] - reach && value <= quartiles[2] + reach);
  return {
    low: within[0],
    quartiles,
    high: within.at(-1)!,
    outliers: sorted.filter((value) => value < within[0] || value > within.at(-1)!),
  };
}

/**
 * Corners of an empirical distribution function: at each value the share of all up to it.
 *
 * @param total of which the values are those that came at all: who never finished keeps the curve below 1
 */
export function ecdfOf(values: readonly number[], total: number): { x: number; y: number }[] {
  const sorted = ascending(values);
  return sorted.flatMap((x, at) => (sorted[at + 1] === x ? [] : [{ x, y: (at + 1) / total }]));
}

/** Half width of a band that holds the whole true function with 95 % (Dvoretzky, Kiefer, Wolfowitz; Massart's constant). */
export const ecdfHalf = (count: number): number => Math.sqrt(Math.log(2 / 0.05) / (2 * count));

const ascending = (values: readonly number[]): number[] => values.toSorted((one, other) => one - other);
