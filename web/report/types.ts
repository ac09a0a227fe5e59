/** What charts of a run are drawn from: the data that a page carries and its script reads. */
import type { CellState } from "../../run/states/index.ts";

/** Series of a run as its charts take them. Plain JSON: the page reads it back. Times are seconds after the start. */
export interface RunCharts {
  kind: "run";
  endSeconds: number;
  onts: OntTrack[];
  passes: PassBar[];
  completion: Completion;
  traffic: TrafficSeries;
  windows: WindowBars;
  /** What an operator asked for and got, in order of time. */
  commands: CommandMark[];
}

/** A line across the charts over time. */
export interface CommandMark {
  seconds: number;
  text: string;
}

/** Which states one ONT was in: `seconds[i]` is when it came into `states[i]`, and it stays until the next. */
export interface OntTrack {
  id: number;
  serial: string;
  seconds: number[];
  states: CellState[];
}

/** One pass over the image, where it is drawn. Passes of a kind that overlap have lanes of their own. */
export interface PassBar {
  why: "first" | "catchUp" | "alone";
  /** Among those of its kind, from 1. */
  number: number;
  /** What was sent, where it was not the one image. */
  payload?: string;
  /** At its beginning. */
  onts: number;
  copies: number;
  lane: number;
  fromSeconds: number;
  toSeconds: number;
  /** Not cut off before its last window. */
  isWhole: boolean;
}

/** What a pass is called. */
export function passName({ why, number, payload }: PassBar): string {
  const what = payload === undefined ? "" : `, ${payload}`;
  switch (why) {
    case "first":
      if (payload !== undefined) return `first${what}`;
      return number === 1 ? "first" : `first, ${number}`;
    case "catchUp":
      return `catch-up group ${number}${what}`;
    case "alone":
      return `alone${what}`;
  }
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
