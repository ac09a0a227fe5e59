/** Each quirk profile of an ONT in the field deviates as described, shown beside the reference ONT. */
import { describe, expect, it } from "vitest";
import { crc32 } from "../../base/kernel/crc32.ts";
import { quirkProfiles, referenceProfile } from "../../ont/index.ts";
import { ms } from "./bench.ts";
import { both, content, granted, pair, resultOf, second, sendAll, started, window } from "./beside-reference.ts";
import { BenchOnt } from "./hands.ts";
import { testImage } from "./images.ts";

describe("quirk profiles", () => {
  it("are found by name, and the reference is the one without any", () => {
    for (const [name, profile] of Object.entries(quirkProfiles)) expect(profile.name).toBe(name);
    expect(Object.keys(referenceProfile)).toEqual(["name"]);
  });

  it("bsim grants any window, takes any bytes, reads valid always, restarts after 10 s", () => {
    expect(both("bbsim", (bench) => granted(started(bench, 256)))).toEqual([256, 256]);
    const small = BenchOnt.up({ quirks: quirkProfiles.bbsim!, maxWindowSections: 4 });
    expect(granted(started(small, 256))).toBe(256);
    expect(both("bbsim", (bench) => sendAll(bench).end(content, { crc32: 1 }))).toEqual([0, 1]);
    const { odd } = pair("bbsim");
    sendAll(odd).end(content, { crc32: 1 });
    expect(odd.ont.snapshot().record.slots[1]!.version).toBe(
      String.fromCharCode(...content.subarray(0, 14).filter((byte) => byte >= 0x20 && byte < 0x7f)),
    );
    odd.activate(1);
    odd.advance(9_900 * ms);
    expect(odd.ont.snapshot().online).toBe(true);
    odd.advance(100 * ms);
    expect(odd.ont.snapshot().online).toBe(false);
    const validOf = (bench: BenchOnt): number => {
      const answer = bench.ask({ type: "getRequest", attributeMask: 0x1000 });
      return answer?.type === "getResponse" ? answer.values[0]! : -1;
    };
    expect(both("bbsim", validOf)).toEqual([1, 0]);
  });

  it("bbsim counts sections: a repeated window is stored twice, a lost one is not seen", () => {
    const storedBytes = (bench: BenchOnt): number => {
      started(bench);
      resultOf(bench, window);
      resultOf(bench, window);
      return bench.flash.slots[1].length;
    };
    expect(both("bbsim", storedBytes)).toEqual([12 * 31, 6 * 31]);
    expect(both("bbsim", (bench) => resultOf(started(bench), { ...window, from: 2 }))).toEqual([0, 1]);
  });

  it("lantiq: order, first End 6, a finished End answered once, stalled downloads dropped, repeats spoil", () => {
    const swapped = (bench: BenchOnt): (number | undefined)[] => {
      started(bench);
      for (const from of [1, 0, 2, 3, 4]) bench.window(content, { ...window, from, count: 1 });
      return [resultOf(bench, { ...window, from: 5 }), resultOf(bench, { ...window, base: 0x6300 })];
    };
    expect(both("lantiq", swapped)).toEqual([
      [1, 0],
      [0, 0],
    ]);
    const ends = (bench: BenchOnt): (number | undefined)[] => [
      sendAll(bench).end(content),
      bench.end(content),
      bench.end(content),
    ];
    expect(both("lantiq", ends)).toEqual([
      [6, 0, 1],
      [0, 0, 0],
    ]);
    const stalled = (bench: BenchOnt): string => {
      started(bench).advance(900_000 * ms);
      return bench.ont.snapshot().state;
    };
    expect(both("lantiq", stalled)).toEqual(["failed", "downloading"]);
    const repeated = (bench: BenchOnt): (number | undefined)[] => {
      started(bench);
      return [window, window, second, second].map((spec) => resultOf(bench, spec));
    };
    expect(both("lantiq", repeated)).toEqual([
      [0, 0, 1, 0],
      [0, 0, 0, 0],
    ]);
  });

  it("5vt: 3 for a gap, 1 for Commit of an invalid image, 9 for Start during a flash write", () => {
    expect(both("5vt", (bench) => resultOf(started(bench), { ...window, from: 1 }))).toEqual([3, 1]);
    expect(both("5vt", (bench) => bench.commit(1))).toEqual([1, 3]);
    const whileStoring = (bench: BenchOnt): number | undefined => {
      sendAll(bench).instantFlash = false;
      bench.end(content);
      return bench.start(100);
    };
    expect(both("5vt", whileStoring)).toEqual([9, 6]);
  });

  it("cortina: 0 for what is illegal, 4 for unknown instances, four extended sections a window, short answers", () => {
    expect(both("cortina", (bench) => bench.start(100, { instanceId: 0 }))).toEqual([0, 3]);
    expect(both("cortina", (bench) => bench.end(content))).toEqual([0, 1]);
    expect(both("cortina", (bench) => bench.activate(1))).toEqual([0, 3]);
    const afterThese = (bench: BenchOnt): string => {
      bench.start(100, { instanceId: 0 });
      bench.end(content);
      bench.activate(1);
      return bench.ont.snapshot().state;
    };
    expect(both("cortina", afterThese)).toEqual(["idle", "idle"]);
    expect(both("cortina", (bench) => bench.start(100, { instanceId: 9 }))).toEqual([4, 5]);
    expect(both("cortina", (bench) => granted(started(bench, 256)))).toEqual([255, 256]);
    const image = testImage(8 * 1965);
    const extended = (sections: number) => (bench: BenchOnt) => {
      bench.start(image.length, { windowSections: 8 });
      return bench.windowResult(image, { ...window, sections, sectionBytes: 1965 });
    };
    expect(both("cortina", extended(8), "extended")).toEqual([1, 0]);
    expect(both("cortina", extended(4), "extended")).toEqual([0, 0]);
    const lengths = (bench: BenchOnt): number[] => {
      bench.start(image.length);
      const start = bench.raw.at(-1)!.length;
      bench.end(image);
      return [start, bench.raw.at(-1)!.length];
    };
    expect(both("cortina", lengths, "extended")).toEqual([
      [12, 11],
      [13, 12],
    ]);
    const stored = (bench: BenchOnt): number => {
      started(bench);
      resultOf(bench, window);
      resultOf(bench, window);
      return bench.flash.slots[1].length;
    };
    expect(both("cortina", stored)).toEqual([12 * 31, 6 * 31]);
  });

  it("cortina swaps the length of extended notifications", () => {
    const { odd } = pair("cortina", "extended");
    sendAll(odd);
    // The test's OLT does not get over it either.
    expect(() => odd.end(content)).toThrow(/contents-length-mismatch/);
  });

  it("realtek: another size at End is 3 and ends nothing, so that it cannot be aborted; short windows spoil the image", () => {
    expect(both("realtek", (bench) => granted(started(bench, 256)))).toEqual([32, 256]);
    const aborted = (bench: BenchOnt): (number | undefined | string)[] => {
      sendAll(bench);
      return [bench.abort(), bench.ont.snapshot().state, bench.end(content), bench.end(content)];
    };
    expect(both("realtek", aborted)).toEqual([
      [3, "downloading", 1, 1],
      [0, "idle", 1, 1],
    ]);
    // Windows of the full size are stored well.
    const full = (bench: BenchOnt): (number | undefined)[] => {
      started(bench, 6);
      resultOf(bench, window);
      resultOf(bench, second);
      return [bench.end(content), bench.end(content)];
    };
    expect(both("realtek", full)).toEqual([
      [6, 0],
      [0, 0],
    ]);
    const soft = (bench: BenchOnt): [number | undefined, boolean] => {
      const result = bench.activate(0);
      bench.advance(600 * ms);
      return [result, bench.ont.snapshot().online];
    };
    expect(both("realtek", soft)).toEqual([
      [0, true],
      [0, false],
    ]);
  });

  it("realtek-old never answers Activate, but carries it out", () => {
    const activated = (bench: BenchOnt): [number | undefined, boolean] => {
      sendAll(bench).end(content);
      const result = bench.activate(1);
      bench.advance(600 * ms);
      return [result, bench.ont.snapshot().online];
    };
    expect(both("realtek-old", activated)).toEqual([
      [undefined, false],
      [0, false],
    ]);
  });

  it("odi looks at nothing and never restarts", () => {
    const stays = (bench: BenchOnt): boolean => {
      sendAll(bench).end(content, { crc32: crc32(content) });
      bench.activate(1);
      bench.advance(600 * ms);
      return bench.ont.snapshot().online;
    };
    expect(both("odi", stays)).toEqual([true, false]);
    expect(both("odi", (bench) => sendAll(bench).end(content, { crc32: 5 }))).toEqual([0, 1]);
  });
});
