/** When a transfer of TFTP sends again, and when the other side counts as gone. */

/** Times that something is sent again. */
export const TRIES_MAX = 7;
const BACK_OFF_MS_MAX = 4_000;
/** Who has confirmed stays for so many timeouts, as its last answer may be lost. */
export const LINGER_TIMEOUTS = 3;

/** Each time it waits twice as long as before, up to some seconds. @param tries so far */
export const backOffMs = (timeoutMs: number, tries: number): number =>
  Math.max(timeoutMs, Math.min(BACK_OFF_MS_MAX, timeoutMs * 2 ** tries));
