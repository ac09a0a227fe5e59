/** Stretches of a file read by position: what comes is what stands there, wherever one asks, and shorter where it ends. */
import { closeSync, mkdtempSync, openSync, truncateSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, expect, test } from "vitest";
import { FileBytes } from "../../image/file-bytes.ts";
import { removeFolder } from "../support/folder.ts";
import { numbers } from "./delta/fixture.ts";

const folder = mkdtempSync(join(tmpdir(), "poncast-file-bytes-"));
const path = join(folder, "file");
const next = numbers(3);
const content = Uint8Array.from({ length: 400_000 }, () => next());
writeFileSync(path, content);
const descriptor = openSync(path, "r");
afterAll(() => {
  closeSync(descriptor);
  removeFolder(folder);
});

/** The file without 100,000 bytes in its middle. */
const STRETCHES = [
  { atBytes: 0, lengthBytes: 1000 },
  { atBytes: 101_000, lengthBytes: 299_000 },
];
const joined = Buffer.concat([content.subarray(0, 1000), content.subarray(101_000)]);

test("pieces short and long, forwards and back, within stretches and across", () => {
  const bytes = new FileBytes(descriptor, STRETCHES);
  expect(bytes.lengthBytes).toBe(joined.length);
  for (let run = 0; run < 500; run++) {
    const at = run % 4 === 0 ? next() % 2000 : next() % (joined.length + 10);
    const length = run % 3 === 0 ? next() % 200_000 : next() % 3000;
    expect(Buffer.compare(bytes.read(at, length), joined.subarray(at, at + length))).toBe(0);
  }
  expect(bytes.read(joined.length, 10)).toHaveLength(0);
});

test("a file that has become shorter gives what is left of it", () => {
  const bytes = new FileBytes(descriptor, STRETCHES);
  truncateSync(path, 101_500);
  expect(Buffer.compare(bytes.read(900, 1000), joined.subarray(900, 1500))).toBe(0);
  expect(bytes.read(0, 100_000)).toHaveLength(1500);
});
