/** Whether a download is done in a given time, with how much to spare, and what that asks of each port and of the feed. */
import type { Scenario } from "../../scenarios/index.ts";
import { sizingInputOf } from "./input.ts";
import { sizeOf } from "./model.ts";
import { rateOf } from "./questions.ts";
import { type Strategy, withStrategy } from "./strategies.ts";
import type { Sizing } from "./types.ts";

/** Of one port, or of the feed of all of them. */
export interface Rates {
  /** Bytes of GEM frames over the time that the download takes. */
  meanBitsPerSecond: number;
  /** While sections leave: the budget, the line, or the feed, whichever is least. */
  peakBitsPerSecond: number;
  /** Least budget with which all are done in time; null = not at any rate of the line. */
  neededBitsPerSecond: number | null;
  /** What there is: a port's line, the feed (Infinity where nothing limits it). */
  limitBitsPerSecond: number;
}

/** One way to distribute, and what comes of it in that time. */
export interface DeadlineVerdict {
  name: string;
  sizing: Sizing;
  fits: boolean;
  /** Negative: so much too long. */
  spareSeconds: number;
  port: Rates;
  feed: Rates;
}

/** @param seconds that the download may take, from the first Start to the last good End */
export function verdictOf(scenario: Scenario, strategy: Strategy, seconds: number): DeadlineVerdict {
  const input = sizingInputOf(withStrategy(scenario, strategy));
  const sizing = sizeOf(input);
  const { line, pons } = input;
  // What the ports need is asked first; whether the feed has as much is seen beside it.
  const unfed = { ...line, feedBytesPerSecond: Infinity };
  const needed = rateOf({ ...input, line: unfed }, seconds);
  // At a rate with which the run is over before the last ONTs come they are not served.
  const leavesOut =
    needed !== null && sizeOf({ ...input, line: { ...unfed, budgetBytesPerSecond: needed } }).leftOut > 0;
  const neededBits = needed === null || leavesOut ? null : needed * 8;
  return {
    name: strategy.name,
    sizing,
    fits: sizing.seconds <= seconds && sizing.leftOut === 0,
    spareSeconds: seconds - sizing.seconds,
    port: {
      meanBitsPerSecond: sizing.bitsPerSecond,
      peakBitsPerSecond: sizing.peakBitsPerSecond,
      neededBitsPerSecond: neededBits,
      limitBitsPerSecond: line.profile.downBitsPerSecond,
    },
    feed: {
      meanBitsPerSecond: sizing.bitsPerSecond * pons,
      peakBitsPerSecond: sizing.peakBitsPerSecond * pons,
      neededBitsPerSecond: neededBits === null ? null : neededBits * pons,
      limitBitsPerSecond: line.feedBytesPerSecond * 8,
    },
  };
}
