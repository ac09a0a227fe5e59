/** The numbers of a result that tables and sweeps compare, drawn from it under one name each. */
import type { RunResult } from "./types.ts";

/** What a run is judged by, in the order of tables and columns. */
export const FIGURES = [
  "imageCopies",
  "downloadSeconds",
  "activateSeconds",
  "totalSeconds",
  "p50Seconds",
  "p95Seconds",
  "p99Seconds",
  "sections",
  "repairSections",
  "windows",
  "downstreamBytes",
  "upstreamBytes",
  "upstreamFrames",
  "committed",
  "stored",
  "rolledBack",
  "failed",
  "leftGroup",
] as const;
export type Figure = (typeof FIGURES)[number];

/** null where the run did not get that far. */
export type Figures = Record<Figure, number | null>;

export function figuresOf(result: RunResult): Figures {
  const { onts, downstream, upstream, timing, ontResults } = result;
  return {
    imageCopies: downstream.imageCopies,
    downloadSeconds: timing.downloadSeconds,
    activateSeconds: timing.activateSeconds,
    totalSeconds: timing.totalSeconds,
    p50Seconds: timing.p50Seconds,
    p95Seconds: timing.p95Seconds,
    p99Seconds: timing.p99Seconds,
    sections: downstream.sections,
    repairSections: downstream.repairSections,
    windows: downstream.windows,
    downstreamBytes: downstream.gemBytes,
    upstreamBytes: upstream.gemBytes,
    upstreamFrames: upstream.frames,
    committed: onts.committed,
    stored: ontResults.filter(({ outcome }) => outcome === "stored").length,
    rolledBack: onts.rolledBack,
    failed: onts.failed,
    leftGroup: ontResults.filter(({ leftGroup }) => leftGroup).length,
  };
}
