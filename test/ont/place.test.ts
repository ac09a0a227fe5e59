/** Windows in any order, and joining in the middle (docs/extension.md, 8a). */
import { describe, expect, it } from "vitest";
import { maskOf, RECOVERY, RESULT } from "../../omci/index.ts";
import { BenchOnt } from "./hands.ts";
import { testImage } from "./images.ts";
import { SECTION_BYTES, WINDOW, image, recovery, announce, place, held, group, extended, joiningAt } from "./places.ts";

describe("joining in the middle", () => {
  it("takes what goes by and tells so; an End too early is refused, and with it all that is held is gone", () => {
    const bench = extended();
    expect(announce(bench)).toBe(RESULT.ok);
    expect(bench.start(image.length, { windowSections: WINDOW })).toBe(RESULT.ok);
    expect(place(bench, 100, 16 * SECTION_BYTES)).toBe(RESULT.ok);
    group(bench, 100, 16, 40);
    expect(held(bench)).toEqual([[16 * SECTION_BYTES, image.length]]);
    expect(bench.end(image)).toBe(RESULT.processingError);

    announce(bench);
    bench.start(image.length, { windowSections: WINDOW });
    expect(held(bench)).toEqual([]);
  });

  it("is told a second place for what it missed, and stores an image that was checked as a whole", () => {
    const bench = joiningAt(16);
    const next = group(bench, 100, 16, 40);
    place(bench, next, 0);
    group(bench, next, 0, 16);
    expect(held(bench)).toEqual([[0, image.length]]);
    expect(bench.end(image)).toBe(0);
    expect(Buffer.from(bench.flash.slots[1]).equals(Buffer.from(image))).toBe(true);
  });

  it("finds a byte that changed in the flash behind its back", () => {
    const bench = joiningAt(16);
    const next = group(bench, 100, 16, 40);
    bench.flash.slots[1][20 * SECTION_BYTES] ^= 1;
    place(bench, next, 0);
    group(bench, next, 0, 16);
    expect(bench.end(image)).toBe(RESULT.processingError);
    expect(bench.ont.snapshot().flags[1].valid).toBe(false);
  });

  it("writes nothing over what has been checked", () => {
    const bench = extended();
    announce(bench);
    bench.start(image.length, { windowSections: 40 });
    place(bench, 100, 0);
    const spec = { sectionBytes: SECTION_BYTES, firstSection: 0, channel: "broadcast" } as const;
    bench.window(image, { ...spec, base: 100, sections: 8 });
    const other = image.slice();
    other[10] ^= 1;
    place(bench, 200, 0);
    bench.window(other, { ...spec, base: 200, sections: 40 });
    expect(bench.end(image)).toBe(0);
    expect(Buffer.from(bench.flash.slots[1]).equals(Buffer.from(image))).toBe(true);
  });

  it("stores nothing again that it holds, be it checked or not", () => {
    const bench = joiningAt(16);
    const next = group(bench, 100, 16, 24);
    place(bench, next, 16 * SECTION_BYTES);
    group(bench, next, 16, 24, { content: testImage(image.length, 9) });
    const [from, to] = [16 * SECTION_BYTES, 24 * SECTION_BYTES];
    expect(Buffer.from(bench.flash.slots[1].subarray(from, to)).equals(image.subarray(from, to))).toBe(true);
  });

  it("takes a window for a new one where its place says so, though it has the TCIs of the last", () => {
    const bench = joiningAt(16);
    group(bench, 100, 16, 24);
    place(bench, 100, 0);
    group(bench, 100, 0, 8);
    expect(held(bench)).toEqual([
      [0, 8 * SECTION_BYTES],
      [16 * SECTION_BYTES, 24 * SECTION_BYTES],
    ]);
  });

  it("is given up by a reboot while the image is read back", () => {
    const bench = joiningAt(16);
    const next = group(bench, 100, 16, 40);
    place(bench, next, 0);
    group(bench, next, 0, 16);
    bench.instantFlash = false;
    bench.end(image);
    expect(bench.reboot()).toBe(RESULT.ok);
  });

  it("acknowledges a window that it holds, whatever of it gets through", () => {
    const bench = joiningAt(0);
    const next = group(bench, 100, 0, 8);
    place(bench, next, 0);
    const spec = { base: next, firstSection: 0, sections: 8, sectionBytes: SECTION_BYTES, from: 5 };
    expect(bench.window(image, { ...spec, channel: "broadcast" })).toMatchObject({ result: 0, sectionNumber: 7 });
    expect(held(bench)).toEqual([[0, 8 * SECTION_BYTES]]);
  });

  it("keeps sections of the window under way when the same place is told once more", () => {
    const bench = joiningAt(16);
    const spec = {
      base: 100,
      firstSection: 16,
      sections: 8,
      sectionBytes: SECTION_BYTES,
      channel: "broadcast",
    } as const;
    bench.window(image, { ...spec, count: 4 });
    place(bench, 100, 16 * SECTION_BYTES);
    expect(bench.window(image, { ...spec, from: 4 })).toMatchObject({ result: 0 });
  });

  it("drops sections of the window under way when another place is told, though the TCIs are the same", () => {
    const bench = joiningAt(16);
    const spec = { base: 100, sections: 8, sectionBytes: SECTION_BYTES, channel: "broadcast" } as const;
    bench.window(image, { ...spec, firstSection: 16, count: 4 });
    place(bench, 100, 0);
    const answer = bench.window(image, { ...spec, firstSection: 0, from: 4 });
    expect(answer).toMatchObject({ result: RESULT.processingError, missingSections: 4 });
  });

  it("refuses a place while the image is stored", () => {
    const bench = joiningAt(0);
    group(bench, 100, 0, 40);
    bench.instantFlash = false;
    bench.end(image);
    expect(place(bench, 500, 0)).toBe(RESULT.parameterError);
  });

  it("refuses a place beyond the image, or outside a download, and attributes that are not for writing", () => {
    const bench = extended();
    expect(place(bench, 100, 0)).toBe(RESULT.parameterError);
    announce(bench);
    bench.start(image.length);
    expect(place(bench, 100, image.length)).toBe(RESULT.parameterError);
    const body = { type: "setRequest", attributeMask: maskOf(RECOVERY, "held"), values: new Uint8Array(24) } as const;
    expect(bench.result(body, recovery)).toBe(RESULT.attributeFailed);
  });

  it("is not there in an ONT that does not know it", () => {
    const bench = BenchOnt.up({ placeAware: false });
    expect(announce(bench)).toBe(RESULT.notSupported);
    const answer = bench.ask({ type: "getRequest", attributeMask: maskOf(RECOVERY, "held") }, recovery);
    expect(answer).toMatchObject({ result: RESULT.attributeFailed });
  });
});
