/** Sections in memory that lasts are left there, and do to an ONT what copies of them do. */
import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { nextWindowBase } from "../../omci/index.ts";
import type { MessageSet } from "../../omci/messages.ts";
import type { SectionSpan } from "../../omci/section-span.ts";
import { WindowBuffer } from "../../ont/core/window.ts";
import { BenchOnt } from "./hands.ts";
import { testImage } from "./images.ts";
import { paritySpan } from "./parity-spans.ts";
import { windowSpan, type WindowSpec } from "./spans.ts";

const groupTci = 0x0123;
const base = nextWindowBase(groupTci);

/** What of a window is sent in one piece, from which memory, and as what. */
const pieces = fc.record({
  from: fc.nat(39),
  count: fc.integer({ min: 1, max: 40 }),
  memory: fc.constantFrom("image", "image", "image", "copy", "other bytes"),
  parity: fc.constantFrom(false, false, true),
  lasting: fc.constantFrom(true, true, true, false),
  ackRequested: fc.boolean(),
});

type Piece = typeof pieces extends fc.Arbitrary<infer Value> ? Value : never;

interface Sent {
  messageSet: MessageSet;
  /** The image, with other memory before and behind it. */
  image: Uint8Array;
  window: WindowSpec;
}

function spanOf({ messageSet, image, window }: Sent, piece: Piece): SectionSpan {
  const { sections, sectionBytes } = window;
  const content =
    piece.memory === "image" ? image : piece.memory === "copy" ? image.slice() : image.map((byte) => byte ^ 1);
  if (piece.parity) {
    const start = window.firstSection * sectionBytes;
    const parityOf = content.subarray(start, start + sections * sectionBytes);
    const { from, ackRequested } = piece;
    const rows = { from: from % 20, count: 1 + (piece.count % 12), ackRequested };
    return { ...paritySpan(content, messageSet, window, rows), parityOf, lasting: piece.lasting };
  }
  const from = piece.from % sections;
  const count = Math.min(piece.count, sections - from);
  const isToEnd = from + count === sections;
  const span = windowSpan(content, messageSet, { ...window, from, count, ackRequested: true });
  return { ...span, ackRequested: isToEnd && piece.ackRequested, lasting: piece.lasting };
}

/** All that an ONT makes of spans. */
function outcome(spans: readonly SectionSpan[], imageBytes: number, messageSet: MessageSet): unknown {
  const bench = BenchOnt.up({}, undefined, messageSet);
  bench.start(imageBytes, { tci: groupTci, windowSections: 256 });
  for (const span of spans) bench.run("broadcast", span);
  return { raw: bench.raw, slot: bench.flash.slots[1], snapshot: bench.ont.snapshot(), events: bench.events };
}

describe("sections in memory that lasts", () => {
  it("have the effect of copies, whatever is lost, comes twice, comes from elsewhere, or is repaired by parity", () => {
    fc.assert(
      fc.property(
        fc.constantFrom<MessageSet>("baseline", "extended"),
        fc.integer({ min: 1, max: 40 }),
        fc.integer({ min: 1, max: 31 }),
        fc.array(pieces, { minLength: 1, maxLength: 10 }),
        (messageSet, sections, lastBytes, list) => {
          const sectionBytes = messageSet === "baseline" ? 31 : 50;
          const imageBytes = (sections - 1) * sectionBytes + lastBytes;
          const image = testImage(imageBytes + 300, sections).subarray(100, 100 + imageBytes);
          const window: WindowSpec = { base, firstSection: 0, sections, sectionBytes, channel: "broadcast" };
          const spans = list.map((piece) => spanOf({ messageSet, image, window }, piece));
          const lent = spans.map((span) => ({ ...span, lasting: false }));
          expect(outcome(spans, imageBytes, messageSet)).toEqual(outcome(lent, imageBytes, messageSet));
        },
      ),
      { numRuns: 500 },
    );
  });
});

