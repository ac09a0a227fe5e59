/** A rebuild that a power cut has ended goes on behind the last block that the boot record names and the slot has. */
import { expect, it } from "vitest";
import { RESULT } from "../../omci/index.ts";
import type { BenchOnt } from "./hands.ts";
import { announceDelta, delta, extended, sendDelta, target, words } from "./rebuild-bench.ts";

it.each([
  ["is as it was", 2, () => undefined],
  ["has changed in its second block", 1, (bench: BenchOnt) => (bench.flash.slots[1][1500]! ^= 1)],
  ["has lost its second block", 1, (bench: BenchOnt) => (bench.flash.slots[1] = bench.flash.slots[1].slice(0, 1400))],
  ["has lost everything", 0, (bench: BenchOnt) => (bench.flash.slots[1] = new Uint8Array(0))],
])("goes on after a power cut behind the blocks that are whole, where the slot %s: %d", (_what, kept, change) => {
  const bench = extended();
  sendDelta(bench);
  bench.instantFlash = false;
  bench.end(delta);
  // The record of the delta, the base, the head, the erasing, two blocks and their records, a third block without.
  for (let steps = 0; steps < 9; steps++) bench.flashStep();
  expect(bench.flash.slots[1]).toHaveLength(3000);
  change(bench);
  bench.powerCycle();
  bench.instantFlash = true;
  bench.settle();
  bench.runUntilOnline();
  announceDelta(bench);
  expect(bench.start(delta.length)).toBe(RESULT.ok);
  bench.instantFlash = false;
  bench.end(delta);
  const told: string[] = [];
  for (let [operation] = bench.waiting; operation !== undefined; [operation] = bench.waiting) {
    told.push(words(operation));
    bench.flashStep();
    if (operation.kind === "keepBlocks") expect(bench.flash.slots[1]).toHaveLength(1000 * kept);
  }
  expect(told).toEqual([
    "readSlot 2",
    "writeBootRecord - 2",
    "checkSlot 0",
    "openDelta",
    "keepBlocks 1",
    ...[1, 2, 3, 4].slice(kept).flatMap((blocks) => ["rebuildBlock 1", `writeBootRecord - ${blocks}`]),
    "readSlot 1",
    "syncSlot 1",
    "writeBootRecord valid",
  ]);
  expect(bench.flash.slots[1]).toEqual(target);
});

it("begins again where the boot record tells of blocks of another delta, or in the other slot", () => {
  for (const change of [{ slot: 0, blocks: 2 }, undefined] as const) {
    const bench = extended();
    sendDelta(bench);
    bench.instantFlash = false;
    bench.end(delta);
    for (let steps = 0; steps < 9; steps++) bench.flashStep();
    const { partial } = bench.flash.record;
    if (change === undefined) delete partial!.rebuilt;
    else partial!.rebuilt = change;
    bench.powerCycle();
    bench.instantFlash = true;
    bench.settle();
    bench.runUntilOnline();
    announceDelta(bench);
    bench.start(delta.length);
    bench.instantFlash = false;
    bench.end(delta);
    expect(kindsAsked(bench).slice(1, 5)).toEqual(["writeBootRecord", "checkSlot", "openDelta", "eraseSlot"]);
    expect(bench.flash.slots[1]).toEqual(target);
  }
});

/** All that the flash is asked for, done one after the other. */
function kindsAsked(bench: BenchOnt): string[] {
  const kinds: string[] = [];
  for (let [operation] = bench.waiting; operation !== undefined; [operation] = bench.waiting) {
    kinds.push(operation.kind);
    bench.flashStep();
  }
  return kinds;
}
