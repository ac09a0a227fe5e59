/** Each quirk profile of one deviation alone has that one, shown beside the reference ONT. */
import { describe, expect, it } from "vitest";
import { crc32 } from "../../base/kernel/crc32.ts";
import { ms } from "./bench.ts";
import { both, content, granted, resultOf, second, sendAll, started, window } from "./beside-reference.ts";
import type { BenchOnt } from "./hands.ts";

describe("quirk profiles", () => {
  it("xgs-get-masks lets values run into the masks", () => {
    const get = (bench: BenchOnt): number[] => {
      // The first six attributes of ONU-G are 29 bytes: four more than the values have room for.
      bench.ask({ type: "getRequest", attributeMask: 0xfc00 }, { classId: 256, instanceId: 0 });
      return [...bench.raw.at(-1)!.subarray(8, 11), ...bench.raw.at(-1)!.subarray(36, 40)];
    };
    const [odd, reference] = both("xgs-get-masks", get);
    expect(odd).toEqual([0, 0xfc, 0, 0x2a, 0, 0, 0]);
    expect(reference).toEqual([9, 0xdc, 0, 0, 0, 0x20, 0]);
  });

  it("padding-0x20 fills notifications", () => {
    const notification = (bench: BenchOnt): number => {
      sendAll(bench).end(content);
      return bench.raw.findLast((pdu) => pdu[2] === 17)![39]!;
    };
    expect(both("padding-0x20", notification)).toEqual([0x20, 0]);
  });

  it("stop-and-wait grants a window of one", () => {
    expect(both("stop-and-wait", (bench) => granted(started(bench)))).toEqual([1, 32]);
  });

  it.each([0x6200, 0x6300])("discards-partial-window forgets what it had of a window begun again at %i", (base) => {
    const repaired = (bench: BenchOnt): number | undefined => {
      started(bench);
      resultOf(bench, { ...window, from: 1 });
      bench.window(content, { ...window, base, count: 1 });
      return resultOf(bench, { ...window, base, from: 5 });
    };
    expect(both("discards-partial-window", repaired)).toEqual([1, 0]);
  });

  it("discards-partial-window forgets what it had when the end of the first attempt got lost", () => {
    const repaired = (bench: BenchOnt): number | undefined => {
      started(bench);
      bench.window(content, { ...window, from: 1, count: 4 });
      bench.window(content, { ...window, base: 0x6300, count: 1 });
      return resultOf(bench, { ...window, base: 0x6300, from: 5 });
    };
    expect(both("discards-partial-window", repaired)).toEqual([1, 0]);
  });

  it("refuses-padding wants the last window short", () => {
    const padded = new Uint8Array(31 * 16);
    padded.set(content);
    const last = (bench: BenchOnt): (number | undefined)[] => {
      return [
        resultOf(started(bench), window),
        bench.windowResult(padded, { ...second, sections: 8 }),
        resultOf(bench, { ...second, base: 0x6300 }),
      ];
    };
    expect(both("refuses-padding", last)).toEqual([
      [0, 1, 0],
      [0, 0, 1],
    ]);
  });

  it("crc-swapped wants the CRC-32 the other way round", () => {
    const swapped = Buffer.alloc(4);
    swapped.writeUInt32BE(crc32(content));
    expect(both("crc-swapped", (bench) => sendAll(bench).end(content))).toEqual([1, 0]);
    expect(both("crc-swapped", (bench) => sendAll(bench).end(content, { crc32: swapped.readUInt32LE() }))).toEqual([
      0, 1,
    ]);
  });

  it("keeps-valid leaves a wrong image valid", () => {
    const valid = (bench: BenchOnt): [number | undefined, boolean] => {
      const result = sendAll(bench).end(content, { crc32: 1 });
      return [result, bench.ont.snapshot().flags[1].valid];
    };
    expect(both("keeps-valid", valid)).toEqual([
      [1, true],
      [1, false],
    ]);
  });

  it("no-fallback boots the uncommitted image again", () => {
    const rebooted = (bench: BenchOnt): number => {
      sendAll(bench).end(content);
      bench.activate(1);
      bench.advance(600 * ms);
      bench.runUntilOnline();
      bench.powerCycle();
      bench.runUntilOnline();
      return bench.ont.snapshot().activeSlot;
    };
    expect(both("no-fallback", rebooted)).toEqual([1, 0]);
  });

  it("busy-forever never finishes an End, though the image is stored", () => {
    const ends = (bench: BenchOnt): (number | undefined)[] =>
      [1, 2, 3, 4].map((n) => (n === 1 ? sendAll(bench) : bench).end(content));
    expect(both("busy-forever", ends)).toEqual([
      [6, 6, 6, 6],
      [0, 0, 0, 0],
    ]);
  });

  it("mute answers no section, falls-silent nothing after a while, slow late", () => {
    expect(both("mute", (bench) => resultOf(started(bench), window))).toEqual([undefined, 0]);
    const twenty = (bench: BenchOnt): number => {
      for (let count = 0; count < 30; count++) bench.ask({ type: "getRequest", attributeMask: 0x8000 });
      return bench.raw.length;
    };
    expect(both("falls-silent", twenty)).toEqual([20, 30]);
    const late = (bench: BenchOnt): number[] => {
      bench.start(100);
      const atOnce = bench.raw.length;
      bench.advance(899 * ms);
      const before = bench.raw.length;
      bench.advance(1 * ms);
      return [atOnce, before, bench.raw.length];
    };
    expect(both("slow", late)).toEqual([
      [0, 0, 1],
      [1, 1, 1],
    ]);
  });
});
