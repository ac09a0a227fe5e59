/** A whole update through the ONT's core in both message sets, and with a slow flash. */
import { describe, expect, it } from "vitest";
import { FLASH_BACKLOG_MAX } from "../../ont/core/download.ts";
import { BenchOnt } from "./hands.ts";
import { testImage } from "./images.ts";

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

describe("a flash that is slow", () => {
  it("has no more than a bounded number of operations waiting, however often a download begins again", () => {
    const bench = BenchOnt.up();
    bench.instantFlash = false;
    const content = testImage(31 * 6);
    const results: (number | undefined)[] = [];
    for (let download = 0; download < 40; download++) {
      results.push(bench.start(content.length, { windowSections: 2 }));
      for (let firstSection = 0; firstSection < 4; firstSection += 2)
        bench.window(content, { base: (bench.tci += 5), firstSection, sections: 2, sectionBytes: 31, instanceId: 1 });
    }
    const busyFrom = results.indexOf(6);
    expect(results).toEqual(results.map((_result, download) => (download < busyFrom ? 0 : 6)));
    expect(bench.waiting.length).toBeLessThanOrEqual(FLASH_BACKLOG_MAX + 3);
    // Busy for as long as it has to be, and not a moment longer.
    while (bench.waiting.length > FLASH_BACKLOG_MAX) bench.flashStep();
    expect(bench.start(content.length, { windowSections: 2 })).toBe(0);
  });

  it("is not asked twice to erase a slot that nothing was written to since", () => {
    const bench = BenchOnt.up();
    bench.instantFlash = false;
    const content = testImage(31);
    for (let start = 0; start < 40; start++) expect(bench.start(content.length)).toBe(0);
    expect(bench.waiting.map(({ kind }) => kind)).toEqual(["eraseSlot"]);
    bench.flashStep();
    expect(bench.start(content.length)).toBe(0);
    expect(bench.waiting.map(({ kind }) => kind)).toEqual(["eraseSlot"]);
    while (bench.flashStep());
    bench.instantFlash = true;
    bench.download(content);
    expect(bench.flash.slots[1]).toEqual(content);
  });
});
