/**
 * The states that an ONT is shown in, on the terminal and on pages: from OLT phase and ONT state to what people see.
 */
import type { OntPhase } from "../../olt/core/types.ts";
import type { UpdateState } from "../../ont/core/types.ts";
import type { RunEvent } from "../journal/index.ts";

/** What one ONT shows: its place in the update, or what became of its process. In the order of an update. */
export type CellState =
  | "notStarted"
  | "starting"
  | "ready"
  | "downloading"
  | "verifying"
  | "stored"
  | "rebooting"
  | "trial"
  | "committed"
  | "skipped"
  | "rolledBack"
  | "failed"
  | "off";

export const cellLabels: Record<CellState, string> = {
  notStarted: "not started",
  starting: "starting",
  ready: "ready",
  downloading: "downloading",
  verifying: "verifying",
  stored: "stored",
  rebooting: "rebooting",
  trial: "on trial",
  committed: "committed",
  skipped: "skipped",
  rolledBack: "rolled back",
  failed: "failed",
  off: "off",
};

/** In the order of an update. */
export const CELL_STATES = Object.keys(cellLabels) as readonly CellState[];

/** One of its own for every state, so that a grid reads without colours. */
export const cellGlyphs: Record<CellState, string> = {
  notStarted: "·",
  starting: "○",
  ready: "◌",
  downloading: "▼",
  verifying: "◇",
  stored: "◆",
  rebooting: "↻",
  trial: "◐",
  committed: "●",
  skipped: "–",
  rolledBack: "↩",
  failed: "✗",
  off: "□",
};

const stateOfPhase: Record<OntPhase, CellState> = {
  discovering: "ready",
  skipped: "skipped",
  starting: "downloading",
  downloading: "downloading",
  waiting: "ready",
  ending: "verifying",
  stored: "stored",
  activating: "rebooting",
  rebooting: "rebooting",
  soaking: "trial",
  trial: "trial",
  committing: "trial",
  committed: "committed",
  rolledBack: "rolledBack",
  failed: "failed",
};

/** What the ONT's own update state, or its process, says where the OLT has no word on it. */
const stateOfCell: Partial<Record<string, CellState>> = {
  notStarted: "notStarted",
  starting: "starting",
  off: "off",
  givenUp: "failed",
  downloading: "downloading",
  verifying: "verifying",
  applying: "stored",
  rebooting: "rebooting",
  trial: "trial",
  committed: "committed",
  rolledBack: "rolledBack",
  failed: "failed",
};

/** What an ONT's own word makes of its cell: its first boot since it has power is a start, each later one a reboot. */
export const cellAfter = <Cell extends string>(cell: Cell, state: UpdateState): Cell | UpdateState =>
  state === "rebooting" && cell === "starting" ? cell : state;

/** What the runner tells of an ONT's power or process; undefined: nothing that changes its cell. */
export function cellOfRun(event: RunEvent): "starting" | "off" | "givenUp" | undefined {
  switch (event.type) {
    case "ontStarted":
    case "powerRestored":
      return "starting";
    case "powerCut":
      return "off";
    case "ontEnded":
      // At the end of a run all processes end: that says nothing of the ONT.
      return event.expected ? undefined : "off";
    case "ontGivenUp":
      return "givenUp";
    default:
      return undefined;
  }
}

/** A process that is not there cannot be in the phase the OLT last saw. */
const processCells: ReadonlySet<string> = new Set(["notStarted", "starting", "off", "givenUp"]);

/** @param cell the ONT's update state, or what its process does */
export function cellStateOf(cell: string, phase: OntPhase | undefined): CellState {
  const known = stateOfCell[cell] ?? "ready";
  if (phase === undefined || processCells.has(cell)) return known;
  return stateOfPhase[phase];
}
