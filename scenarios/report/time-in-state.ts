import type { CellState } from "../cell-state.ts";
import { percentile } from "../result/percentile.ts";
import type { OntTrack } from "./types.ts";

/** How long ONTs were in one state. Seconds; per ONT all its stays together. */
export interface TimeInState {
  state: CellState;
  /** ONTs that were in it at all. */
  onts: number;
  /** First ONT to come, last one to go. */
  fromSeconds: number;
  toSeconds: number;
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
  const totals: number[] = [];
  let fromSeconds = Infinity;
  let toSeconds = 0;
  for (const { seconds, states } of tracks) {
    let total = 0;
    for (const [index, each] of states.entries()) {
      if (each !== state) continue;
      const leave = Math.max(seconds[index], seconds[index + 1] ?? endSeconds);
      total += leave - seconds[index];
      fromSeconds = Math.min(fromSeconds, seconds[index]);
      toSeconds = Math.max(toSeconds, leave);
    }
    if (total > 0) totals.push(total);
  }
  if (totals.length === 0) return undefined;
  totals.sort((a, b) => a - b);
  return {
    state,
    onts: totals.length,
    fromSeconds,
    toSeconds,
    medianSeconds: percentile(totals, 0.5)!,
    p95Seconds: percentile(totals, 0.95)!,
    mostSeconds: totals.at(-1)!,
  };
}
