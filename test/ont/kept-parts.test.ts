/** What another OLT finds of a download, and what a power cut leaves of it (docs/extension.md, 8a). */
import { describe, expect, it } from "vitest";
import { imageIdentity, nextWindowBase, RESULT } from "../../omci/index.ts";
import { crc32 } from "../../base/kernel/crc32.ts";
import { quirkProfiles } from "../../ont/index.ts";
import { BenchOnt } from "./hands.ts";
import { testImage } from "./images.ts";
import { SECTION_BYTES, WINDOW, image, announce, place, held, group, extended } from "./places.ts";

describe("another OLT", () => {
  function leftByTheFirst(): BenchOnt {
    const bench = extended();
    announce(bench);
    bench.start(image.length, { windowSections: WINDOW, tci: 1 });
    group(bench, nextWindowBase(1), 0, WINDOW);
    bench.ont.handleRanged(bench.nowNs, 1);
    return bench;
  }

  it("counts its TCIs from the same one: its first window is no repeat of the last OLT's", () => {
    const bench = leftByTheFirst();
    announce(bench);
    bench.start(image.length, { windowSections: WINDOW, tci: 1 });
    expect(held(bench)).toEqual([[0, WINDOW * SECTION_BYTES]]);
    group(bench, nextWindowBase(1), 0, 40);
    expect(bench.end(image)).toBe(RESULT.ok);
  });

  const secondWindow = {
    base: nextWindowBase(nextWindowBase(1) + WINDOW - 1),
    firstSection: WINDOW,
    sections: WINDOW,
    sectionBytes: SECTION_BYTES,
    channel: "broadcast",
  } as const;

  /** Of the window behind, the first four sections and the seventh. */
  function leftInAWindow(): BenchOnt {
    const bench = leftByTheFirst();
    bench.window(image, { ...secondWindow, count: 4 });
    bench.window(image, { ...secondWindow, from: 6, count: 1 });
    return bench;
  }

  it("finds of the window under way what lies together from its beginning, and goes on there", () => {
    const bench = leftInAWindow();
    expect(held(bench)).toEqual([[0, (WINDOW + 4) * SECTION_BYTES]]);
    announce(bench);
    bench.start(image.length, { windowSections: WINDOW });
    place(bench, 100, (WINDOW + 4) * SECTION_BYTES);
    group(bench, 100, WINDOW + 4, 40);
    expect(bench.end(image)).toBe(RESULT.ok);
    expect(Buffer.compare(bench.flash.slots[1], image)).toBe(0);
  });

  it("may find it in a download that goes on: the rest of the window makes it whole", () => {
    const bench = leftInAWindow();
    held(bench);
    expect(bench.window(image, { ...secondWindow, from: 4 })).toMatchObject({ result: 0 });
    group(bench, nextWindowBase(secondWindow.base + WINDOW - 1), 2 * WINDOW, 40);
    expect(bench.end(image)).toBe(RESULT.ok);
    expect(Buffer.compare(bench.flash.slots[1], image)).toBe(0);
  });

  it("finds nothing of a window in which an ONT only counts the sections that come", () => {
    const bench = BenchOnt.up({ quirks: quirkProfiles.bbsim }, undefined, "extended");
    announce(bench);
    bench.start(image.length, { windowSections: WINDOW, tci: 1 });
    const spec = {
      base: nextWindowBase(1),
      firstSection: 0,
      sections: WINDOW,
      sectionBytes: SECTION_BYTES,
      channel: "broadcast",
    } as const;
    bench.window(image, { ...spec, count: 2 });
    bench.window(image, { ...spec, from: 4, count: 2 });
    expect(held(bench)).toEqual([]);
  });

  it("that tells no image has another one: nothing is kept for it", () => {
    const bench = leftByTheFirst();
    const other = testImage(image.length, 9);
    bench.send(other, { windowSections: WINDOW, sectionBytes: SECTION_BYTES });
    expect(bench.end(other)).toBe(RESULT.ok);
  });

  it("that tells the image, but starts one of another size, begins again", () => {
    const bench = leftByTheFirst();
    announce(bench);
    bench.start(image.length, { windowSections: WINDOW });
    bench.start(4 * SECTION_BYTES, { windowSections: WINDOW });
    expect(held(bench)).toEqual([]);
  });
});

describe("a power cut in a download", () => {
  /** Nearly half of a larger image. */
  const large = testImage(512 * SECTION_BYTES);
  const largeIdentity = imageIdentity(crc32(large), large.length, "01");
  const windows = { content: large, windowSections: 64 };

  function cutOff(): BenchOnt {
    const bench = extended();
    announce(bench, largeIdentity);
    bench.start(large.length, { windowSections: 64, tci: 1 });
    group(bench, nextWindowBase(1), 0, 256, windows);
    bench.powerCycle();
    bench.runUntilOnline();
    return bench;
  }

  it("leaves what was written, which is never valid, and the same image goes on there", () => {
    const bench = cutOff();
    expect(bench.ont.snapshot().flags[1].valid).toBe(false);
    const [[from, to]] = held(bench);
    expect([from, to]).toEqual([0, 256 * SECTION_BYTES]);
    announce(bench, largeIdentity);
    bench.start(large.length, { windowSections: 64 });
    place(bench, 500, to);
    group(bench, 500, 256, 512, windows);
    expect(bench.end(large)).toBe(0);
    expect(bench.ont.snapshot().record.partial ?? null).toBe(null);
  });

  it("begins again when the Start is for another size than the image that is announced", () => {
    const bench = cutOff();
    announce(bench, largeIdentity);
    bench.start(100 * SECTION_BYTES, { windowSections: 64 });
    expect(held(bench)).toEqual([]);
    bench.send(large.slice(0, 100 * SECTION_BYTES), { windowSections: 64, sectionBytes: SECTION_BYTES });
    expect(bench.end(large.slice(0, 100 * SECTION_BYTES))).toBe(RESULT.ok);
  });

  it("leaves nothing once the download was given up", () => {
    const bench = cutOff();
    announce(bench, largeIdentity);
    bench.start(large.length, { windowSections: 64 });
    expect(bench.abort()).toBe(RESULT.ok);
    announce(bench, largeIdentity);
    bench.start(large.length, { windowSections: 64 });
    expect(held(bench)).toEqual([]);
  });

  it.each([
    ["another image is announced", (bench: BenchOnt) => announce(bench)],
    ["none is announced", () => undefined],
  ])("begins again when %s", (_, before) => {
    const bench = cutOff();
    before(bench);
    bench.start(large.length, { windowSections: 64 });
    expect(held(bench)).toEqual([]);
    expect(bench.flash.slots[1].length).toBe(0);
  });
});
