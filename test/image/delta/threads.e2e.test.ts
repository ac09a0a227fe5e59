/** Threads that match pieces of a target (dist/delta-worker.js): the delta is the same however many there are. */
import { resolve } from "node:path";
import { expect, test } from "vitest";
import { makeDelta } from "../../../image/delta/index.ts";
import { numbers } from "./fixture.ts";

test("two threads make the delta that one makes, and tell how far they are", async () => {
  // More than one piece of 4 MiB, a part of the first moved into the second.
  const next = numbers(3);
  const base = new Uint8Array(Uint32Array.from({ length: 1_200_000 }, next).buffer);
  const target = Buffer.concat([
    base.subarray(100_000),
    Uint8Array.from({ length: 777 }, () => next()),
    base.subarray(0, 90_000),
  ]);
  const file = resolve("dist/delta-worker.js");
  const told: number[] = [];
  const onProgress = (doneBytes: number, totalBytes: number): number => told.push(doneBytes / totalBytes);
  const two = await makeDelta(base, target, { filter: "none", threads: { file, count: 2 }, onProgress });
  const one = await makeDelta(base, target, { filter: "none" });
  expect(Buffer.compare(two, one)).toBe(0);
  expect(two.length).toBeLessThan(target.length / 100);
  expect(told.length).toBeGreaterThan(3);
  expect(told).toEqual(told.toSorted((a, b) => a - b));
  expect(told.at(-1)).toBe(1);
});
