/** Which part of a file a request gets; over HTTP the same table is in ../server.test.ts. */
import { expect, it } from "vitest";
import { type FilePart, type PartRequest, partOf } from "../../../../headend/depot/core/index.ts";

const part = (first: number, last: number): FilePart => ({ kind: "part", first, last });
const whole: FilePart = { kind: "whole" };
const unsatisfiable: FilePart = { kind: "unsatisfiable" };

it.each<[PartRequest, FilePart]>([
  [{}, whole],
  [{ range: "bytes=0-" }, part(0, 99)],
  [{ range: "bytes=10-19" }, part(10, 19)],
  [{ range: "bytes=90-1000" }, part(90, 99)],
  [{ range: "bytes=-10" }, part(90, 99)],
  [{ range: "bytes=-1000" }, part(0, 99)],
  [{ range: "bytes=99-99" }, part(99, 99)],
  [{ range: "bytes=100-" }, unsatisfiable],
  [{ range: "bytes=-0" }, unsatisfiable],
  [{ range: "bytes=20-10" }, whole],
  [{ range: "bytes=-" }, whole],
  [{ range: "bytes=0-1,5-6" }, whole],
  [{ range: "lines=0-1" }, whole],
  [{ range: `bytes=${"9".repeat(400)}-` }, whole],
  [{ range: "bytes=10-", ifRange: '"tag"' }, part(10, 99)],
  [{ range: "bytes=10-", ifRange: '"other"' }, whole],
  [{ range: "bytes=10-", ifRange: 'W/"tag"' }, whole],
  [{ range: "bytes=10-", ifRange: "Fri, 27 Nov 2026 12:00:00 GMT" }, whole],
  [{ range: "bytes=100-", ifRange: '"tag"' }, unsatisfiable],
  [{ range: "bytes=100-", ifRange: '"other"' }, whole],
  [{ ifNoneMatch: '"tag"' }, { kind: "notModified" }],
  [{ ifNoneMatch: '"x", W/"tag"' }, { kind: "notModified" }],
  [{ ifNoneMatch: "*" }, { kind: "notModified" }],
  [{ ifNoneMatch: '"x"' }, whole],
])("%j", (request, wanted) => expect(partOf(request, '"tag"', 100)).toEqual(wanted));
