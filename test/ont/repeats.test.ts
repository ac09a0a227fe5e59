/** A command is carried out once, however often it comes: what MIB data sync counts, and the answers to repeats. */
import { describe, expect, it } from "vitest";
import { getOf } from "./get.ts";
import { BenchOnt } from "./hands.ts";
import { testImage } from "./images.ts";

const content = testImage(100, 3);

describe("MIB data sync (1.5)", () => {
  it("counts Start, End, Activate and Commit that were carried out, once each; MIB reset begins again", () => {
    const bench = BenchOnt.up();
    const sync = (): number => bench.ont.snapshot().mibDataSync;
    bench.start(content.length, { instanceId: 0 });
    expect(sync()).toBe(0);
    bench.start(content.length, { tci: 0x6100 });
    bench.start(content.length, { tci: 0x6100 });
    expect(sync()).toBe(1);
    getOf(bench, 2, 0, 0x8000);
    bench.download(content);
    expect(sync()).toBe(3);
    bench.commit(1);
    expect(sync()).toBe(4);
    bench.activate(1);
    expect(sync()).toBe(5);
    expect(bench.result({ type: "mibResetRequest" }, { classId: 2, instanceId: 0 })).toBe(0);
    expect(sync()).toBe(0);
  });

  it("rolls from 255 to 1", () => {
    const bench = BenchOnt.up();
    for (let count = 0; count < 255; count++) expect(bench.commit(0)).toBe(0);
    expect(bench.ont.snapshot().mibDataSync).toBe(255);
    bench.commit(0);
    expect(bench.ont.snapshot().mibDataSync).toBe(1);
  });
});

describe("repeated requests", () => {
  it("get the answer again, without a second effect", () => {
    const bench = BenchOnt.up();
    bench.start(content.length, { tci: 0x6100 });
    bench.window(content, { base: 0x6200, firstSection: 0, sections: 2, sectionBytes: 31 });
    expect(bench.start(content.length, { tci: 0x6100 })).toBe(0);
    bench.window(content, { base: 0x6300, firstSection: 2, sections: 2, sectionBytes: 31 });
    expect(bench.end(content, { tci: 0x6400 })).toBe(0);
    expect(bench.end(content, { tci: 0x6400 })).toBe(0);
    expect(bench.eventsOf("imageStored")).toHaveLength(1);
    expect(bench.flash.slots[1]).toEqual(content);
  });

  it("are others when a byte or the TCI differs", () => {
    const bench = BenchOnt.up();
    bench.start(content.length, { tci: 0x6100 });
    bench.window(content, { base: 0x6200, firstSection: 0, sections: 2, sectionBytes: 31 });
    expect(bench.start(content.length + 1, { tci: 0x6100 })).toBe(0);
    expect(bench.window(content, { base: 0x6300, firstSection: 2, sections: 2, sectionBytes: 31 })).toMatchObject({
      result: 0,
    });
    expect(bench.end(content)).toBe(1);
  });

  it("are kept apart by priority", () => {
    const bench = BenchOnt.up();
    bench.start(content.length, { tci: 0x6100 });
    bench.window(content, { base: 0x6200, firstSection: 0, sections: 2, sectionBytes: 31 });
    bench.ask({ type: "getRequest", attributeMask: 0x8000 }, { tci: 0x9000 });
    bench.start(content.length, { tci: 0x6100 });
    expect(bench.ont.snapshot().mibDataSync).toBe(1);
    bench.ask({ type: "getRequest", attributeMask: 0x8000 }, { tci: 0x6101 });
    bench.start(content.length, { tci: 0x6100 });
    expect(bench.ont.snapshot().mibDataSync).toBe(2);
  });

  it("of a session before are forgotten", () => {
    const bench = BenchOnt.up();
    bench.start(content.length, { tci: 0x6100 });
    bench.ont.handleRanged(bench.nowNs, 2);
    bench.start(content.length, { tci: 0x6100 });
    expect(bench.ont.snapshot().mibDataSync).toBe(1);
  });
});
