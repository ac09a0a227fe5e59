/** How often an ONT is asked that may let a request wait, or answer that it is busy: End, Activate, Commit. Sizing reads here, too. */
import type { OltLimits } from "./types.ts";

type Pause = Pick<OltLimits, "busyPollNs">;

/**
 * When an ONT is asked again that was busy. What counts is the time from one request to the next: who lets requests wait
 * has had its pause, and whatever gets done while none waits there is known the later for it.
 */
export const askAgainNs = (askedNs: number, answeredNs: number, { busyPollNs }: Pause): number =>
  Math.max(answeredNs, askedNs + busyPollNs);

/** A request that waits is repeated, as the answer may get lost at last: that often beside the time it takes in all. */
const REPEATS_A_TIME = 8;
/** As a share of the pause. */
const REPEAT_LEAST = 1 / 4;
/** An ONT that answers slowly is not asked more often for that: so many deadlines may pass. */
const DEADLINES_MAX = 4;

/**
 * How long a send of a request that an ONT may let wait is waited for, before it is repeated.
 *
 * @param deadlineNs of the answers' clock. @param doubledNs the same behind as many sends as there were
 * @param elapsedNs since the ONT was asked for the first time until it was asked this; 0: this is the first time
 */
export function repeatWaitNs(deadlineNs: number, doubledNs: number, elapsedNs: number, { busyPollNs }: Pause): number {
  const paceNs = Math.min(busyPollNs, Math.max(busyPollNs * REPEAT_LEAST, elapsedNs / REPEATS_A_TIME));
  // Who was busy before lets this one wait as well.
  const leastNs = elapsedNs > 0 ? paceNs : 0;
  return Math.min(Math.max(doubledNs, leastNs), Math.max(paceNs, DEADLINES_MAX * deadlineNs));
}
