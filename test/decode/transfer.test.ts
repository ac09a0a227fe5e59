/** What decode says of downloads that repeat, lose, refuse or mix up windows, alone and in groups. */
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { ImageFile, traceOf } from "../../decode/index.ts";
import { BROADCAST, Conversation, imageOf, imagesOf, sectionsOf, warningsOf, windowsOf } from "./frames.ts";
import { mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

const GROUP_INSTANCE = 0xffff;
const IMAGE = imageOf(800);
const SECTIONS = sectionsOf(IMAGE, 100);
const FIRST = SECTIONS.slice(0, 4);
const SECOND = SECTIONS.slice(4);
const right = { isRight: true, bytes: IMAGE.length };

/** Two windows, each answered. */
const plain = (): Conversation =>
  new Conversation()
    .start(3, 0x6000, IMAGE.length)
    .window(3, 0x6001, FIRST)
    .answer(3, 0x6004, 3)
    .window(3, 0x6005, SECOND)
    .answer(3, 0x6008, 3)
    .end(3, 0x6009, IMAGE);

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

describe("requests and answers", () => {
  it("late, stray and missing answers, and requests that are sent again", () => {
    const conversation = new Conversation();
    const get = { type: "getRequest", attributeMask: 0x8000 } as const;
    const commit = { type: "commitImageRequest" } as const;
    conversation.down(1, 5, get).down(1, 5, get).down(1, 6, commit).down(2, 5, commit);
    conversation.timeNs += 1.5e9;
    conversation.up(1, 6, { type: "commitImageResponse", result: 3 });
    conversation.up(1, 6, { type: "commitImageResponse", result: 3 });
    const records = conversation.records();
    expect(warningsOf(records)).toEqual([
      { frame: 2, kind: "repeatedRequest", text: "sent again: frame 1 was not answered" },
      { frame: 5, kind: "lateAnswer", text: "late: 1.5 s after frame 3" },
      { frame: 6, kind: "strayAnswer", text: "answers no request that was seen, or one that was answered before" },
      { frame: 2, kind: "unanswered", text: "was not answered" },
      { frame: 4, kind: "unanswered", text: "was not answered" },
    ]);
    expect(records.find((record) => record.record === "frame" && record.frame === 5)).toMatchObject({
      answers: 3,
      answerNs: 1.502e9,
    });
  });

  it("what all are asked, each answers; parity sections and the next window have TCIs in common", () => {
    const conversation = new Conversation().start(1, 1, 400).start(2, 1, 400);
    conversation.window(BROADCAST, 2, FIRST, undefined, GROUP_INSTANCE).answer(1, 5, 3, 1, 1).answer(2, 5, 3);
    conversation.parity(2, FIRST, 1);
    conversation.answer(1, 6, 0, 0, 0, { classId: 65280, instanceId: 0x0203 });
    const records = conversation.records();
    expect(warningsOf(records).map(({ kind }) => kind)).toEqual(["refused"]);
    const links = records.flatMap((record) => (record.record === "frame" && record.answers ? [record.answers] : []));
    expect(links).toEqual([1, 3, 8, 8, 11]);
  });

  it("a request is open for half a minute, not for ever", () => {
    const conversation = new Conversation();
    conversation.down(1, 5, { type: "commitImageRequest" });
    conversation.timeNs += 60e9;
    conversation.down(1, 6, { type: "commitImageRequest" });
    expect(warningsOf(traceOf(conversation.frames.slice(0, 2)))[0]).toMatchObject({ frame: 1, kind: "unanswered" });
  });

  it("frames with a wrong trailer say nothing", () => {
    const conversation = plain();
    // The first section: a repeat of it with a flipped bit is dropped by every ONT.
    const spoiled = conversation.frames[2].frame.slice();
    spoiled[20] ^= 1;
    conversation.frames.splice(3, 0, { ...conversation.frames[2], frame: spoiled });
    const records = traceOf(conversation.frames);
    expect(warningsOf(records)).toEqual([{ frame: 4, kind: "wrongTrailer", text: "wrong CRC-32 in the trailer" }]);
    expect(imagesOf(records)).toMatchObject([right]);
  });
});

describe("multicast (extension)", () => {
  /** Two windows for ONU 1 and 2; ONU 2 leaves behind the first and goes on alone. */
  const straggler = (): Conversation => {
    const conversation = new Conversation().start(1, 1, IMAGE.length).start(2, 1, IMAGE.length);
    conversation.window(BROADCAST, 2, FIRST, undefined, GROUP_INSTANCE).answer(1, 5, 3).answer(2, 5, 3);
    conversation.window(BROADCAST, 6, SECOND, undefined, GROUP_INSTANCE).answer(1, 9, 3).answer(2, 9, 3, 1, 2);
    conversation.window(2, 0x6001, SECOND).answer(2, 0x6004, 3);
    return conversation.end(1, 0x6005, IMAGE).end(2, 0x6005, IMAGE);
  };

  it("an ONT that goes on alone has what its group had until then", () => {
    const records = straggler().records();
    expect(imagesOf(records)).toMatchObject([
      { ...right, onuId: 1 },
      { ...right, onuId: 2 },
    ]);
    expect(windowsOf(records).map(({ onuId, window }) => [onuId, window])).toEqual([
      [-1, 0],
      [2, 1],
      [-1, 1],
    ]);
  });

  it.each([1, 2])("the image of ONU %i is written from all it is made of", (onuId) => {
    const folder = mkdtempSync(join(tmpdir(), "poncast-extract-"));
    try {
      const store = new ImageFile(join(folder, "image.bin"), onuId);
      traceOf(straggler().frames, store);
      store.close();
      expect(store.taken).toEqual({ onuId, bytes: IMAGE.length });
      expect(Buffer.compare(readFileSync(join(folder, "image.bin")), IMAGE)).toBe(0);
      expect(readdirSync(folder)).toEqual(["image.bin"]);
    } finally {
      rmSync(folder, { recursive: true });
    }
  });

  it("an ONT whose answer was lost is asked by Get how far it is", () => {
    const conversation = new Conversation().start(1, 1, IMAGE.length);
    conversation.window(BROADCAST, 2, FIRST, undefined, GROUP_INSTANCE);
    const recovery = { classId: 65280, instanceId: 0 } as const;
    conversation.down(1, 0x6000, { type: "getRequest", attributeMask: 0x0800 }, recovery);
    const masks = { attributeMask: 0x0800, optionalAttributeMask: 0, attributeExecutionMask: 0 } as const;
    conversation.up(1, 0x6000, { type: "getResponse", result: 0, values: Uint8Array.of(0, 5), ...masks }, recovery);
    conversation.window(1, 0x6001, SECOND).answer(1, 0x6004, 3).end(1, 0x6005, IMAGE);
    expect(imagesOf(conversation.records())).toMatchObject([right]);
  });

  it("any sections that the capture lacks come from parity, where it has as many parity sections", () => {
    const lacking = fc.subarray([0, 1, 2, 3, 4, 5, 6, 7], { minLength: 1, maxLength: 5 });
    fc.assert(
      fc.property(
        lacking,
        fc.integer({ min: 1, max: 5 }),
        fc.integer({ min: 1, max: 100 }),
        (lost, rows, lastBytes) => {
          const image = IMAGE.subarray(0, 700 + lastBytes);
          const sections = sectionsOf(image, 100);
          const conversation = new Conversation().start(1, 1, image.length, 8);
          const seen = [0, 1, 2, 3, 4, 5, 6, 7].filter((section) => !lost.includes(section));
          conversation.window(BROADCAST, 2, sections, seen, GROUP_INSTANCE).parity(2, sections, rows);
          const answered = { classId: 65280, instanceId: 0x0207 };
          conversation.answer(1, 10 + rows - 1, rows - 1, 0, 0, answered).end(1, 0x6000, image);
          const records = conversation.records();
          const isWhole = lost.length <= rows;
          expect(imagesOf(records)).toMatchObject([{ isRight: isWhole }]);
          expect(windowsOf(records)[0]).toMatchObject({
            repairedSections: isWhole ? lost.length : 0,
            missingSections: isWhole ? 0 : lost.length,
          });
        },
      ),
    );
  });

  it("two groups one after the other, on two ports with the same TCIs", () => {
    const [other, conversation] = [imageOf(400).reverse(), new Conversation()];
    const group = (onuId: number, tci: number, image: Uint8Array): void => {
      const sections = sectionsOf(image, 100);
      conversation.start(onuId, tci, image.length, 8);
      conversation.window(BROADCAST, tci + 1, sections, undefined, GROUP_INSTANCE);
      conversation.answer(onuId, tci + sections.length, sections.length - 1);
    };
    group(1, 1, IMAGE);
    group(2, 9, other);
    conversation.end(1, 0x6000, IMAGE).end(2, 0x6000, other);
    const two = conversation.frames.map((frame) => ({ ...frame, pon: 5 }));
    const records = traceOf(conversation.frames.flatMap((frame, index) => [frame, two[index]]));
    expect(imagesOf(records).map(({ pon, onuId, isRight }) => [pon, onuId, isRight])).toEqual([
      [0, 1, true],
      [5, 1, true],
      [0, 2, true],
      [5, 2, true],
    ]);
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
