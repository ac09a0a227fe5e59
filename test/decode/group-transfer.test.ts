/** What decode says of downloads of a group of ONTs (extension), and what each of them has in the end. */
import { mkdtempSync, readdirSync, readFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { ImageFile, traceOf } from "../../decode/index.ts";
import {
  BROADCAST,
  Conversation,
  FIRST,
  GROUP_INSTANCE,
  IMAGE,
  imageOf,
  imagesOf,
  right,
  SECOND,
  sectionsOf,
  windowsOf,
} from "./frames.ts";
import { removeFolder } from "../support/folder.ts";

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
      removeFolder(folder);
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
