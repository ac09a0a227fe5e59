/** From traffic in intervals to rates over time, in as many steps as a chart can show. */
import type { TrafficInterval } from "../../pon/index.ts";
import type { Budgets, TrafficSeries } from "./types.ts";

const NS_PER_SECOND = 1e9;
const BITS_PER_BYTE = 8;
/** Columns of the rate charts at most. */
const BINS = 800;
/** Intervals are told no shorter than this: finer bins would show nothing more. */
const BIN_NS_MIN = 10_000_000;

/** Spreads the traffic of intervals evenly over the bins that they touch. */
export function trafficSeries(intervals: readonly TrafficInterval[], endNs: number, budgets: Budgets): TrafficSeries {
  const binNs = Math.max(BIN_NS_MIN, Math.ceil(endNs / BINS));
  const bins = Math.max(1, Math.ceil(endNs / binNs));
  const downstream = Array.from({ length: bins }, () => 0);
  const upstream = Array.from({ length: bins }, () => 0);
  for (const { fromNs, toNs, downstreamBytes, upstreamBytes } of intervals) {
    const first = Math.min(bins - 1, Math.floor(fromNs / binNs));
    const last = Math.min(bins - 1, Math.max(first, Math.ceil(toNs / binNs) - 1));
    for (let bin = first; bin <= last; bin++) {
      const share = first === last ? 1 : overlapNs(fromNs, toNs, bin, bin === last, binNs) / (toNs - fromNs);
      downstream[bin] += downstreamBytes * share;
      upstream[bin] += upstreamBytes * share;
    }
  }
  const rate = (bytes: number): number => Math.round((bytes * BITS_PER_BYTE * NS_PER_SECOND) / binNs);
  return {
    binSeconds: binNs / NS_PER_SECOND,
    downstream: downstream.map(rate),
    upstream: upstream.map(rate),
    budgets,
  };
}

/** The last bin takes what comes after the end as well, so that nothing gets lost. */
function overlapNs(fromNs: number, toNs: number, bin: number, isLast: boolean, binNs: number): number {
  return (isLast ? toNs : Math.min(toNs, (bin + 1) * binNs)) - Math.max(fromNs, bin * binNs);
}