describe("a window of sections in memory that lasts", () => {
  it("comes to the same as one of copies: what is missing, what parity makes of it, and the bytes", () => {
    const places = fc.constantFrom("image", "image", "image", "image", "a section further on", "copy");
    const data = fc.record({ from: fc.nat(11), count: fc.integer({ min: 1, max: 12 }), place: places });
    const rows = fc.record({ from: fc.nat(20), count: fc.integer({ min: 1, max: 6 }), place: places });
    fc.assert(
      fc.property(
        fc.array(data, { minLength: 1, maxLength: 5 }),
        fc.array(rows, { maxLength: 3 }),
        fc.integer({ min: 1, max: 31 }),
        (dataSent, parity, lastBytes) => {
          const window: WindowSpec = { base, firstSection: 2, sections: 12, sectionBytes: 50 };
          const image = testImage(50 * 13 + lastBytes, lastBytes);
          const memory = Buffer.concat([image, testImage(200)]);
          const contentAt = (place: string): Uint8Array =>
            place === "image"
              ? memory.subarray(0, image.length)
              : place === "copy"
                ? image.slice()
                : memory.subarray(50, 50 + image.length);
          const run = (keepsViews: boolean): unknown => {
            const buffer = new WindowBuffer(16, keepsViews);
            // What lies in its memory from a window before is no part of this one.
            buffer.put(windowSpan(Buffer.alloc(2000, 0xff), "extended", { ...window, base: 0x300 }), 0x300);
            buffer.reset();
            for (const { from, count, place } of dataSent) {
              const part = { from, count: Math.min(count, 12 - from) };
              buffer.put({ ...windowSpan(contentAt(place), "extended", { ...window, ...part }), lasting: true }, base);
            }
            for (const { place, ...sent } of parity) {
              const content = contentAt(place);
              const parityOf = content.subarray(100, 650 + lastBytes);
              buffer.putParity({ ...paritySpan(content, "extended", window, sent), parityOf, lasting: true }, 12, base);
            }
            const missing = buffer.missing(12);
            const repaired = buffer.repair(12, missing);
            const bytes =
              missing === repaired ? [...buffer.bytes(Math.min(buffer.dataBytes(12), 550 + lastBytes))] : [];
            return { missing, repaired, received: [...buffer.received.bytes], bytes };
          };
          expect(run(true)).toEqual(run(false));
        },
      ),
      { numRuns: 1000 },
    );
  });

  const image = testImage(31 * 12);
  const window: WindowSpec = { base: 0x100, firstSection: 2, sections: 8, sectionBytes: 31 };
  const lasting = (from: number, count: number, content = image): SectionSpan => ({
    ...windowSpan(content, "baseline", { ...window, from, count }),
    lasting: true,
  });
  const ofImage = image.subarray(2 * 31, 10 * 31);

  it("is a view of it", () => {
    const buffer = new WindowBuffer(16, true);
    buffer.put(lasting(0, 3), 0x100);
    buffer.put(lasting(5, 3), 0x100);
    expect(buffer.missing(8)).toBe(2);
    buffer.put(lasting(3, 2), 0x100);
    const bytes = buffer.bytes(8 * 31);
    expect(bytes.buffer).toBe(image.buffer);
    expect(bytes).toEqual(ofImage);
  });

  it.each([
    ["one section comes from elsewhere", true, (): SectionSpan => lasting(3, 2, image.slice())],
    ["one section is lent", true, (): SectionSpan => ({ ...lasting(3, 2), lasting: false })],
    ["the ONT puts sections in its own way", false, (): SectionSpan => lasting(3, 2)],
  ])("is a copy where %s", (_why, keepsViews, part) => {
    const buffer = new WindowBuffer(16, keepsViews);
    for (const span of [lasting(0, 3), part(), lasting(5, 3)]) buffer.put(span, 0x100);
    const bytes = buffer.bytes(8 * 31);
    expect(bytes.buffer).not.toBe(image.buffer);
    expect(bytes).toEqual(ofImage);
  });

  it("takes bytes that differ as they came, whether they come before or after", () => {
    const other = image.map((byte) => byte ^ 0xff);
    for (const first of [image, other]) {
      const buffer = new WindowBuffer(16, true);
      buffer.put(lasting(0, 4, first), 0x100);
      buffer.put(lasting(4, 4, first === image ? other : image), 0x100);
      const [left, right] = first === image ? [image, other] : [other, image];
      const expected = [...left.subarray(2 * 31, 6 * 31), ...right.subarray(6 * 31, 10 * 31)];
      expect([...buffer.bytes(8 * 31)]).toEqual(expected);
    }
  });
});
