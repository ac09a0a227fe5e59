/** The forms of time in DDI: `HH:MM:SS` for how long a device sleeps, `YYYYMMDDThhmmss` for when something was. */

const SECONDS_PER_MINUTE = 60;
const SECONDS_PER_HOUR = 3_600;
const MS_PER_SECOND = 1_000;
/** hawkBit reads the sleep as a time of day. */
export const DDI_SLEEP_SECONDS_MAX = 24 * SECONDS_PER_HOUR - 1;

const DURATION = /^(\d{2}):([0-5]\d):([0-5]\d)$/;
/** The basic form of ISO 8601, or the extended one; in UTC, as no client says its zone. */
const BASIC_TIME = /^(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)(\d\d)Z?$/;
const EXTENDED_TIME = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d{1,9})?(?:Z|[+-]\d\d:\d\d)?$/;
const ZONE = /(?:Z|[+-]\d\d:\d\d)$/;

const twoDigits = (count: number): string => `${count}`.padStart(2, "0");

/** @param seconds 0 to DDI_SLEEP_SECONDS_MAX; a part of a second counts as one @throws RangeError beyond */
export function ddiDuration(seconds: number): string {
  const whole = Math.ceil(seconds);
  if (!(whole >= 0 && whole <= DDI_SLEEP_SECONDS_MAX)) throw new RangeError(`${seconds} s is no time to sleep in DDI`);
  const hours = Math.floor(whole / SECONDS_PER_HOUR);
  const minutes = Math.floor(whole / SECONDS_PER_MINUTE) % SECONDS_PER_MINUTE;
  return [hours, minutes, whole % SECONDS_PER_MINUTE].map(twoDigits).join(":");
}

/** @returns seconds; undefined for what has not the form */
export function readDdiDuration(text: string): number | undefined {
  const found = DURATION.exec(text);
  if (found === null) return undefined;
  const [hours, minutes, seconds] = found.slice(1).map(Number);
  return hours * SECONDS_PER_HOUR + minutes * SECONDS_PER_MINUTE + seconds;
}

/** @param timeMs milliseconds since 1970, years 0 to 9999 */
export function ddiTime(timeMs: number): string {
  return new Date(timeMs).toISOString().replaceAll(/[-:]|\.\d+Z$/g, "");
}

/** @returns milliseconds since 1970; undefined for what has not the form, or is no time, such as February 30 */
export function readDdiTime(text: string): number | undefined {
  const basic = BASIC_TIME.exec(text);
  if (basic !== null) {
    const [year, month, day, hour, minute, second] = basic.slice(1).map(Number);
    const timeMs = Date.UTC(year, month - 1, day, hour, minute, second);
    // Date.UTC takes month 13 for January, and the years below 100 for those of the 20th century.
    return ddiTime(timeMs) === text.replace("Z", "") ? timeMs : undefined;
  }
  if (!EXTENDED_TIME.test(text)) return undefined;
  const timeMs = Date.parse(ZONE.test(text) ? text : `${text}Z`);
  return Number.isNaN(timeMs) ? undefined : Math.floor(timeMs / MS_PER_SECOND) * MS_PER_SECOND;
}
