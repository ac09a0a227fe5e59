/** Terms in which the cost of downloads to single ONTs is told and asked for. */
import type { LinkTimes } from "./link.ts";
import type { SizingInput } from "./types.ts";

/** Sends of a window that are followed. */
export const SENDS_MAX = 80;

/** What a download alone costs, in the mean. */
export interface AloneCost {
  sections: number;
  windows: number;
  /** Answers to sections that the OLT hears; Gets that are answered. */
  answers: number;
  gets: number;
  /** From the first section to the last answer, and the variance of that. */
  ns: number;
  variance: number;
  /** Of that, deadlines. */
  waitNs: number;
}

/** One window of a size. */
export interface WindowSends extends AloneCost {
  /** Chance that the OLT takes half the window from here on. */
  halved: number;
}

export interface AloneFacts {
  input: SizingInput;
  times: LinkTimes;
  frameBytes: number;
  /** Downloads that send at the same time, in the mean. */
  lanes: number;
}
