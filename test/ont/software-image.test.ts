/** Start, End, Commit and Activate of a software image: what each is answered, and what is in the flash by then. */
import { describe, expect, it } from "vitest";
import type { Message } from "../../omci/messages.ts";
import { END_HOLD_NS, IMAGE_BYTES_MAX } from "../../ont/index.ts";
import { ms } from "./bench.ts";
import { BenchOnt } from "./hands.ts";
import { testImage } from "./images.ts";

const content = testImage(100, 3);

describe("Start", () => {
  it("is refused for no bytes and for more than a slot holds", () => {
    const bench = BenchOnt.up();
    expect(bench.start(0)).toBe(3);
    expect(bench.start(IMAGE_BYTES_MAX + 1)).toBe(3);
    expect(bench.start(IMAGE_BYTES_MAX)).toBe(0);
  });

  it("writes the boot record before it erases the slot", () => {
    const bench = BenchOnt.up();
    bench.download(content);
    bench.instantFlash = false;
    bench.start(content.length);
    expect(bench.waiting.map((operation) => operation.kind)).toEqual(["writeBootRecord", "eraseSlot"]);
    expect(bench.ont.snapshot().flags[1].valid).toBe(false);
    bench.powerCycle();
    // The record did not make it into the flash, nor did the erasure.
    expect(bench.ont.snapshot().flags[1].valid).toBe(true);
    expect(bench.flash.slots[1]).toEqual(content);
  });

  it("during a download begins again: partial data are gone", () => {
    const bench = BenchOnt.up();
    bench.start(content.length);
    bench.window(content, { base: 0x6200, firstSection: 0, sections: 2, sectionBytes: 31 });
    bench.start(content.length);
    expect(bench.flash.slots[1]).toHaveLength(0);
    expect(bench.end(content)).toBe(1);
  });

  it("ignores a list of one instance, and answers each of several", () => {
    const bench = BenchOnt.up();
    const startOf = (instances: number[]): Message | undefined =>
      bench.ask({ type: "startDownloadRequest", windowSections: 8, imageBytes: 100, instances });
    expect(startOf([0])).toMatchObject({ result: 0, instanceResults: [] });
    expect(startOf([1, 0, 0x0100])).toMatchObject({
      result: 0,
      instanceResults: [
        { instanceId: 1, result: 0 },
        { instanceId: 0, result: 3 },
        { instanceId: 0x0100, result: 5 },
      ],
    });
  });
});

describe("End", () => {
  it("is answered when the image is stored; 6 when that takes longer; its repeats from the state of the job", () => {
    const bench = BenchOnt.up();
    bench.instantFlash = false;
    bench.send(content);
    while (bench.flashStep());
    expect(bench.end(content, { tci: 0x6400 })).toBeUndefined();
    // The OLT does not wait: the same again is no second End.
    expect(bench.end(content, { tci: 0x6400 })).toBeUndefined();
    const before = bench.sent.length;
    bench.advance(END_HOLD_NS);
    expect(bench.sent.slice(before)).toMatchObject([{ type: "endDownloadResponse", tci: 0x6400, result: 6 }]);
    expect(bench.ont.snapshot().state).toBe("verifying");
    expect(bench.activate(1)).toBe(6);
    expect(bench.commit(0)).toBe(6);
    expect(bench.start(content.length)).toBe(6);
    expect(bench.end(content, { tci: 0x6400 })).toBeUndefined();
    bench.advance(END_HOLD_NS);
    expect(bench.sent.at(-1)).toMatchObject({ type: "endDownloadResponse", result: 6 });
    // One more, with a TCI of its own, is waiting when the job is done.
    bench.end(content, { tci: 0x6500 });
    bench.flashStep();
    expect(bench.ont.snapshot().flags[1].valid).toBe(false);
    bench.flashStep();
    const answers = bench.sent.filter((message) => message.type === "endDownloadResponse");
    expect(answers.at(-1)).toMatchObject({ tci: 0x6500, result: 0 });
    expect(bench.end(content, { tci: 0x6600 })).toBe(0);
    expect(bench.ont.snapshot()).toMatchObject({ mibDataSync: 3, state: "applying" });
    expect(bench.eventsOf("imageStored")).toHaveLength(1);
  });

  it("of an image that is not all there is answered 1", () => {
    const bench = BenchOnt.up();
    bench.start(content.length);
    bench.window(content, { base: 0x6200, firstSection: 0, sections: 2, sectionBytes: 31 });
    expect(bench.end(content)).toBe(1);
    expect(bench.ont.snapshot()).toMatchObject({ state: "failed", cause: "truncated" });
  });

  it("an abort ends the storing job too", () => {
    const bench = BenchOnt.up();
    bench.instantFlash = false;
    bench.send(content);
    bench.end(content);
    expect(bench.abort()).toBe(0);
    while (bench.flashStep());
    expect(bench.ont.snapshot()).toMatchObject({
      state: "idle",
      flags: [{ valid: true }, { valid: false }],
    });
    expect(bench.flash.record.slots[1]).toBeNull();
    expect(bench.start(content.length)).toBe(0);
  });

  it("takes CRC 0 for an abort as well, but no other CRC", () => {
    for (const [crc32, result] of [
      [0, 0],
      [0xffffffff, 0],
      [1, 1],
    ] as const) {
      const bench = BenchOnt.up();
      bench.start(content.length);
      expect(bench.end(content, { crc32, imageBytes: 0 })).toBe(result);
      expect(bench.end(content)).toBe(1);
    }
  });
});

