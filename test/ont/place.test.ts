/** Windows in any order, joining in the middle, and what a power cut leaves of a download (docs/extension.md, 7 and 8a). */
import { describe, expect, it } from "vitest";
import {
  decodeHeld,
  encodePlace,
  imageIdentity,
  maskOf,
  nextWindowBase,
  RECOVERY,
  RECOVERY_INSTANCE,
  RESULT,
  unpackAttributes,
} from "../../omci/index.ts";
import { crc32 } from "../../base/kernel/crc32.ts";
import { BenchOnt } from "./hands.ts";
import { testImage } from "./images.ts";

const SECTION_BYTES = 1000;
const WINDOW = 8;
const image = testImage(40 * SECTION_BYTES - 300);
const identity = imageIdentity(crc32(image), image.length, "00112233445566778899aabbccddeeff");
const recovery = { classId: RECOVERY, instanceId: RECOVERY_INSTANCE };

const announce = (bench: BenchOnt, values = identity): number | undefined =>
  bench.result({ type: "setRequest", attributeMask: maskOf(RECOVERY, "heldImage"), values }, recovery);

const place = (bench: BenchOnt, baseTci: number, offsetBytes: number): number | undefined =>
  bench.result(
    { type: "setRequest", attributeMask: maskOf(RECOVERY, "place"), values: encodePlace({ baseTci, offsetBytes }) },
    recovery,
  );

function held(bench: BenchOnt): number[][] {
  const answer = bench.ask({ type: "getRequest", attributeMask: maskOf(RECOVERY, "held") }, recovery);
  if (answer?.type !== "getResponse") throw new Error("no answer to Get");
  const { held: bytes } = unpackAttributes(RECOVERY, answer.attributeMask, answer.values);
  return decodeHeld(bytes as Uint8Array).map(({ from, to }) => [from, to]);
}

/** Windows of the group stream, one behind the other. @returns base of the window behind them */
function group(
  bench: BenchOnt,
  base: number,
  firstSection: number,
  endSection: number,
  { content = image, windowSections = WINDOW } = {},
): number {
  let next = base;
  for (let section = firstSection; section < endSection; section += windowSections) {
    const sections = Math.min(windowSections, endSection - section);
    const spec = { base: next, firstSection: section, sections, sectionBytes: SECTION_BYTES };
    const answer = bench.window(content, { ...spec, channel: "broadcast" });
    if (answer?.type !== "downloadSectionResponse" || answer.result !== 0) throw new Error("window not taken");
    next = nextWindowBase(next + sections - 1);
  }
  return next;
}

const extended = (): BenchOnt => BenchOnt.up({}, undefined, "extended");

/** In a download of the image, and told that the next window, with the base 100, begins at that section. */
function joiningAt(section: number): BenchOnt {
  const bench = extended();
  announce(bench);
  bench.start(image.length, { windowSections: WINDOW });
  place(bench, 100, section * SECTION_BYTES);
  return bench;
}

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
