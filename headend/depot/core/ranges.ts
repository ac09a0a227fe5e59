/** Range, If-Range and If-None-Match (RFC 9110, 13 and 14): which part of a file a request gets. */

/** Digits of an offset; more are beyond any file. */
const RANGE = /^bytes=\s*(\d{0,15})-(\d{0,15})\s*$/;

export type FilePart =
  | { kind: "whole" }
  /** First and last byte. */
  | { kind: "part"; first: number; last: number }
  | { kind: "unsatisfiable" }
  | { kind: "notModified" };

export interface PartRequest {
  range?: string | undefined;
  ifRange?: string | undefined;
  ifNoneMatch?: string | undefined;
}

/**
 * What cannot be understood is ignored, and so are several ranges at once: the whole file comes (RFC 9110, 14.2).
 *
 * @param etag strong, in quotes
 */
export function partOf({ range, ifRange, ifNoneMatch }: PartRequest, etag: string, sizeBytes: number): FilePart {
  if (ifNoneMatch !== undefined && namesTag(ifNoneMatch, etag)) return { kind: "notModified" };
  if (range === undefined) return { kind: "whole" };
  // Compared strongly, and no date is known here: the whole file where it is another (13.1.5).
  if (ifRange !== undefined && ifRange !== etag) return { kind: "whole" };
  const found = RANGE.exec(range);
  if (found === null || (found[1] === "" && found[2] === "")) return { kind: "whole" };
  if (found[1] === "") return suffix(Number(found[2]), sizeBytes);
  const first = Number(found[1]);
  const last = found[2] === "" ? sizeBytes - 1 : Math.min(Number(found[2]), sizeBytes - 1);
  if (found[2] !== "" && Number(found[2]) < first) return { kind: "whole" };
  return first >= sizeBytes ? { kind: "unsatisfiable" } : { kind: "part", first, last };
}

function suffix(bytes: number, sizeBytes: number): FilePart {
  if (bytes === 0 || sizeBytes === 0) return { kind: "unsatisfiable" };
  return { kind: "part", first: Math.max(0, sizeBytes - bytes), last: sizeBytes - 1 };
}

/** Weak comparison, as for If-None-Match (13.1.2). */
const namesTag = (list: string, etag: string): boolean =>
  list.split(",").some((tag) => tag.trim() === "*" || tag.trim().replace(/^W\//, "") === etag);
