import { describe, expect, it } from "vitest";
import { BenchOnt, testImage } from "./hands.ts";

describe("a whole update", () => {
  it.each(["baseline", "extended"] as const)("goes from S1 to S3' (%s)", (messageSet) => {
    const bench = BenchOnt.up({}, undefined, messageSet);
    const content = testImage(messageSet === "baseline" ? 5000 : 300_000);
    bench.download(content);
    expect(bench.flash.slots[1]).toEqual(content);
    expect(bench.ont.snapshot().flags).toEqual([
      { committed: true, active: true, valid: true },
      { committed: false, active: false, valid: true },
    ]);
    expect(bench.activate(1)).toBe(0);
    bench.runUntilOnline();
    bench.advance(600e6);
    bench.runUntilOnline();
    expect(bench.ont.snapshot()).toMatchObject({ state: "trial", activeSlot: 1 });
    bench.messageSet = "baseline";
    expect(bench.commit(1)).toBe(0);
    expect(bench.ont.snapshot()).toMatchObject({
      state: "committed",
      flags: [
        { committed: false, active: false, valid: true },
        { committed: true, active: true, valid: true },
      ],
    });
    expect(bench.flash.record.committed).toBe(1);
  });
});
