/** Which sections an ONT keeps and how it answers a window: order, repeats, gaps, short and padded ends. */
import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { encodeSection, nextWindowBase } from "../../omci/index.ts";
import type { Message, MessageSet } from "../../omci/messages.ts";
import type { SectionSpan } from "../../omci/section-span.ts";
import { BenchOnt } from "./hands.ts";
import { testImage } from "./images.ts";
import { windowSpan, type WindowSpec } from "./spans.ts";

type WindowAnswer = Extract<Message, { type: "downloadSectionResponse" }>;

/** Bytes the core has written to the slot so far. */
const written = (bench: BenchOnt): Uint8Array => bench.flash.slots[1];

const answersOf = (bench: BenchOnt): WindowAnswer[] =>
  bench.sent.filter((message): message is WindowAnswer => message.type === "downloadSectionResponse");

const lastAnswer = (bench: BenchOnt): WindowAnswer | undefined => answersOf(bench).at(-1);

/** A bench whose Start of `content` carried TCI `tci`. */
function started(content: Uint8Array, tci = 0x6100, messageSet: MessageSet = "baseline"): BenchOnt {
  const bench = BenchOnt.up({}, undefined, messageSet);
  expect(bench.start(content.length, { tci, windowSections: 256 })).toBe(0);
  return bench;
}

const content = testImage(31 * 12);
const full: WindowSpec = { base: 0x6200, firstSection: 0, sections: 6, sectionBytes: 31 };
const second: WindowSpec = { ...full, base: 0x6206, firstSection: 6 };

describe("sections in a window (4.2, 4.3)", () => {
  it("may come in any order and twice; the section with AR ends the window", () => {
    const bench = started(content);
    for (const from of [3, 1, 0, 1, 4, 2]) bench.window(content, { ...full, from, count: 1 });
    expect(answersOf(bench)).toEqual([]);
    expect(bench.window(content, { ...full, from: 5 })).toMatchObject({
      result: 0,
      sectionNumber: 5,
      tci: 0x6205,
    });
    expect(written(bench)).toEqual(content.subarray(0, 6 * 31));
  });

  it("that are missing make the answer 1, with their number; what came is kept for the repeat", () => {
    const bench = started(content);
    bench.window(content, { ...full, count: 2 });
    expect(bench.window(content, { ...full, from: 4 })).toMatchObject({
      result: 1,
      missingSections: 2,
      lostSections: 2,
    });
    expect(bench.window(content, { ...full, base: 0x6300, from: 2 })).toMatchObject({
      result: 0,
      missingSections: 0,
      lostSections: 2,
    });
    expect(written(bench)).toEqual(content.subarray(0, 6 * 31));
    expect(bench.eventsOf("windowAccepted")).toMatchObject([{ window: 0, sections: 6, lostSections: 2 }]);
    // What was lost counts for its own window only.
    expect(bench.window(content, second)).toMatchObject({ result: 0, lostSections: 0 });
    expect(bench.ont.snapshot()).toMatchObject({
      windowsAccepted: 2,
      windowsRepaired: 1,
      sectionsLost: 2,
    });
  });

  it("a repeat may have a smaller window: what is kept beyond its end is dropped", () => {
    const bench = started(content);
    bench.window(content, { ...full, from: 1 });
    expect(bench.window(content, { ...full, sections: 3, base: 0x6300, count: 3 })).toMatchObject({
      result: 0,
    });
    // Sections 3 to 5 were there, but of the window before: the next one has to bring its own.
    expect(bench.window(content, { ...full, base: 0x6400, firstSection: 3, from: 5 })).toMatchObject({
      result: 1,
      missingSections: 5,
    });
    expect(written(bench)).toHaveLength(3 * 31);
  });

  it("no answer without AR, whatever is wrong", () => {
    const bench = started(content);
    bench.window(content, { ...full, ackRequested: false });
    bench.window(content, { ...full, instanceId: 0, ackRequested: false });
    bench.window(content, { ...full, instanceId: 7, ackRequested: false });
    expect(answersOf(bench)).toEqual([]);
  });

  it("out of place are answered 1, of an instance the ONT lacks 5", () => {
    const bench = started(content);
    expect(bench.window(content, { ...full, instanceId: 0 })).toMatchObject({ result: 1 });
    expect(bench.window(content, { ...full, instanceId: 9 })).toMatchObject({ result: 5 });
    const idle = BenchOnt.up();
    expect(idle.window(content, full)).toMatchObject({ result: 1 });
    expect(written(bench)).toHaveLength(0);
  });

  it("beyond the window granted are answered 1 and not stored", () => {
    const bench = BenchOnt.up({ maxWindowSections: 4 });
    bench.start(content.length, { windowSections: 32 });
    expect(bench.sent.at(-1)).toMatchObject({ type: "startDownloadResponse", windowSections: 4 });
    expect(bench.window(content, { ...full, sections: 5 })).toMatchObject({
      result: 1,
      sectionNumber: 4,
    });
    expect(bench.eventsOf("windowAccepted")).toEqual([]);
    expect(bench.window(content, { ...full, base: 0x6300, sections: 4 })).toMatchObject({
      result: 0,
    });
  });

  it("beyond the image are answered 1", () => {
    const bench = started(content);
    bench.window(content, full);
    bench.window(content, second);
    expect(bench.window(content, { ...full, base: 0x6300 })).toMatchObject({ result: 1 });
    expect(written(bench)).toEqual(content);
    expect(bench.end(content)).toBe(0);
  });
});

