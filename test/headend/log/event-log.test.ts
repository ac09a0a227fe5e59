/** Events that are kept: read again, cut off at every byte, replaced by a snapshot, damaged. */
import { appendFileSync, copyFileSync, mkdtempSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, it } from "vitest";
import { EventLog, LOG_FILE, SNAPSHOT_FILE } from "../../../headend/log/index.ts";
import { removeFolder } from "../../support/folder.ts";

type Snapshot = number[];
let folder: string;
beforeEach(() => (folder = mkdtempSync(join(tmpdir(), "poncast-store-"))));
afterEach(() => removeFolder(folder));

/** Numbers, whose state is the list of all of them. */
async function opened(place = folder, bytesMax?: number) {
  const all: number[] = [];
  const { log, kept } = await EventLog.open<number, Snapshot>(place, () => all, bytesMax);
  all.push(...(kept.snapshot ?? []), ...kept.events);
  const add = (...numbers: number[]): Promise<void> => {
    all.push(...numbers);
    return log.append(numbers);
  };
  return { all, log, add, kept };
}

const upTo = (count: number): number[] => Array.from({ length: count }, (_, at) => at);

it("are there again, in order, those too that came while others were written", async () => {
  const first = await opened();
  await Promise.all(upTo(100).map((number) => first.add(number)));
  await first.log.close();
  const second = await opened();
  expect(second.all).toEqual(upTo(100));
  await second.add(100);
  await second.log.close();
  const third = await opened();
  expect(third.all).toEqual(upTo(101));
  await third.log.close();
});

it("cut off at any byte: all whole lines are there, and the log goes on", async () => {
  const first = await opened();
  await first.add(1, 22, 333);
  await first.log.close();
  const whole = readFileSync(join(folder, LOG_FILE));
  for (let bytes = 0; bytes <= whole.length; bytes++) {
    const place = mkdtempSync(join(folder, "cut-"));
    writeFileSync(join(place, LOG_FILE), whole.subarray(0, bytes));
    const lines = whole.subarray(0, bytes).filter((byte) => byte === 0x0a).length;
    const cut = await opened(place);
    expect(cut.all).toEqual([1, 22, 333].slice(0, lines));
    expect(cut.kept.isTorn).toBe(bytes > 0 && whole[bytes - 1] !== 0x0a);
    await cut.add(4);
    await cut.log.close();
    const again = await opened(place);
    expect(again.all).toEqual([1, 22, 333].slice(0, lines).concat(4));
    await again.log.close();
  }
});

it("a last line that is wrong is left out; one in the middle is damage, and nothing is touched", async () => {
  const first = await opened();
  await first.add(1, 2, 3);
  await first.log.close();
  const path = join(folder, LOG_FILE);
  const lines = readFileSync(path, "utf8").split("\n");
  writeFileSync(path, [lines[0], lines[1], lines[2].replace(/3$/, "8"), ""].join("\n"));
  const second = await opened();
  expect(second.all).toEqual([1, 2]);
  await second.log.close();
  writeFileSync(path, [lines[0].replace(/1$/, "7"), lines[1], ""].join("\n"));
  await expect(opened()).rejects.toThrow(`${path}:1: is damaged; move the folder away to begin anew`);
  writeFileSync(join(folder, SNAPSHOT_FILE), "{");
  await expect(opened()).rejects.toThrow(`${join(folder, SNAPSHOT_FILE)}: is damaged`);
});

it("a long log gives way to a snapshot; one that was left beside it counts nothing twice", async () => {
  const first = await opened(folder, 2_000);
  const path = join(folder, LOG_FILE);
  for (const number of upTo(300)) await first.add(number);
  expect(statSync(path).size).toBeLessThan(2_100);
  copyFileSync(path, `${path}.before`);
  // As many at once as are written while the snapshot is made.
  await Promise.all(upTo(200).map((number) => first.add(300 + number)));
  await first.log.close();
  expect(statSync(join(folder, SNAPSHOT_FILE)).size).toBeGreaterThan(100);
  const second = await opened();
  expect(second.all).toEqual(upTo(500));
  await second.log.close();
  // The process ended after the snapshot had its name and before the log was emptied.
  const now = readFileSync(path);
  writeFileSync(path, readFileSync(`${path}.before`));
  appendFileSync(path, now);
  const third = await opened();
  expect(third.all).toEqual(upTo(500));
  await third.log.close();
});
