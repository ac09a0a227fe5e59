/** What charts of a run are drawn from: the data that a page carries and its script reads. */
import type { CellState } from "../../run/states/index.ts";

/** Series of a run as its charts take them. Plain JSON: the page reads it back. Times are seconds after the start. */
export interface RunCharts {
  kind: "run";
  endSeconds: number;
  onts: OntTrack[];
  completion: Completion;
  traffic: TrafficSeries;
  windows: WindowBars;
}

/** Which states one ONT was in: `seconds[i]` is when it came into `states[i]`, and it stays until the next. */
export interface OntTrack {
  id: number;
  serial: string;
  seconds: number[];
  states: CellState[];
}

/** When the first, second, … ONT had come so far; in order of time. */
export interface Completion {
  stored: number[];
  running: number[];
  committed: number[];
}

/** Mean rates of all ports together, in bits of GEM frames per second. */
export interface TrafficSeries {
  binSeconds: number;
  downstream: number[];
  upstream: number[];
  budgets: Budgets;
}

/** What all ports together may carry, bit/s; null: nothing limits it but the link. */
export interface Budgets {
  downstream: number | null;
  upstream: number | null;
}

/** What each window cost beyond its first sending; neighbours share a bar where there are too many windows for one each. */
export interface WindowBars {
  windowsPerBar: number;
  /** Sections sent again. */
  repeated: number[];
  /** Parity sections sent because sections were missing. */
  parity: number[];
  /** Parity sections sent along with the window. */
  ahead: number[];
}

/** A budget further above the traffic than this is told, not drawn: the traffic would be a line on the floor. */
export const BUDGET_TIMES_PEAK_MAX = 4;
