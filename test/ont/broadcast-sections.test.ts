/** Which sections of the broadcast port (extension) an ONT takes for its own download, and which it leaves alone. */
import { describe, expect, it } from "vitest";
import { nextWindowBase } from "../../omci/index.ts";
import { BenchOnt } from "./hands.ts";
import type { WindowSpec } from "./spans.ts";
import { content, full, lastAnswer, second, started, written } from "./windows.ts";

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