describe("the last window (I.3)", () => {
  const short = testImage(31 * 3 + 5);

  it("may be short, its last section zero padded", () => {
    const bench = started(short);
    expect(bench.window(short, { ...full, sections: 4 })).toMatchObject({ result: 0 });
    expect(written(bench)).toEqual(short);
    expect(bench.end(short)).toBe(0);
  });

  it("may be padded with null sections to the full window", () => {
    const bench = started(short);
    const padded = new Uint8Array(8 * 31);
    padded.set(short);
    expect(bench.window(padded, { ...full, sections: 8 })).toMatchObject({
      result: 0,
      sectionNumber: 7,
    });
    expect(written(bench)).toEqual(short);
    expect(bench.end(short)).toBe(0);
  });
});

describe("extended sections", () => {
  const image = testImage(10_000);
  const window: WindowSpec = { base: 0x6200, firstSection: 0, sections: 6, sectionBytes: 1965 };

  it("may be short at the end", () => {
    const bench = started(image, 0x6100, "extended");
    expect(bench.window(image, window)).toMatchObject({ result: 0 });
    expect(written(bench)).toEqual(image);
  });

  it("may have another size in a repeated window: the old ones are dropped", () => {
    const bench = started(image, 0x6100, "extended");
    bench.window(image, { ...window, from: 1, count: 4 });
    const smaller = { ...window, base: 0x6300, sectionBytes: 1000, sections: 10 };
    bench.window(image, { ...smaller, count: 9 });
    expect(bench.window(image, { ...smaller, from: 9 })).toMatchObject({
      result: 0,
      missingSections: 0,
    });
    expect(written(bench)).toEqual(image);
  });

  it("of the old size do not fill the gaps of a repeat with another size", () => {
    const bench = started(image, 0x6100, "extended");
    bench.window(image, { ...window, from: 1, count: 5, ackRequested: false });
    const smaller = { ...window, base: 0x6300, sectionBytes: 1000, sections: 10 };
    bench.window(image, { ...smaller, count: 2 });
    expect(bench.window(image, { ...smaller, from: 9 })).toMatchObject({ result: 1, missingSections: 7 });
  });

  it("the short one may come first", () => {
    const bench = started(image, 0x6100, "extended");
    expect(bench.window(image, { ...window, from: 5 })).toMatchObject({
      result: 1,
      missingSections: 5,
    });
    bench.window(image, { ...window, count: 5 });
    expect(bench.window(image, { ...window, from: 5 })).toMatchObject({ result: 0 });
    expect(written(bench)).toEqual(image);
  });

  it("a short one cannot stay in the middle of a longer window", () => {
    const bench = started(image, 0x6100, "extended");
    const early = { ...window, sections: 3, sectionBytes: 1965 };
    const span = windowSpan(image, "extended", { ...early, from: 2 });
    bench.run("omcc", { ...span, lastSectionBytes: 100 });
    expect(lastAnswer(bench)).toMatchObject({ result: 1, missingSections: 2 });
    bench.window(image, { ...window, base: 0x6300, count: 2 });
    bench.window(image, { ...window, base: 0x6300, from: 3, count: 2 });
    expect(bench.window(image, { ...window, base: 0x6300, from: 5 })).toMatchObject({
      result: 1,
      missingSections: 1,
    });
  });
});

