/** How states of ONTs look on a terminal. */
import { cellGlyphs, type CellState, cellLabels } from "../../run/states/index.ts";
import type { Style } from "../../base/terminal/index.ts";

export interface StateLook {
  state: CellState;
  label: string;
  glyph: string;
  /** For terminals without UTF-8. */
  letter: string;
  style: Style;
}

/** In the order of an update. */
const ownLooks: readonly Pick<StateLook, "state" | "letter" | "style">[] = [
  { state: "notStarted", letter: ".", style: "grey" },
  { state: "starting", letter: "o", style: "grey" },
  { state: "ready", letter: "=", style: "blue" },
  { state: "downloading", letter: "d", style: "cyan" },
  { state: "verifying", letter: "v", style: "cyan" },
  { state: "stored", letter: "s", style: "blue" },
  { state: "rebooting", letter: "r", style: "magenta" },
  { state: "trial", letter: "t", style: "yellow" },
  { state: "committed", letter: "C", style: "green" },
  { state: "skipped", letter: "-", style: "grey" },
  { state: "rolledBack", letter: "B", style: "yellow" },
  { state: "failed", letter: "F", style: "red" },
  { state: "off", letter: "x", style: "red" },
];

export const stateLooks: readonly StateLook[] = ownLooks.map((look) => ({
  ...look,
  label: cellLabels[look.state],
  glyph: cellGlyphs[look.state],
}));

const lookOf = new Map(stateLooks.map((look) => [look.state, look]));

export function stateLook(state: CellState): StateLook {
  const look = lookOf.get(state);
  if (look === undefined) throw new RangeError(`no look for state ${state}`);
  return look;
}
