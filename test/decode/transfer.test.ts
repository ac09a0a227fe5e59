/** What decode says of downloads that repeat, lose, refuse or mix up windows. */
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { traceOf } from "../../decode/index.ts";
import {
  Conversation,
  FIRST,
  IMAGE,
  imageOf,
  imagesOf,
  plain,
  right,
  SECOND,
  sectionsOf,
  warningsOf,
  windowsOf,
} from "./frames.ts";

describe("unicast", () => {
  it("a download without faults has no warnings", () => {
    const records = plain().records();
    expect(warningsOf(records)).toEqual([]);
    expect(imagesOf(records)).toMatchObject([{ ...right, onuId: 3 }]);
    expect(windowsOf(records)).toMatchObject([
      { window: 0, base: 0x6001, sections: 4, offsetBytes: 0, bytes: 400 },
      { window: 1, base: 0x6005, sections: 4, offsetBytes: 400, bytes: 400 },
    ]);
  });

  it("a window that is refused goes out again with other TCIs", () => {
    const records = new Conversation()
      .start(3, 0x6000, IMAGE.length)
      .window(3, 0x6001, FIRST)
      .answer(3, 0x6004, 3, 1, 2)
      .window(3, 0x6010, FIRST)
      .answer(3, 0x6013, 3)
      .window(3, 0x6014, SECOND)
      .answer(3, 0x6017, 3)
      .end(3, 0x6018, IMAGE)
      .records();
    expect(warningsOf(records)).toEqual([
      { frame: 7, kind: "refused", text: "window 0 refused: processing error (1), 2 sections missing" },
      { frame: 8, kind: "repeatedWindow", text: "window 0 anew" },
    ]);
    expect(imagesOf(records)).toMatchObject([right]);
  });

  it("a lost answer: the same window, with the same TCIs or others, is stored once", () => {
    for (const base of [0x6001, 0x6010]) {
      const records = new Conversation()
        .start(3, 0x6000, IMAGE.length)
        .window(3, 0x6001, FIRST)
        .window(3, base, FIRST)
        .answer(3, base + 3, 3)
        .window(3, 0x6020, SECOND)
        .answer(3, 0x6023, 3)
        .end(3, 0x6024, IMAGE)
        .records();
      expect(imagesOf(records)).toMatchObject([right]);
      expect(warningsOf(records).map(({ kind }) => kind)).toContain("repeatedWindow");
    }
  });

  it("a window that is sent again with other TCIs after its answer, which the OLT did not hear, counts once", () => {
    const frames = new Conversation()
      .start(3, 0x6000, IMAGE.length)
      .window(3, 0x6001, FIRST)
      .answer(3, 0x6004, 3)
      .window(3, 0x6010, FIRST)
      .answer(3, 0x6013, 3)
      .window(3, 0x6020, SECOND)
      .answer(3, 0x6023, 3)
      .end(3, 0x6024, IMAGE);
    const records = frames.records();
    expect(imagesOf(records)).toMatchObject([right]);
    expect(warningsOf(records)).toEqual([
      {
        frame: 18,
        kind: "repeatedWindow",
        text: "1 window was sent again with other TCIs though taken in: an answer was lost",
      },
    ]);
  });

  it("windows of an image that are the same one after the other count each", () => {
    const image = new Uint8Array(IMAGE.length).fill(0xff);
    const sections = sectionsOf(image, 100);
    const { frames } = new Conversation()
      .start(3, 0x6000, image.length)
      .window(3, 0x6001, sections.slice(0, 4))
      .answer(3, 0x6004, 3)
      .window(3, 0x6005, sections.slice(4))
      .answer(3, 0x6008, 3)
      .end(3, 0x6009, image);
    expect(imagesOf(traceOf(frames))).toMatchObject([right]);
    expect(imagesOf(traceOf(frames.filter(({ direction }) => direction === "down")))).toMatchObject([right]);
  });

  it("a repeat of a window that was taken in is told and not stored", () => {
    const records = new Conversation()
      .start(3, 0x6000, IMAGE.length)
      .window(3, 0x6001, FIRST)
      .answer(3, 0x6004, 3)
      .window(3, 0x6001, FIRST)
      .answer(3, 0x6004, 3)
      .window(3, 0x6005, SECOND)
      .answer(3, 0x6008, 3)
      .end(3, 0x6009, IMAGE)
      .records();
    expect(warningsOf(records)).toEqual([
      { frame: 11, kind: "repeatedWindow", text: "window 0, round 2, though it was taken in" },
    ]);
    expect(imagesOf(records)).toMatchObject([right]);
  });

  it("downstream alone is enough: without answers the bytes tell a repeat from the next window", () => {
    const { frames } = new Conversation()
      .start(3, 0x6000, IMAGE.length)
      .window(3, 0x6001, FIRST)
      .window(3, 0x6010, FIRST)
      .window(3, 0x6020, SECOND)
      .end(3, 0x6024, IMAGE);
    const records = traceOf(frames.filter(({ direction }) => direction === "down"));
    expect(imagesOf(records)).toMatchObject([right]);
  });

  it("a section that is not there", () => {
    const records = new Conversation()
      .start(3, 0x6000, IMAGE.length)
      .window(3, 0x6001, FIRST, [0, 3])
      .answer(3, 0x6004, 3)
      .window(3, 0x6005, SECOND)
      .answer(3, 0x6008, 3)
      .end(3, 0x6009, IMAGE)
      .records();
    expect(warningsOf(records)).toEqual([
      { frame: 4, kind: "gap", text: "window 0 ends, and sections 1, 2 are not in the capture" },
      { frame: 5, kind: "gap", text: "window 0 was taken in, yet sections 1, 2 are not in the capture" },
      { frame: 11, kind: "sizeMismatch", text: "the image of 800 bytes is not whole: sections are not in the capture" },
    ]);
    expect(windowsOf(records)[0]).toMatchObject({ missingSections: 2, bytes: 200 });
    expect(imagesOf(records)).toMatchObject([{ isRight: false }]);
  });

  it("a window without AR", () => {
    const { frames } = new Conversation()
      .start(3, 0x6000, IMAGE.length)
      .window(3, 0x6001, FIRST, [0, 1, 2])
      .window(3, 0x6005, SECOND);
    const [warning] = warningsOf(traceOf(frames));
    expect(warning).toEqual({
      frame: 6,
      kind: "missingAr",
      text: "window 0 was taken in without a section with AR",
    });
  });

  it("a wrong CRC, another size, too few bytes", () => {
    const until = (): Conversation =>
      new Conversation()
        .start(3, 0x6000, IMAGE.length)
        .window(3, 0x6001, FIRST)
        .answer(3, 0x6004, 3)
        .window(3, 0x6005, SECOND)
        .answer(3, 0x6008, 3);
    const textsOf = (conversation: Conversation): string[] =>
      warningsOf(conversation.records()).map(({ text }) => text);
    expect(textsOf(until().end(3, 0x6009, IMAGE, { crc32: 0x11223344 }))).toEqual([
      expect.stringMatching(/^the image's CRC-32 is 0x[0-9a-f]{8}, End names 0x11223344$/),
    ]);
    expect(textsOf(until().end(3, 0x6009, IMAGE, { imageBytes: 801 }))).toEqual([
      "End names 801 bytes, Start named 800",
      "the image of 801 bytes is not whole: 800 were seen",
    ]);
    const short = new Conversation().start(3, 0x6000, IMAGE.length).window(3, 0x6001, FIRST).answer(3, 0x6004, 3);
    expect(textsOf(short.end(3, 0x6009, IMAGE))).toEqual(["the image of 800 bytes is not whole: 400 were seen"]);
  });

  it("an abort is no end; a capture that begins in the middle says so", () => {
    const aborted = new Conversation().start(3, 0x6000, IMAGE.length).window(3, 0x6001, FIRST).answer(3, 0x6004, 3);
    aborted.end(3, 0x6009, IMAGE, { crc32: 0xffffffff, imageBytes: 0 });
    expect(imagesOf(aborted.records())).toEqual([]);
    const middle = new Conversation().window(3, 0x6001, FIRST).answer(3, 0x6004, 3).records();
    expect(warningsOf(middle)).toEqual([{ frame: 1, kind: "noStart", text: "section without a Start before it" }]);
  });

  it("baseline: the zeros that fill the last section and the last window are no image", () => {
    const image = imageOf(31 * 5 + 3);
    const sections = sectionsOf(image, 31, "baseline");
    const padded = [...sections.slice(4), new Uint8Array(31), new Uint8Array(31)];
    const records = new Conversation("baseline")
      .start(3, 0x6000, image.length)
      .window(3, 0x6001, sections.slice(0, 4))
      .answer(3, 0x6004, 3)
      .window(3, 0x6005, padded)
      .answer(3, 0x6008, 3)
      .end(3, 0x6009, image)
      .records();
    expect(warningsOf(records)).toEqual([]);
    expect(imagesOf(records)).toMatchObject([{ isRight: true, bytes: image.length }]);
  });
});

describe("any frames", () => {
  it("in any order, with any of them missing or twice, end in records", () => {
    const frames = [...plain().frames, ...new Conversation().start(1, 1, 400).parity(2, FIRST, 2).frames];
    fc.assert(
      fc.property(fc.array(fc.nat({ max: frames.length - 1 }), { maxLength: 60 }), (order) => {
        const records = traceOf(order.map((index) => frames[index]));
        expect(records.filter((record) => record.record === "frame")).toHaveLength(order.length);
        for (const image of imagesOf(records)) expect(image.bytes).toBeLessThanOrEqual(IMAGE.length);
      }),
    );
  });

  it("of any bytes end in records", () => {
    fc.assert(
      fc.property(fc.array(fc.uint8Array({ maxLength: 60 }), { maxLength: 20 }), (bytes) => {
        const records = traceOf(bytes.map((frame) => ({ frame, direction: "up" as const })));
        expect(records.filter((record) => record.record === "frame")).toHaveLength(bytes.length);
      }),
    );
  });
});
