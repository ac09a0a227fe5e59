/** Figures of the update agent beside those of every road: how often it asks its depot, and the waits that are drawn from them. */
import type { AgentConfig } from "./types.ts";

const NS_PER_SECOND = 1e9;
const MINUTE_NS = 60 * NS_PER_SECOND;
const JITTER_LEAST = 0.5;

/** A depot that says 0 is not asked without a pause. */
export const POLL_SECONDS_MIN = 1;
/** Requests for a file that brought no block, one after the other. */
export const ATTEMPTS_MAX = 12;
/** What the depot said of its window is asked again where it is older. */
export const FRESH_NS = MINUTE_NS;
/** Not more often than that. */
export const FRESH_EACH_NS = MINUTE_NS / 6;
type Chance = AgentConfig["chance"];

/** The depot's pause times 0.5 to 1.5, so that devices that began together do not knock together. */
export const pollWaitNs = (seconds: number, chance: Chance): number =>
  Math.round(Math.max(POLL_SECONDS_MIN, seconds) * (JITTER_LEAST + chance.nextFloat()) * NS_PER_SECOND);

/** The first poll after power-on, anywhere within one pause. */
export const firstPollNs = (seconds: number, chance: Chance): number =>
  Math.round(Math.max(POLL_SECONDS_MIN, seconds) * chance.nextFloat() * NS_PER_SECOND);
