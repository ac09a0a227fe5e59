/** The sizing model for itself, and beside a run or two; beside many in against-runs.long.test.ts. */
import { describe, expect, it } from "vitest";
import {
  bestWindow,
  measure,
  ontsWithin,
  runsAlike,
  runsFor,
  verdictOf,
  rateWithin,
  sizeScenario,
  strategies,
  withStrategy,
} from "../../../study/sizing/index.ts";
import { type Cell, scenarioOf } from "./hands.ts";

describe("the sizing model against a run in virtual time", () => {
  it.each<Cell>([
    { loss: 0, olt: "recovery: parity" },
    { loss: 0, olt: "mode: unicast, messageSet: baseline, windowSections: 32", bytes: 131_072, onts: 32 },
  ])("%o: without loss sections within 2 %, time within 5 %", (cell) => {
    const scenario = scenarioOf(cell);
    const sizing = sizeScenario(scenario);
    const measured = measure(scenario, 1);
    expect(Math.abs(sizing.sections / measured.sections - 1)).toBeLessThan(0.02);
    expect(Math.abs(sizing.seconds / measured.seconds - 1)).toBeLessThan(0.05);
  });
});

describe("the inverse questions", () => {
  const scenario = scenarioOf({ loss: 0.01, olt: "recovery: parity" });

  it("the rate that is needed is just enough", () => {
    const rate = rateWithin(scenario, 600)!;
    const at = (rateBytesPerSecond: number): number =>
      sizeScenario({ ...scenario, olt: { ...scenario.olt, rateBytesPerSecond } }).seconds;
    expect(at(rate)).toBeLessThanOrEqual(600);
    expect(at(rate * 0.99)).toBeGreaterThan(600);
    expect(rateWithin(scenario, 0.001)).toBeNull();
  });

  it("as many ONTs fit as are done in time", () => {
    const slow = scenarioOf({ loss: 0.01, olt: "mode: unicast, rateBytesPerSecond: 1000000" });
    const { onts, ports } = ontsWithin(slow, 300);
    expect(onts).toBeGreaterThan(0);
    expect(onts).toBeLessThan(128);
    expect(ports).toBe(1);
    expect(sizeScenario({ ...slow, onts: onts + 1 }).seconds).toBeGreaterThan(300);
    expect(ontsWithin(slow, 0.001)).toEqual({ onts: 0, ports: 0 });
  });

  it("ports are served one after the other where time is left", () => {
    const { onts, ports } = ontsWithin(scenario, 60);
    expect(onts).toBe(128);
    expect(ports).toBe(Math.floor(60 / sizeScenario(scenario).seconds));
  });

  it("no window is much faster than the best, and none as fast sends less", () => {
    const best = bestWindow(scenario);
    const other = sizeScenario({ ...scenario, olt: { ...scenario.olt, windowSections: 8 } });
    expect(best.seconds).toBeLessThan(other.seconds);
  });
});

describe("the model for itself", () => {
  it("sends more with every ONT and with every loss, whatever the recovery", () => {
    for (const strategy of strategies) {
      const sections = (onts: number, loss: number): number =>
        sizeScenario(withStrategy(scenarioOf({ onts, loss, olt: "windowSections: 64" }), strategy)).sections;
      expect(sections(64, 0.01)).toBeGreaterThan(sections(32, 0.01));
      expect(sections(32, 0.02)).toBeGreaterThan(sections(32, 0.01));
    }
  });

  it("counts the ONTs that download, and says what it leaves out", () => {
    const more = "fleet: [{ count: 3, version: PONCAST-2.0.0 }, { count: 2, productCode: OTHER }, {}]";
    expect(sizeScenario(scenarioOf({ onts: 10, loss: 0, olt: "", more })).onts).toBe(5);
    const cut = "faults: [{ whenPhase: ending, action: powerCycle, onts: [1] }]";
    expect(sizeScenario(scenarioOf({ onts: 10, loss: 0, olt: "", more: cut })).neglected).toHaveLength(1);
    const operator =
      "faults: [{ atSeconds: 1, action: pause }, { atSeconds: 9, action: rate, bitsPerSecond: 1000000 }]";
    expect(sizeScenario(scenarioOf({ onts: 10, loss: 0, olt: "", more: operator })).neglected).toEqual([
      "what an operator does",
    ]);
    expect(sizeScenario(scenarioOf({ onts: 10, loss: 0, olt: "" })).neglected).toEqual([]);
  });
});

