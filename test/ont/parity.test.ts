/** The multicast extension in the ONT: parity sections, the recovery ME, and silence where they are off. */
import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { nextWindowBase, RECOVERY } from "../../omci/index.ts";
import type { Message, MessageSet } from "../../omci/messages.ts";
import { SectionBitmap } from "../../ont/core/bitmap.ts";
import { ParityRows } from "../../ont/core/parity-rows.ts";
import { CODE_POINTS } from "../../base/kernel/parity/parity.ts";
import type { OntConfig } from "../../ont/index.ts";
import { BenchOnt } from "./hands.ts";
import { testImage } from "./images.ts";
import { paritySpan } from "./parity-spans.ts";
import type { WindowSpec } from "./spans.ts";

const groupTci = 0x0123;
const base = nextWindowBase(groupTci);

const content = testImage(31 * 19 + 4);
const first: WindowSpec = {
  base,
  firstSection: 0,
  sections: 10,
  sectionBytes: 31,
  channel: "broadcast",
};
const second: WindowSpec = { ...first, base: base + 10, firstSection: 10 };

function started(change: Partial<OntConfig> = {}): BenchOnt {
  const bench = BenchOnt.up(change);
  expect(bench.start(content.length, { tci: groupTci, windowSections: 256 })).toBe(0);
  return bench;
}

/** All sections of the window but the named ones. */
function sendBut(bench: BenchOnt, window: WindowSpec, lost: readonly number[]): void {
  for (let from = 0; from < window.sections; from++) {
    if (!lost.includes(from)) bench.window(content, { ...window, from, count: 1 });
  }
}

const last = (bench: BenchOnt): Message | undefined => bench.sent.at(-1);

