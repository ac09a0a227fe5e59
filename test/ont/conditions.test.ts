/** What an ONT looks at before the first write, and again before it restarts: each refusal with its cause, told and counted. */
import { describe, expect, it } from "vitest";
import { imageIdentity, refusalName, RESULT } from "../../omci/index.ts";
import { crc32 } from "../../base/kernel/crc32.ts";
import type { OntConditions } from "../../ont/index.ts";
import { DeltaVerifier, testDelta } from "./deltas.ts";
import { announceDelta } from "./delta-bundles.ts";
import { readAttributesOf } from "./get.ts";
import { BenchOnt } from "./hands.ts";
import { testImage } from "./images.ts";

const fine: OntConditions = {
  slotBytes: 1000,
  stagingBytes: 800,
  batteryPercent: 20,
  batteryMinPercent: 20,
  temperatureCelsius: 85,
  temperatureMaxCelsius: 85,
  locked: false,
  callInProgress: "none",
};
const content = testImage(100, 3);

const ontIn = (change: Partial<OntConditions>): BenchOnt =>
  BenchOnt.up(
    { deltaAware: true, conditions: { ...fine, ...change }, createVerifier: (options) => new DeltaVerifier(options) },
    undefined,
    "extended",
  );
const refusalOf = (bench: BenchOnt): string => refusalName(Number(readAttributesOf(bench, "refusal").refusal));
const activate = (bench: BenchOnt, flags: number): number | undefined =>
  bench.result({ type: "activateImageRequest", flags }, { instanceId: 1 });

const PASSING: [cause: string, Partial<OntConditions>][] = [
  ["battery", { batteryPercent: 19.9 }],
  ["temperature", { temperatureCelsius: 85.1 }],
  ["locked", { locked: true }],
  ["call", { callInProgress: "call" }],
  ["call", { callInProgress: "emergency" }],
];

describe("before the first write", () => {
  it("nothing stands against an update at the limits, nor on mains", () => {
    expect(ontIn({}).start(1000)).toBe(RESULT.ok);
    expect(ontIn({ batteryPercent: null }).start(1000)).toBe(RESULT.ok);
  });

  it.each(PASSING)("%s: device busy, and nothing is touched until it has passed", (cause, change) => {
    const bench = ontIn({});
    bench.download(content);
    bench.ont.handleConditions({ ...fine, ...change });
    expect(bench.start(500)).toBe(RESULT.deviceBusy);
    expect(bench.start(500)).toBe(RESULT.deviceBusy);
    expect(refusalOf(bench)).toBe(cause);
    expect(bench.flash.slots[1]).toEqual(content);
    expect(bench.ont.snapshot()).toMatchObject({ installsRefused: 2, flags: [{ valid: true }, { valid: true }] });
    // However often an OLT asks, it is told once.
    expect(bench.eventsOf("installRefused")).toEqual([{ type: "installRefused", when: "start", cause }]);
    bench.ont.handleConditions(fine);
    expect(bench.start(500)).toBe(RESULT.ok);
    expect(refusalOf(bench)).toBe("");
    bench.ont.handleConditions({ ...fine, ...change });
    bench.start(500);
    expect(bench.eventsOf("installRefused")).toHaveLength(2);
  });

  it("room: no use to ask again", () => {
    const bench = ontIn({});
    expect(bench.start(1001)).toBe(RESULT.processingError);
    expect(refusalOf(bench)).toBe("room");
    expect(bench.eventsOf("installRefused")).toEqual([{ type: "installRefused", when: "start", cause: "room" }]);
  });

  it("room of a delta is that of the staging area, and of what it makes that of a slot", () => {
    const bench = ontIn({});
    announceDelta(bench, imageIdentity(1, 801, "01"));
    expect(bench.start(801)).toBe(RESULT.processingError);
    expect(refusalOf(bench)).toBe("room");
    const large = testDelta(testImage(100, 7), content, { targetBytes: 1001 });
    announceDelta(bench, imageIdentity(crc32(large), large.length, "01"));
    expect(bench.start(large.length)).toBe(RESULT.ok);
    const window = { base: 0x6100, firstSection: 0, sections: 1, sectionBytes: large.length };
    expect(bench.windowResult(large, window)).toBe(RESULT.processingError);
    expect(bench.eventsOf("imageRefused")).toEqual([{ type: "imageRefused", cause: "room", window: 0 }]);
    expect(bench.flash.slots[2]).toHaveLength(0);
  });
});

describe("before the restart", () => {
  it.each(PASSING.filter(([cause]) => cause !== "call"))("%s: device busy until it has passed", (cause, change) => {
    const bench = ontIn({});
    bench.download(content);
    bench.ont.handleConditions({ ...fine, ...change });
    expect(activate(bench, 0)).toBe(RESULT.deviceBusy);
    expect(bench.eventsOf("installRefused")).toEqual([{ type: "installRefused", when: "activate", cause }]);
    expect(refusalOf(bench)).toBe(cause);
    bench.ont.handleConditions(fine);
    expect(activate(bench, 0)).toBe(RESULT.ok);
  });

  it("Activate's flags: 0 at once, 1 waits for any call, 2 for an emergency call", () => {
    for (const [callInProgress, results] of [
      ["none", [0, 0, 0]],
      ["call", [0, 6, 0]],
      ["emergency", [0, 6, 6]],
    ] as const) {
      const got = [0, 1, 2].map((flags) => {
        const bench = ontIn({});
        bench.download(content);
        bench.ont.handleConditions({ ...fine, callInProgress });
        return activate(bench, flags);
      });
      expect(got, callInProgress).toEqual(results);
    }
  });

  it("what is not valid is told as that", () => {
    const bench = ontIn({});
    expect(activate(bench, 0)).toBe(RESULT.parameterError);
    expect(refusalOf(bench)).toBe("image-not-valid");
  });
});
