/** How long ONTs were in each state of an update, from their tracks. */
import type { CellState } from "../../run/states/index.ts";
import { percentile } from "../../base/statistics/index.ts";
import type { OntTrack } from "./types.ts";

/** How long ONTs were in one state. Seconds; per ONT all its stays together. */
export interface TimeInState {
  state: CellState;
  /** ONTs that were in it at all. */
  onts: number;
  /** First ONT to come, last one to go. */
  fromSeconds: number;
  toSeconds: number;
  /** Medians of when an ONT comes and goes. */
  typicalFromSeconds: number;
  typicalToSeconds: number;
  medianSeconds: number;
  p95Seconds: number;
  mostSeconds: number;
}

/** States that lead somewhere, in their order; the others are where an ONT ends. */
const passing: readonly CellState[] = [
  "starting",
  "ready",
  "downloading",
  "verifying",
  "stored",
  "rebooting",
  "trial",
  "off",
];

export function timeInStates(tracks: readonly OntTrack[], endSeconds: number): TimeInState[] {
  return passing.flatMap((state) => timeInState(state, tracks, endSeconds) ?? []);
}

function timeInState(state: CellState, tracks: readonly OntTrack[], endSeconds: number): TimeInState | undefined {
  const stays = tracks.flatMap((track) => stayOf(state, track, endSeconds) ?? []);
  if (stays.length === 0) return undefined;
  const sorted = (value: (stay: Stay) => number): number[] => stays.map(value).sort((a, b) => a - b);
  const from = sorted((stay) => stay.fromSeconds);
  const to = sorted((stay) => stay.toSeconds);
  const totals = sorted((stay) => stay.totalSeconds);
  return {
    state,
    onts: stays.length,
    fromSeconds: from[0],
    toSeconds: to.at(-1)!,
    typicalFromSeconds: percentile(from, 0.5)!,
    typicalToSeconds: percentile(to, 0.5)!,
    medianSeconds: percentile(totals, 0.5)!,
    p95Seconds: percentile(totals, 0.95)!,
    mostSeconds: totals.at(-1)!,
  };
}

/** An ONT's stays in one state, from the first to the last. */
interface Stay {
  fromSeconds: number;
  toSeconds: number;
  totalSeconds: number;
}

function stayOf(state: CellState, { seconds, states }: OntTrack, endSeconds: number): Stay | undefined {
  let fromSeconds = Infinity;
  let toSeconds = 0;
  let totalSeconds = 0;
  for (const [index, each] of states.entries()) {
    if (each !== state) continue;
    const leaveSeconds = Math.max(seconds[index], seconds[index + 1] ?? endSeconds);
    fromSeconds = Math.min(fromSeconds, seconds[index]);
    toSeconds = leaveSeconds;
    totalSeconds += leaveSeconds - seconds[index];
  }
  return totalSeconds > 0 ? { fromSeconds, toSeconds, totalSeconds } : undefined;
}
