/** Deltas: staged, checked, applied block by block, read back; what keeps one from being applied, and power cuts in its middle. */
import { describe, expect, it } from "vitest";
import { crc32 } from "../../base/kernel/crc32.ts";
import { hexOf } from "../../base/text/index.ts";
import { maskOf, RECOVERY, refusalName, RESULT } from "../../omci/index.ts";
import { factoryRecord, STAGING } from "../../ont/index.ts";
import { testDelta } from "./deltas.ts";
import { newFlash } from "./flash.ts";
import { readAttributesOf } from "./get.ts";
import { BenchOnt } from "./hands.ts";
import { storedImage, testImage } from "./images.ts";
import { announce, held, recovery } from "./places.ts";
import { announceDelta, base, config, delta, extended, identity, sendDelta, target, words } from "./rebuild-bench.ts";

const refusalOf = (bench: BenchOnt): string => refusalName(Number(readAttributesOf(bench, "refusal").refusal));

describe("the recovery ME", () => {
  it("tells which deltas are applied, what runs, and what is announced", () => {
    const bench = extended();
    const names = ["deltaFormats", "runningImage", "announcedKind", "refusal"] as const;
    const runs = storedImage("FACTORY", base).sha256.slice(0, 32);
    const read = (): object => {
      const { runningImage, ...others } = readAttributesOf(bench, ...names);
      return { ...others, runningImage: hexOf(runningImage as Uint8Array) };
    };
    expect(read()).toEqual({ deltaFormats: 1, runningImage: runs, announcedKind: 0, refusal: 0 });
    expect(announceDelta(bench)).toBe(RESULT.ok);
    expect(read()).toMatchObject({ announcedKind: 1 });
    // Ranging may be by another OLT.
    bench.ont.handleRanged(bench.nowNs, 1);
    expect(read()).toMatchObject({ announcedKind: 0 });
  });

  it("has none of it in an ONT that applies none, and no kind but the two", () => {
    const without = BenchOnt.up({}, newFlash(), "extended");
    expect(announceDelta(without)).toBe(RESULT.attributeFailed);
    expect(
      without.ask({ type: "getRequest", attributeMask: maskOf(RECOVERY, "runningImage") }, recovery),
    ).toMatchObject({
      result: RESULT.attributeFailed,
      optionalAttributeMask: maskOf(RECOVERY, "runningImage"),
    });
    const body = { type: "setRequest", attributeMask: maskOf(RECOVERY, "announcedKind") } as const;
    expect(extended().result({ ...body, values: Uint8Array.of(2) }, recovery)).toBe(RESULT.parameterError);
  });

  it("takes an image announced without its kind for a whole one", () => {
    const bench = extended();
    announceDelta(bench);
    expect(announce(bench, identity)).toBe(RESULT.ok);
    expect(readAttributesOf(bench, "announcedKind")).toEqual({ announcedKind: 0 });
  });
});

describe("a delta", () => {
  it("is staged, and the image that it makes becomes valid, activates and commits", () => {
    const bench = extended();
    sendDelta(bench);
    expect(bench.flash.slots[1]).toHaveLength(0);
    expect(bench.flash.slots[STAGING]).toEqual(delta);
    expect(bench.end(delta)).toBe(RESULT.ok);
    expect(bench.flash.slots[1]).toEqual(target);
    expect(bench.flash.slots[0]).toEqual(base);
    const { record } = bench.ont.snapshot();
    expect(record.slots[1]).toEqual(storedImage(`V${crc32(target)}`, target));
    expect(record.partial).toBeNull();
    // The End that comes again names what was sent.
    expect(bench.end(delta)).toBe(RESULT.ok);
    expect(bench.activate(1)).toBe(RESULT.ok);
    bench.advance(500_000_000);
    bench.runUntilOnline();
    expect(bench.commit(1)).toBe(RESULT.ok);
    expect(hexOf(readAttributesOf(bench, "runningImage").runningImage as Uint8Array)).toBe(
      storedImage("", target).sha256.slice(0, 32),
    );
  });

  it("has the flash do one thing after the other, and End is answered busy meanwhile", () => {
    const bench = extended();
    sendDelta(bench);
    bench.instantFlash = false;
    expect(bench.end(delta)).toBeUndefined();
    bench.advance(250_000_000);
    expect(bench.sent.at(-1)).toMatchObject({ type: "endDownloadResponse", result: RESULT.deviceBusy });
    const told: string[] = [];
    for (let [operation] = bench.waiting; operation !== undefined; [operation] = bench.waiting) {
      told.push(words(operation));
      expect(bench.ont.snapshot().flags[1].valid).toBe(false);
      bench.flashStep();
    }
    expect(told).toEqual([
      "writeBootRecord -",
      "checkSlot 0",
      "openDelta",
      "eraseSlot 1",
      ...[1, 2, 3, 4].flatMap((blocks) => ["rebuildBlock 1", `writeBootRecord - ${blocks}`]),
      "readSlot 1",
      "syncSlot 1",
      "writeBootRecord valid",
    ]);
    expect(bench.end(delta)).toBe(RESULT.ok);
  });

  it("that comes whole again after a power cut is applied by End alone", () => {
    const bench = extended();
    sendDelta(bench);
    bench.instantFlash = false;
    bench.end(delta);
    // The record that names all of it, the base, the head, the erasing, one block.
    for (let steps = 0; steps < 5; steps++) bench.flashStep();
    expect(bench.flash.slots[1]).toHaveLength(1000);
    bench.powerCycle();
    bench.instantFlash = true;
    bench.settle();
    bench.runUntilOnline();
    expect(bench.ont.snapshot()).toMatchObject({ activeSlot: 0, flags: [{ valid: true }, { valid: false }] });
    expect(readAttributesOf(bench, "announcedKind")).toEqual({ announcedKind: 1 });
    expect(held(bench)).toEqual([[0, delta.length]]);
    announceDelta(bench);
    expect(bench.start(delta.length)).toBe(RESULT.ok);
    expect(bench.end(delta)).toBe(RESULT.ok);
    expect(bench.flash.slots[1]).toEqual(target);
  });

  it("and a whole image are not taken for one another, though identity and size are the same", () => {
    const bench = extended();
    sendDelta(bench);
    announce(bench, identity);
    expect(bench.start(delta.length)).toBe(RESULT.ok);
    expect(held(bench)).toEqual([]);
  });

  it("is given up at an abort in the middle of the rebuild, and another download goes through", () => {
    const bench = extended();
    sendDelta(bench);
    bench.instantFlash = false;
    bench.end(delta);
    bench.flashStep();
    bench.flashStep();
    expect(bench.abort()).toBe(RESULT.ok);
    while (bench.flashStep());
    bench.instantFlash = true;
    expect(bench.ont.snapshot()).toMatchObject({ state: "idle", flags: [{ valid: true }, { valid: false }] });
    announce(bench);
    bench.download(target);
    expect(bench.flash.slots[1]).toEqual(target);
  });

  it("is given up at a Reboot in the middle of the rebuild", () => {
    const bench = extended();
    sendDelta(bench);
    bench.instantFlash = false;
    bench.end(delta);
    bench.flashStep();
    expect(bench.reboot()).toBe(RESULT.ok);
    bench.advance(500_000_000);
    bench.instantFlash = true;
    while (bench.flashStep());
    bench.runUntilOnline();
    expect(bench.ont.snapshot()).toMatchObject({ state: "idle", flags: [{ valid: true }, { valid: false }] });
  });
});

