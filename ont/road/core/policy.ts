/** Figures of every road to the image store: how often, how long, how many; and the waits that are drawn from them. */
import type { UpdateState } from "./types.ts";

const NS_PER_SECOND = 1e9;
const MINUTE_NS = 60 * NS_PER_SECOND;
const HOUR_NS = 60 * MINUTE_NS;
const DAY_NS = 24 * HOUR_NS;

/** A request without an answer, or an answer that is no bulk and does not end. */
export const REQUEST_DEADLINE_NS = 30 * NS_PER_SECOND;
/** Longest that Retry-After is followed. */
export const RETRY_AFTER_SECONDS_MAX = 24 * 60 * 60;
/** Longest header that is asked for before the rest: bundles have less. */
export const HEADER_BYTES_MAX = 8192;
/** Restarts into an image that then does not run. */
export const APPLY_ATTEMPTS_MAX = 3;
/** A file has to come at this pace, or at half of what the throttle lets through. */
export const SLOW_EACH_NS = MINUTE_NS;
export const SLOW_BYTES_PER_SECOND = 512;
/** After power-on with work to go on with: devices of a street have their power back at one instant. */
export const POWER_UP_SPREAD_NS = 5 * NS_PER_SECOND;

const BACKOFF_FIRST_NS = 2 * NS_PER_SECOND;
const BACKOFF_MAX_NS = 10 * MINUTE_NS;
const BACKOFF_MIN_NS = NS_PER_SECOND / 10;

/** How long a state may last, and why the update ends when it does; what has none ends by itself, at the next poll. */
export const DEADLINES: Readonly<Partial<Record<UpdateState, { ns: number; cause: string }>>> = {
  checking: { ns: DAY_NS, cause: "not checked in time" },
  downloading: { ns: 7 * DAY_NS, cause: "not downloaded in time" },
  paused: { ns: 30 * DAY_NS, cause: "paused for too long" },
  verifying: { ns: HOUR_NS, cause: "not verified in time" },
  waiting: { ns: 30 * DAY_NS, cause: "no window in time" },
  applying: { ns: 10 * MINUTE_NS, cause: "not activated in time" },
  rebooting: { ns: 30 * MINUTE_NS, cause: "did not restart" },
  confirming: { ns: 15 * MINUTE_NS, cause: "not confirmed in time" },
};

type Chance = { nextFloat(): number };

/** Capped exponential, with full jitter. @param failures in a row, 1 and more */
export function backoffNs(failures: number, chance: Chance): number {
  const most = Math.min(BACKOFF_MAX_NS, BACKOFF_FIRST_NS * 2 ** Math.min(failures - 1, 30));
  return Math.round(Math.max(BACKOFF_MIN_NS, most * chance.nextFloat()));
}
