/** How states of ONTs and stages of a run look on a terminal. */
import { type CellState, cellLabels } from "../../run/states/index.ts";
import type { Style } from "../../base/terminal/index.ts";
import type { Stage } from "./types.ts";

export interface StateLook {
  state: CellState;
  label: string;
  glyph: string;
  /** For terminals without UTF-8. */
  letter: string;
  style: Style;
}

/** In the order of an update; every state has a glyph of its own, so that the grid reads without colours. */
export const stateLooks: readonly StateLook[] = [
  { state: "notStarted", label: cellLabels.notStarted, glyph: "·", letter: ".", style: "grey" },
  { state: "starting", label: cellLabels.starting, glyph: "○", letter: "o", style: "grey" },
  { state: "ready", label: cellLabels.ready, glyph: "◌", letter: "=", style: "blue" },
  { state: "downloading", label: cellLabels.downloading, glyph: "▼", letter: "d", style: "cyan" },
  { state: "verifying", label: cellLabels.verifying, glyph: "◇", letter: "v", style: "cyan" },
  { state: "stored", label: cellLabels.stored, glyph: "◆", letter: "s", style: "blue" },
  { state: "rebooting", label: cellLabels.rebooting, glyph: "↻", letter: "r", style: "magenta" },
  { state: "trial", label: cellLabels.trial, glyph: "◐", letter: "t", style: "yellow" },
  { state: "committed", label: cellLabels.committed, glyph: "●", letter: "C", style: "green" },
  { state: "skipped", label: cellLabels.skipped, glyph: "–", letter: "-", style: "grey" },
  { state: "rolledBack", label: cellLabels.rolledBack, glyph: "↩", letter: "B", style: "yellow" },
  { state: "failed", label: cellLabels.failed, glyph: "✗", letter: "F", style: "red" },
  { state: "off", label: cellLabels.off, glyph: "□", letter: "x", style: "red" },
];

const lookOf = new Map(stateLooks.map((look) => [look.state, look]));

export function stateLook(state: CellState): StateLook {
  const look = lookOf.get(state);
  if (look === undefined) throw new RangeError(`no look for state ${state}`);
  return look;
}

export const stageLabels: Record<Stage, string> = {
  preparing: "Preparing",
  starting: "Starting ONTs",
  ranging: "Ranging ONTs",
  downloading: "Downloading",
  activating: "Activating",
  verifying: "Reading back what the ONTs stored",
  done: "Done",
  stopped: "Stopped",
};
