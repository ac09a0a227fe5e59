/** dateTime of CWMP (TR-106, 3.2): ISO 8601, in UTC where no zone is named; its first instant is the Unknown Time. */
import type { CwmpTime } from "./field.ts";

const UNKNOWN = "0001-01-01T00:00:00Z";
const UNKNOWN_MS = Date.parse(UNKNOWN);
/** The last instant of four-digit years. */
const LAST_MS = Date.parse("9999-12-31T23:59:59.999Z");
const TIME = /^(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d)(?:\.(\d{1,9}))?(Z|[+-]\d\d:\d\d)?$/;
const MS_DIGITS = 3;

/** @throws RangeError for a time before year 1 or after year 9999 */
export function cwmpTime(time: CwmpTime): string {
  if (time === "unknown") return UNKNOWN;
  if (!(time > UNKNOWN_MS && time <= LAST_MS)) throw new RangeError(`${time} is no time that CWMP can say`);
  return new Date(time).toISOString().replace(".000Z", "Z");
}

/** Times since the device started, in year 1, are milliseconds before 1970 as all others. @returns undefined for what is no time */
export function readCwmpTime(text: string): CwmpTime | undefined {
  const found = TIME.exec(text);
  if (found === null) return undefined;
  const [, seconds, fraction = "", zone = "Z"] = found;
  const fieldsMs = Date.parse(`${seconds}Z`);
  // Date.parse takes February 30 for a day in March.
  if (Number.isNaN(fieldsMs) || !new Date(fieldsMs).toISOString().startsWith(seconds)) return undefined;
  const timeMs = Date.parse(`${seconds}.${fraction.slice(0, MS_DIGITS).padEnd(MS_DIGITS, "0")}${zone}`);
  if (Number.isNaN(timeMs) || timeMs < UNKNOWN_MS || timeMs > LAST_MS) return undefined;
  return timeMs === UNKNOWN_MS ? "unknown" : timeMs;
}
