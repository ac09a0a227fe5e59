/** Losses from the times of packets that came: where a steady stream has a gap, so many were lost. Pure. */
import { percentile } from "../../base/statistics/index.ts";

/** From so much of the usual distance on, a gap is one. */
const GAP_FACTOR = 1.5;
/** A stream whose distances spread more than this around their median is not steady: gaps in it say nothing. */
const STEADY_SHARE = 0.25;

export interface GapTrace {
  /** A letter for each packet that was sent: 0 came, 1 was lost. */
  bits: string;
  packets: number;
  lost: number;
  /** Usual distance. */
  spacingMs: number;
  /** Half of the distances lie within this share of the usual one. */
  spread: number;
  isSteady: boolean;
}

/** @param timesNs ascending, of one stream that is sent at a steady rate. @returns undefined with fewer than three packets */
export function lossesOfGaps(timesNs: readonly bigint[]): GapTrace | undefined {
  const distances = timesNs.slice(1).map((time, at) => Number(time - timesNs[at]));
  const sorted = distances.toSorted((one, other) => one - other);
  const usual = percentile(sorted, 0.5);
  if (usual === null || usual <= 0 || distances.length < 2) return undefined;
  let bits = "0";
  let lost = 0;
  for (const distance of distances) {
    const missing = distance > usual * GAP_FACTOR ? Math.round(distance / usual) - 1 : 0;
    lost += missing;
    bits += `${"1".repeat(missing)}0`;
  }
  // Of a gap each of its parts: what is lost does not make a stream less steady.
  const parts = distances
    .map((distance) => distance / Math.max(1, Math.round(distance / usual)))
    .sort((one, other) => one - other);
  const spread = (percentile(parts, 0.75)! - percentile(parts, 0.25)!) / (2 * usual);
  return { bits, packets: timesNs.length, lost, spacingMs: usual / 1e6, spread, isSteady: spread <= STEADY_SHARE };
}