describe("parity sections (extension)", () => {
  it("make up for lost ones, the last of the image's included", () => {
    const bench = started();
    sendBut(bench, first, [2, 7]);
    expect(last(bench)).toMatchObject({ result: 1, missingSections: 2, lostSections: 2 });
    bench.run("broadcast", paritySpan(content, "baseline", first, { from: 0, count: 2, ackRequested: true }));
    expect(last(bench)).toMatchObject({
      type: "downloadSectionResponse",
      classId: RECOVERY,
      instanceId: ((base & 0xff) << 8) | 9,
      tci: base + 11,
      sectionNumber: 1,
      result: 0,
      lostSections: 2,
    });
    sendBut(bench, second, [0, 9]);
    bench.run("broadcast", paritySpan(content, "baseline", second, { from: 0, count: 2, ackRequested: true }));
    expect(last(bench)).toMatchObject({ result: 0 });
    expect(bench.flash.slots[1]).toEqual(content);
    expect(bench.end(content)).toBe(0);
    expect(bench.eventsOf("windowAccepted")).toMatchObject([
      { window: 0, lostSections: 2, repairedSections: 2 },
      { window: 1, lostSections: 2, repairedSections: 2 },
    ]);
  });

  it("that came before the end count at once", () => {
    const bench = started();
    sendBut(bench, { ...first, ackRequested: false }, [1, 3, 9]);
    bench.run("broadcast", paritySpan(content, "baseline", first, { from: 0, count: 2 }));
    bench.window(content, { ...first, from: 9 });
    expect(last(bench)).toMatchObject({ classId: 7, result: 0, lostSections: 2 });
  });

  it("that do not suffice: the answer says how many more would", () => {
    const bench = started();
    bench.run("broadcast", paritySpan(content, "baseline", first, { from: 0, count: 2 }));
    sendBut(bench, first, [1, 3, 4, 5]);
    expect(last(bench)).toMatchObject({ result: 1, missingSections: 2, lostSections: 4 });
    // The same rows again are no more than before.
    bench.run("broadcast", paritySpan(content, "baseline", first, { from: 0, count: 2, ackRequested: true }));
    expect(last(bench)).toMatchObject({ result: 1, missingSections: 2 });
    bench.run("broadcast", paritySpan(content, "baseline", first, { from: 2, count: 2, ackRequested: true }));
    expect(last(bench)).toMatchObject({ result: 0, lostSections: 4 });
    expect(bench.flash.slots[1]).toEqual(content.subarray(0, 310));
  });

  it("that the code does not have repair nothing: what is missing is asked for, and the download goes on", () => {
    const bench = started();
    sendBut(bench, first, [1, 3]);
    const rows = paritySpan(content, "baseline", first, { from: 0, count: 2, ackRequested: true });
    // Sections and parity are 256 together: rows 246 and 247 of a window of ten are none.
    const beyond = CODE_POINTS - first.sections;
    bench.run("broadcast", { ...rows, firstTci: first.base + first.sections + beyond, firstSection: beyond });
    expect(last(bench)).toMatchObject({ result: 1, missingSections: 2 });
    expect(bench.flash.slots[1]).toHaveLength(0);
    bench.run("broadcast", rows);
    expect(last(bench)).toMatchObject({ result: 0, lostSections: 2 });
    sendBut(bench, second, []);
    expect(bench.end(content)).toBe(0);
    expect(bench.flash.slots[1]).toEqual(content);
  });

  it("that do not suffice for a repair leave the window's holes open", () => {
    const rows = new ParityRows();
    rows.put(paritySpan(content, "baseline", first, { from: 0, count: 2 }), first.sections);
    const received = new SectionBitmap();
    received.setRange(0, 7);
    const memory = new Uint8Array(310);
    expect(rows.rebuild(memory, 31, received)).toBe(false);
    expect(received.missingBelow(10)).toBe(3);
    expect(memory).toEqual(new Uint8Array(310));
  });

  it("for a window whose last section is lost tell its length", () => {
    const bench = started();
    sendBut(bench, first, [9]);
    expect(last(bench)).toMatchObject({ type: "startDownloadResponse" });
    bench.run("broadcast", paritySpan(content, "baseline", first, { from: 0, count: 1, ackRequested: true }));
    expect(last(bench)).toMatchObject({ result: 0 });
  });

  it("for the window taken in last are answered 0 again", () => {
    const bench = started();
    sendBut(bench, first, []);
    const rows = paritySpan(content, "baseline", first, { from: 0, count: 3, ackRequested: true });
    bench.run("broadcast", rows);
    expect(last(bench)).toMatchObject({ classId: RECOVERY, result: 0, sectionNumber: 2 });
    expect(bench.flash.slots[1]).toHaveLength(310);
  });

  it.each([
    ["another window", { base: base + 10 }, {}],
    ["another group", { base: base + 256 }, {}],
    ["a wrong instance", {}, { instanceId: ((base + 1) & 0xff) << 8 }],
  ])("of %s are left alone", (_which, window, change) => {
    const bench = started();
    sendBut(bench, first, [2]);
    const before = bench.sent.length;
    const rows = paritySpan(content, "baseline", { ...first, ...window }, { from: 0, count: 1, ackRequested: true });
    bench.run("broadcast", { ...rows, ...change });
    expect(bench.sent).toHaveLength(before);
    expect(bench.flash.slots[1]).toHaveLength(0);
  });

  it("work alone as well, for the window being collected", () => {
    const bench = started();
    const alone: WindowSpec = { ...first, channel: "omcc", base: 0x6500, instanceId: 1 };
    sendBut(bench, alone, [0, 4]);
    bench.run("omcc", paritySpan(content, "baseline", alone, { from: 0, count: 2, ackRequested: true }));
    expect(last(bench)).toMatchObject({ result: 0, tci: 0x650b });
  });

  it("are nothing to an ONT that does not know them", () => {
    const bench = started({ parityAware: false });
    sendBut(bench, first, [2]);
    const before = bench.sent.length;
    bench.run("broadcast", paritySpan(content, "baseline", first, { from: 0, count: 1, ackRequested: true }));
    expect(bench.sent).toHaveLength(before);
    bench.run("omcc", paritySpan(content, "baseline", first, { from: 0, count: 1, ackRequested: true }));
    expect(last(bench)).toMatchObject({ result: 4 });
  });

  it("are nothing to an ONT that has no recovery ME, whatever else it knows", () => {
    const bench = started({ recoveryAware: false, parityAware: true });
    sendBut(bench, first, [2]);
    const before = bench.sent.length;
    bench.run("broadcast", paritySpan(content, "baseline", first, { from: 0, count: 1, ackRequested: true }));
    expect(bench.sent).toHaveLength(before);
    bench.run("omcc", paritySpan(content, "baseline", first, { from: 0, count: 1, ackRequested: true }));
    expect(last(bench)).toMatchObject({ classId: RECOVERY, result: 4 });
    expect(bench.ont.snapshot().windowsAccepted).toBe(0);
  });

  it("repair any loss that they equal in number, in any order of arrival", () => {
    fc.assert(
      fc.property(
        fc.constantFrom<MessageSet>("baseline", "extended"),
        fc.integer({ min: 1, max: 60 }),
        fc.integer({ min: 0, max: 30 }),
        fc.integer({ min: 0, max: 20 }),
        fc.infiniteStream(fc.nat()),
        (messageSet, sections, lostWanted, firstRow, order) => {
          const sectionBytes = messageSet === "baseline" ? 31 : 50;
          const image = testImage((sections - 1) * sectionBytes + 9, sections);
          const bench = BenchOnt.up({}, undefined, messageSet);
          bench.start(image.length, { tci: groupTci, windowSections: 256 });
          const window: WindowSpec = { ...first, sections, sectionBytes };
          const shuffled = Array.from({ length: sections }, (_, section) => ({
            section,
            key: order.next().value as number,
          })).sort((left, right) => left.key - right.key);
          const lost = Math.min(lostWanted, sections);
          for (const { section } of shuffled.slice(lost)) bench.window(image, { ...window, from: section, count: 1 });
          bench.run(
            "broadcast",
            paritySpan(image, messageSet, window, {
              from: firstRow,
              count: lost + 1,
              ackRequested: true,
            }),
          );
          expect(last(bench)).toMatchObject({ classId: RECOVERY, result: 0 });
          expect(bench.flash.slots[1]).toEqual(image);
        },
      ),
      { numRuns: 150 },
    );
  });
});

