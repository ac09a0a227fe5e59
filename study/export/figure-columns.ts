/** The figures of a run as columns, by the same names in a run's table and in a sweep's. */
import type { Figure } from "../../run/result/index.ts";
import type { ColumnKind } from "./types.ts";

/** Name and kind of a figure's column, and what it is. */
export const FIGURE_COLUMNS: Readonly<Record<Figure, readonly [name: string, kind: ColumnKind, about: string]>> = {
  imageCopies: [
    "image_copies",
    "number",
    "section payload that left the OLT, by the size of the image: 1 is multicast at its best",
  ],
  downloadSeconds: ["download_seconds", "number", "first Start to the last good answer to End"],
  activateSeconds: ["activate_seconds", "number", "first Activate to the last Commit"],
  totalSeconds: ["total_seconds", "number", "the whole run"],
  p50Seconds: ["p50_seconds", "number", "median of the ONTs' downloads"],
  p95Seconds: ["p95_seconds", "number", "95 % of the downloads took at most so long"],
  p99Seconds: ["p99_seconds", "number", "99 % of the downloads took at most so long"],
  sections: ["sections", "integer", "sections that were sent"],
  repairSections: ["repair_sections", "integer", "of these, again or as parity"],
  windows: ["windows", "integer", "windows that were sent"],
  downstreamBytes: ["downstream_gem_bytes", "integer", "what was sent to ONTs: GEM frames, over HTTPS bytes of files"],
  upstreamBytes: ["upstream_gem_bytes", "integer", "GEM frames from ONTs"],
  upstreamFrames: ["upstream_frames", "integer", "OMCI frames from ONTs"],
  committed: ["onts_committed", "integer", "ONTs that committed the image"],
  stored: ["onts_stored", "integer", "ONTs that hold it, and were not asked to activate it"],
  rolledBack: ["onts_rolled_back", "integer", "ONTs that fell back to the old image"],
  failed: ["onts_failed", "integer", "ONTs that failed"],
  leftGroup: ["onts_left_group", "integer", "ONTs that left their multicast group"],
};