describe("an image that cannot be accepted", () => {
  it("is refused in its first window", () => {
    const bad = content.slice();
    bad[0] = 0xba;
    const bench = BenchOnt.up();
    bench.start(bad.length);
    expect(bench.window(bad, { base: 0x6200, firstSection: 0, sections: 2, sectionBytes: 31 })).toMatchObject({
      result: 1,
      missingSections: 0,
    });
    expect(bench.eventsOf("imageRefused")).toEqual([{ type: "imageRefused", cause: "not-a-bundle", window: 0 }]);
    expect(bench.ont.snapshot()).toMatchObject({ state: "failed", cause: "not-a-bundle" });
    expect(bench.flash.slots[1]).toHaveLength(0);
    expect(bench.end(bad)).toBe(1);
    expect(bench.start(content.length)).toBe(0);
  });
});

describe("Commit and Activate", () => {
  it("are answered when the boot record is written, not before", () => {
    const bench = BenchOnt.up();
    bench.download(content);
    bench.instantFlash = false;
    expect(bench.commit(1)).toBeUndefined();
    expect(bench.ont.snapshot().flags[0].committed).toBe(true);
    expect(bench.activate(1)).toBe(6);
    bench.flashStep();
    expect(bench.sent.find((message) => message.type === "commitImageResponse")).toMatchObject({
      result: 0,
    });
    expect(bench.activate(1)).toBeUndefined();
    bench.flashStep();
    expect(bench.sent.at(-1)).toMatchObject({ type: "activateImageResponse", result: 0 });
    expect(bench.ont.snapshot().online).toBe(true);
    bench.advance(500 * ms);
    expect(bench.ont.snapshot().online).toBe(false);
  });

  it("a power cut before the record is written leaves it undone", () => {
    const bench = BenchOnt.up();
    bench.download(content);
    bench.instantFlash = false;
    bench.commit(1);
    bench.powerCycle();
    expect(bench.ont.snapshot().flags[0].committed).toBe(true);
  });

  it("during the pause before the restart the ONT takes no further command", () => {
    const bench = BenchOnt.up();
    bench.download(content);
    expect(bench.activate(1)).toBe(0);
    expect(bench.commit(1)).toBe(6);
    expect(bench.activate(0)).toBe(6);
    expect(bench.start(100)).toBe(6);
    expect(bench.reboot()).toBe(6);
    expect(bench.result({ type: "getRequest", attributeMask: 0x8000 })).toBe(0);
  });
});