describe("the recovery ME (class 65280)", () => {
  const get = (bench: BenchOnt, attributeMask: number): Message | undefined =>
    bench.ask({ type: "getRequest", attributeMask }, { classId: RECOVERY, instanceId: 0 });

  it("tells what has come of the window, and where it stands", () => {
    const bench = started();
    expect(get(bench, 0x9800)).toMatchObject({
      result: 0,
      values: Uint8Array.from({ length: 25 }, () => 0),
    });
    sendBut(bench, first, [1, 9]);
    bench.window(content, { ...first, from: 9 });
    const answer = get(bench, 0xd800);
    expect(answer).toMatchObject({ result: 0, attributeMask: 0xd800 });
    const values = (answer as Extract<Message, { type: "getResponse" }>).values;
    expect([...values.subarray(0, 2)]).toEqual([0, 10]);
    expect([...values.subarray(2, 5)]).toEqual([0b10111111, 0b11000000, 0]);
    expect([...values.subarray(18, 22)]).toEqual([base >> 8, base & 0xff, 0, 0]);
    bench.window(content, { ...first, from: 1, count: 1 });
    bench.window(content, { ...first, from: 9 });
    const after = (get(bench, 0x9800) as Extract<Message, { type: "getResponse" }>).values;
    expect([...after.subarray(0, 6)]).toEqual([0, 0, 0, 0, (base + 9) >> 8, (base + 9) & 0xff]);
  });

  it("is unknown where the ONT is of the standard alone", () => {
    const bench = BenchOnt.up({ recoveryAware: false });
    expect(get(bench, 0x8000)).toMatchObject({ result: 4 });
  });

  it("leaves window answers as they are in G.988 then", () => {
    const bench = started({ recoveryAware: false, parityAware: false });
    sendBut(bench, first, [1]);
    expect(bench.raw.at(-1)!.subarray(8, 40)).toEqual(
      Uint8Array.from({ length: 32 }, (_, at) => (at === 0 ? 1 : at === 1 ? 9 : 0)),
    );
  });
});