describe("a delta is refused", () => {
  it("in its first window, of another base", () => {
    const bench = extended();
    const other = testDelta(testImage(100, 8), target);
    announceDelta(bench);
    bench.start(other.length, { windowSections: 4 });
    const window = { base: 0x6100, firstSection: 0, sections: 4, sectionBytes: 500 };
    expect(bench.windowResult(other, window)).toBe(RESULT.processingError);
    expect(bench.ont.snapshot()).toMatchObject({ state: "failed", cause: "wrong-base" });
    expect(refusalOf(bench)).toBe("wrong-base");
    bench.start(other.length);
    expect(refusalOf(bench)).toBe("");
  });

  it("where a whole image was announced, and the other way round", () => {
    for (const [content, kind, cause] of [
      [delta, "image", "delta-not-expected"],
      [target, "delta", "not-a-delta"],
    ] as const) {
      const bench = extended();
      if (kind === "delta") announceDelta(bench);
      bench.start(content.length, { windowSections: 4 });
      bench.windowResult(content, { base: 0x6100, firstSection: 0, sections: 4, sectionBytes: 500 });
      expect(bench.ont.snapshot()).toMatchObject({ state: "failed", cause });
      expect(refusalOf(bench)).toBe(cause);
    }
  });

  it.each([
    ["what is staged", "crc-mismatch", (bench: BenchOnt) => (bench.flash.slots[STAGING][2000]! ^= 1)],
    ["the image that runs", "wrong-base", (bench: BenchOnt) => (bench.flash.slots[0][5]! ^= 1)],
  ])("when %s has changed since it was checked: %s", (_what, cause, change) => {
    const bench = extended();
    sendDelta(bench);
    bench.instantFlash = false;
    bench.end(delta);
    change(bench);
    while (bench.flashStep());
    expect(bench.sent.at(-1)).toMatchObject({ type: "endDownloadResponse", result: RESULT.processingError });
    expect(bench.ont.snapshot()).toMatchObject({ state: "failed", flags: [{ valid: true }, { valid: false }] });
    expect(refusalOf(bench)).toBe(cause);
    bench.instantFlash = true;
    expect(bench.end(delta)).toBe(RESULT.processingError);
  });

  it("when it makes another image than it says", () => {
    const bench = extended();
    const lies = testDelta(base, target, { targetSha256: "00".repeat(32) });
    sendDelta(bench, lies);
    expect(bench.end(lies)).toBe(RESULT.processingError);
    expect(refusalOf(bench)).toBe("rebuild-failed");
  });

  it("with wrong CRC-32, and the slot is not touched", () => {
    const bench = extended();
    sendDelta(bench);
    bench.flash.slots[1] = target;
    expect(bench.end(delta, { crc32: 1 })).toBe(RESULT.processingError);
    expect(bench.flash.slots[1]).toEqual(target);
    expect(refusalOf(bench)).toBe("crc-mismatch");
  });
});

it("an image in the slot loses its valid flag at the Start of a delta, before anything is written", () => {
  const bench = extended();
  bench.download(testImage(500, 3));
  announceDelta(bench);
  bench.instantFlash = false;
  expect(bench.start(delta.length)).toBe(RESULT.ok);
  expect(bench.waiting.map(words)).toEqual(["writeBootRecord -", "eraseSlot 2"]);
});

it("only an ONT that booted from it has a base: one without digests takes no delta", () => {
  const record = factoryRecord({ ...storedImage("FACTORY", base), sha256: "" });
  const bench = BenchOnt.up(config, newFlash(record), "extended");
  announceDelta(bench);
  bench.start(delta.length, { windowSections: 4 });
  bench.windowResult(delta, { base: 0x6100, firstSection: 0, sections: 4, sectionBytes: 500 });
  expect(bench.ont.snapshot()).toMatchObject({ state: "failed", cause: "wrong-base" });
});
