/** Which sections an ONT keeps and how it answers a window: order, repeats, gaps, short and padded ends. */
import { describe, expect, it } from "vitest";
import { BenchOnt } from "./hands.ts";
import { testImage } from "./images.ts";
import { windowSpan, type WindowSpec } from "./spans.ts";
import { answersOf, content, full, lastAnswer, second, started, written } from "./windows.ts";

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