describe("repeats of the window taken in last", () => {
  it("are answered again and not stored again, the answer being lost", () => {
    const bench = started(content);
    const first = bench.window(content, full);
    expect(bench.window(content, full)).toEqual(first);
    expect(bench.window(content, { ...full, from: 5 })).toEqual(first);
    expect(written(bench)).toHaveLength(6 * 31);
    expect(bench.window(content, second)).toMatchObject({ result: 0 });
    expect(written(bench)).toEqual(content);
    expect(bench.ont.snapshot().windowsAccepted).toBe(2);
  });

  it("are not answered when they end elsewhere", () => {
    const bench = started(content);
    bench.window(content, full);
    bench.window(content, { ...full, sections: 4 });
    expect(answersOf(bench)).toHaveLength(1);
  });

  it("are told over the wrap of TCIs, 0 left out", () => {
    const bench = started(content);
    const wrapping = { ...full, base: 0x7ffd };
    const tciOf = (section: number): number => ((0x7ffd + section - 1) % 0x7fff) + 1;
    const sendAll = (): void => {
      for (let from = 0; from < 6; from++) {
        const span = windowSpan(content, "baseline", { ...wrapping, from, count: 1 });
        bench.run("omcc", { ...span, firstTci: tciOf(from) });
      }
    };
    sendAll();
    sendAll();
    expect(answersOf(bench)).toMatchObject([
      { result: 0, tci: 3 },
      { result: 0, tci: 3 },
    ]);
    expect(written(bench)).toHaveLength(6 * 31);
    // Nothing of the repeat was taken for the next window.
    expect(bench.window(content, { ...second, base: 0x100, from: 1 })).toMatchObject({ result: 1, missingSections: 1 });
  });
});

describe("broadcast sections (extension)", () => {
  const groupTci = 0x0123;
  const base = nextWindowBase(groupTci);
  const group: WindowSpec = { ...full, base, channel: "broadcast" };

  it("are taken when their TCIs follow the Start's, then from window to window", () => {
    const bench = started(content, groupTci);
    expect(bench.window(content, group)).toMatchObject({
      result: 0,
      tci: base + 5,
      instanceId: 0xffff,
    });
    expect(bench.window(content, { ...group, base: base + 6, firstSection: 6 })).toMatchObject({
      result: 0,
    });
    expect(written(bench)).toEqual(content);
  });

  it.each([
    ["another Start's", base + 1],
    ["a later window's", base + 6],
    ["an earlier window's", base - 6],
  ])("are left alone with %s TCIs", (_which, wrongBase) => {
    const bench = started(content, groupTci);
    expect(bench.window(content, { ...group, base: wrongBase })).toBeUndefined();
    expect(written(bench)).toHaveLength(0);
    expect(bench.window(content, group)).toMatchObject({ result: 0 });
  });

  it("are left alone by an ONT that went on alone, whatever the group sends", () => {
    const bench = started(content, groupTci);
    bench.window(content, group);
    expect(bench.start(content.length, { tci: 0x6800, windowSections: 256 })).toBe(0);
    for (let wrongBase = 1; wrongBase < 0x6000; wrongBase += 7) bench.window(content, { ...group, base: wrongBase });
    expect(bench.window(content, { ...group, base: 1 })).toBeUndefined();
    expect(written(bench)).toHaveLength(0);
    expect(bench.window(content, { ...full, base: 0x6900 })).toMatchObject({ result: 0 });
    expect(bench.window(content, { ...group, base: nextWindowBase(0x6905), firstSection: 6 })).toBeUndefined();
    expect(bench.window(content, { ...second, base: 0x6906 })).toMatchObject({ result: 0 });
    expect(written(bench)).toEqual(content);
  });

  it("go on at 1 where a window would pass the end of the group's TCIs", () => {
    const lastTci = 0x5fff - 256;
    const bench = started(content, lastTci);
    expect(nextWindowBase(lastTci)).toBe(1);
    expect(bench.window(content, { ...group, base: lastTci + 1 })).toBeUndefined();
    expect(bench.window(content, { ...group, base: 1 })).toMatchObject({ result: 0 });
  });

  it("of another instance are for others; of the own one they are taken", () => {
    const bench = started(content, groupTci);
    expect(bench.window(content, { ...group, instanceId: 0 })).toBeUndefined();
    expect(bench.window(content, { ...group, instanceId: 1 })).toMatchObject({
      result: 0,
      instanceId: 1,
    });
  });

  it("are no business of an ONT that downloads nothing", () => {
    const bench = BenchOnt.up();
    expect(bench.window(content, group)).toBeUndefined();
    expect(bench.events.filter((event) => event.type === "dropped")).toEqual([]);
  });

  it("may be mixed with unicast repair of the same window", () => {
    const bench = started(content, groupTci);
    bench.window(content, { ...group, count: 3 });
    bench.window(content, { ...group, from: 5 });
    expect(lastAnswer(bench)).toMatchObject({ result: 1, missingSections: 2 });
    expect(bench.window(content, { ...group, channel: "omcc", instanceId: 1, from: 3 })).toMatchObject({ result: 0 });
    expect(bench.window(content, { ...group, base: base + 6, firstSection: 6 })).toMatchObject({
      result: 0,
    });
    expect(written(bench)).toEqual(content);
  });
});

