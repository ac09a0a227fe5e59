/** What HTTP's words mean to a download (RFC 9110): status, ranges, tags, how long to wait. */
import { RETRY_AFTER_SECONDS_MAX } from "./policy.ts";
import type { RoadHeaders } from "./types.ts";

export interface ContentRange {
  /** First and last byte; absent in the answer 416. */
  from: number;
  to: number;
  /** Of the whole file; undefined where the server does not know. */
  totalBytes: number | undefined;
}

const RANGE = /^bytes (\d{1,15})-(\d{1,15})\/(\d{1,15}|\*)$/;
const UNSATISFIED = /^bytes \*\/(\d{1,15})$/;
const STRONG_TAG = /^"[\x21\x23-\x7e]{0,256}"$/;
const SECONDS = /^\d{1,10}$/;
const MS_PER_SECOND = 1000;

/** @returns undefined for none, or one that is not readable */
export function contentRange(headers: RoadHeaders): ContentRange | undefined {
  const found = RANGE.exec(headers["content-range"] ?? "");
  if (found === null) return undefined;
  const [from, to] = [Number(found[1]), Number(found[2])];
  return to < from ? undefined : { from, to, totalBytes: found[3] === "*" ? undefined : Number(found[3]) };
}

/** Size of the file that an answer 416 tells. */
export function unsatisfiedBytes(headers: RoadHeaders): number | undefined {
  const found = UNSATISFIED.exec(headers["content-range"] ?? "");
  return found === null ? undefined : Number(found[1]);
}

/** A tag that may stand in If-Range: a weak one may not, and a file without one cannot be resumed. */
export const strongTag = ({ etag = "" }: RoadHeaders): string => (STRONG_TAG.test(etag) ? etag : "");

export function contentLength(headers: RoadHeaders): number | undefined {
  const text = headers["content-length"];
  return text !== undefined && /^\d{1,15}$/.test(text) ? Number(text) : undefined;
}

/** Seconds that the server asks to wait: a number, or a date where this device knows what time it is. 0: it does not. */
export function retryAfterSeconds(headers: RoadHeaders, wallSeconds: number | undefined): number {
  const text = headers["retry-after"]?.trim() ?? "";
  const asked = SECONDS.test(text) ? Number(text) : secondsUntil(text, wallSeconds);
  return Math.min(RETRY_AFTER_SECONDS_MAX, Math.max(0, asked));
}

function secondsUntil(date: string, wallSeconds: number | undefined): number {
  const atMs = Date.parse(date);
  return wallSeconds === undefined || Number.isNaN(atMs) ? 0 : atMs / MS_PER_SECOND - wallSeconds;
}

/** What an answer that is none of the good ones is called. */
export function statusCause(status: number): string {
  if (status >= 300 && status < 400) return "redirected";
  if (status === 401 || status === 403) return "not authorised";
  if (status === 404 || status === 410) return "not there";
  if (status === 429 || status === 503) return "depot is busy";
  return `status ${status}`;
}
