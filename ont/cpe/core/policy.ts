/** Figures of the CPE beside those of every road: how often, how long, how many; and the standard's waits. */
import type { CpeConfig } from "./types.ts";

const NS_PER_SECOND = 1e9;

/** Transfers that wait or are under way; the standard asks for three (TR-069, A.3.2.8). */
export const TRANSFERS_MAX = 8;
export const INFORMS_MAX = 8;
/** Events that one Inform has room for. */
export const EVENTS_MAX = 64;
/** Redirects of one session, or of one file (TR-069, 3.4.3). */
export const REDIRECTS_MAX = 5;
/** A request that the ACS wants again (8005), in one session. */
export const RETRY_REQUESTS_MAX = 3;
/** An ACS that asks without an end. */
export const REQUESTS_MAX = 1_000;
/** Requests for a file that brought no block, one after the other. */
export const FILE_ATTEMPTS_MAX = 6;
/** Tries after the first where the ACS leaves their number to the CPE (MaxRetries −1). */
export const WINDOW_RETRIES_MAX = 3;
/** A configuration is parameters and their values. */
export const CONFIGURATION_BYTES_MAX = 64 * 1024;
/** Connection requests that are followed, within so long. */
export const CONNECTION_REQUESTS_MAX = 10;
export const CONNECTION_REQUESTS_EACH_NS = 60 * NS_PER_SECOND;
/** Cookies of one session, and their length together. */
export const COOKIES_MAX = 32;
export const COOKIE_CHARACTERS_MAX = 8192;

/** CWMPRetryMinimumWaitInterval, seconds, and CWMPRetryIntervalMultiplier, thousandths (TR-069, 3.2.1.1). */
export const RETRY_SECONDS = 5;
export const RETRY_MULTIPLIER = 2000;
/** From the tenth on, the wait no longer grows. */
const RETRIES_THAT_GROW = 10;

/** TR-069, table 3: the n-th wait is drawn from [m·k^(n−1), m·k^n]. @param retryCount 1 and more */
export function retryWaitNs(
  retryCount: number,
  minimumSeconds: number,
  multiplier: number,
  chance: CpeConfig["chance"],
): number {
  const factor = multiplier / 1000;
  const leastSeconds = minimumSeconds * factor ** (Math.min(retryCount, RETRIES_THAT_GROW) - 1);
  return Math.round(leastSeconds * (1 + (factor - 1) * chance.nextFloat()) * NS_PER_SECOND);
}