describe("a span of sections", () => {
  const imageBytes = 4000;
  const image = testImage(imageBytes);

  /** What one ONT makes of runs, given whole or section by section as frames. */
  function outcome(runs: readonly SectionSpan[], channel: "omcc" | "broadcast", asFrames: boolean): unknown {
    const bench = BenchOnt.up({ parityAware: false });
    bench.start(imageBytes, { tci: 0x0100, windowSections: 16 });
    for (const span of runs) {
      if (!asFrames) {
        bench.run(channel, span);
        continue;
      }
      for (let index = 0; index < span.count; index++) {
        const pdu = new Uint8Array(2000);
        bench.frame(channel, pdu.slice(0, encodeSection(span, index, pdu, 0)));
      }
    }
    const drops: Record<string, number> = {};
    for (const { cause, count } of bench.eventsOf("dropped")) drops[cause] = (drops[cause] ?? 0) + (count ?? 1);
    return {
      raw: bench.raw,
      slot: written(bench),
      snapshot: bench.ont.snapshot(),
      events: bench.events.filter((event) => event.type !== "dropped"),
      drops,
    };
  }

  const runs = fc.record({
    messageSet: fc.constantFrom<MessageSet>("baseline", "extended"),
    firstTci: fc.oneof(fc.integer({ min: 0x0100, max: 0x0120 }), fc.constant(0x7ff8)),
    firstSection: fc.integer({ min: 0, max: 10 }),
    count: fc.integer({ min: 1, max: 12 }),
    ackRequested: fc.boolean(),
    instanceId: fc.constantFrom(1, 1, 1, 0xffff, 0),
    at: fc.integer({ min: 0, max: 600 }),
    size: fc.constantFrom(31, 31, 60, 100),
    shorter: fc.constantFrom(0, 0, 7),
    gap: fc.constantFrom(0, 9),
  });

  it("has the effect of its sections one by one", () => {
    fc.assert(
      fc.property(
        fc.array(runs, { minLength: 1, maxLength: 8 }),
        fc.constantFrom("omcc" as const, "broadcast" as const),
        (list, channel) => {
          const made = list.map(({ messageSet, size, shorter, gap, at, ...rest }): SectionSpan => {
            const sectionBytes = messageSet === "baseline" ? 31 : size;
            // A TCI range that wraps is no run: consecutive TCIs are what makes one.
            const count = Math.min(rest.count, 0x7fff - rest.firstTci);
            return {
              messageSet,
              classId: 7,
              ...rest,
              count,
              data: image,
              dataOffset: at,
              dataStride: sectionBytes + gap,
              sectionBytes,
              lastSectionBytes: sectionBytes - shorter,
            };
          });
          expect(outcome(made, channel, false)).toEqual(outcome(made, channel, true));
        },
      ),
      { numRuns: 400 },
    );
  });
});