describe("ports that are alike", () => {
  const one = scenarioOf({ loss: 0.01, olt: "recovery: parity", bytes: 65_536, onts: 8 });
  const two = { ...one, pons: 2 };
  const fed = (headendBitsPerSecond: number) => ({ ...two, pon: { ...two.pon, headendBitsPerSecond } });
  const struck = { ...two, faults: [{ atSeconds: 1, action: "powerCycle", onts: [9], offSeconds: 1 }] } as const;

  it.each([
    ["one port is itself", one, false],
    ["two go their own ways", two, true],
    ["a feed that never holds them up changes nothing", fed(1e10), true],
    ["a feed that does", fed(1e8), false],
    ["a feed that is enough for one of them", fed(3e9), false],
    ["a fault of one ONT", struck, false],
  ])("%s", (_name, scenario, alike) => expect(runsAlike(scenario)).toBe(alike));

  it.each([
    ["one port", one, 5],
    ["of two alike one is run", two, 5],
    ["two on a feed that holds them up", fed(1e8), 3],
    ["sixteen", { ...fed(1e8), pons: 16 }, 1],
  ])("are run until five were: %s", (_name, scenario, runs) => expect(runsFor(scenario)).toBe(runs));

  it("are run once, and counted as often as there are", () => {
    const [single, both, slowly] = [one, fed(1e10), fed(1e7)].map((scenario) => measure(scenario, 2));
    expect(both).toEqual({
      ...single,
      sections: single.sections * 2,
      downstreamBytes: single.downstreamBytes * 2,
      upstreamBytes: single.upstreamBytes * 2,
      stragglers: single.stragglers * 2,
    });
    expect(slowly.seconds).toBeGreaterThan(single.seconds);
  });

  it("runs are told of as they are done", () => {
    let runs = 0;
    measure(one, 3, { onRun: () => runs++ });
    expect(runs).toBe(3);
  });
});

describe("a verdict", () => {
  const scenario = scenarioOf({ loss: 0.01, olt: "rateBytesPerSecond: 1000000" });
  const whole = { ...scenario, pons: 4, pon: { ...scenario.pon, headendBitsPerSecond: 1e7 } };

  it("names a rate with which it just fits", () => {
    const slow = scenarioOf({ loss: 0.01, olt: "mode: unicast, rateBytesPerSecond: 100000", onts: 16 });
    const unicast = strategies.at(-1)!;
    const { fits, spareSeconds, port } = verdictOf(slow, unicast, 60);
    expect([fits, spareSeconds < 0]).toEqual([false, true]);
    const at = (share: number): boolean => {
      const rateBytesPerSecond = (port.neededBitsPerSecond! / 8) * share;
      return verdictOf({ ...slow, olt: { ...slow.olt, rateBytesPerSecond } }, unicast, 60).fits;
    };
    expect([at(1.0001), at(0.99)]).toEqual([true, false]);
  });

  it("is of the feed too: what holds up is not what is needed", () => {
    const { seconds } = sizeScenario({ ...whole, olt: { ...whole.olt, ...strategies[0] } });
    const { fits, spareSeconds, port, feed } = verdictOf(whole, strategies[0], seconds + 10);
    expect(fits).toBe(true);
    expect(spareSeconds).toBeCloseTo(10, 6);
    expect(feed.peakBitsPerSecond).toBe(1e7);
    expect(port.peakBitsPerSecond).toBe(2.5e6);
    expect(feed.neededBitsPerSecond).toBe(port.neededBitsPerSecond! * 4);
    expect(verdictOf(whole, strategies[0], seconds - 0.01).fits).toBe(false);
    expect(verdictOf(whole, strategies[0], 0.001).port.neededBitsPerSecond).toBeNull();
  });
});

describe("quirks that the model leaves out", () => {
  const dropping = "fleet: [{ count: 4, quirk: discards-partial-window }, {}]";
  it.each([
    ["a share of a group drops what it has of a window", 0.01, "recovery: window", dropping, /drop what they have/],
    [
      "repairs send parts, and all drop",
      0.01,
      "recovery: parity",
      "ont: { quirk: discards-partial-window }",
      /drop what/,
    ],
    ["sections counted blindly", 0.01, "recovery: window", "ont: { quirk: bbsim }", /blindly/],
    [
      "repeats that spoil the next window",
      0.01,
      "recovery: window",
      "ont: { quirk: lantiq }",
      /spoils the next window/,
    ],
    ["a buffer too small", 0.01, "recovery: window", "ont: { quirk: cortina }", /larger than their buffer/],
    ["no answers to sections", 0.01, "mode: unicast", "ont: { quirk: mute }", /never answer a section/],
    ["few answers", 0.01, "mode: unicast", "ont: { quirk: falls-silent }", /fall silent/],
    ["slow answers", 0.01, "mode: unicast", "ont: { quirk: slow }", /slow to answer/],
    ["busy for ever", 0, "recovery: parity", "ont: { quirk: busy-forever }", /answered busy/],
    ["a padded end", 0, "padLastWindow: true", "ont: { quirk: refuses-padding }", /padded last window/],
  ])("%s", (_, loss, olt, more, line) => {
    expect(sizeScenario(scenarioOf({ onts: 8, loss, olt, more })).neglected.join("\n")).toMatch(line);
  });

  it("are not told of where they change nothing", () => {
    for (const [loss, olt, more] of [
      [0, "recovery: parity", dropping],
      [0.01, "mode: unicast", dropping],
      [0.01, "recovery: parity", "ont: { quirk: keeps-valid }"],
    ] as const)
      expect(sizeScenario(scenarioOf({ onts: 8, loss, olt, more })).neglected).toEqual([]);
  });
});
