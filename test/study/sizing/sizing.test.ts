import { describe, expect, it } from "vitest";
import { parseScenario } from "../../../scenarios/schema/load.ts";
import type { Scenario } from "../../../scenarios/schema/scenario.ts";
import {
  bestWindow,
  measure,
  ontsWithin,
  rateWithin,
  sizeScenario,
  strategies,
  withStrategy,
} from "../../../study/sizing/index.ts";

interface Cell {
  onts?: number;
  bytes?: number;
  loss: number;
  olt: string;
  more?: string;
  runs?: number;
}

const scenarioOf = ({ onts = 128, bytes = 2_097_152, loss, olt, more = "" }: Cell): Scenario =>
  parseScenario(
    `onts: ${onts}
image: { bytes: ${bytes} }
olt: { activate: false, ${olt} }
impairments: ${loss === 0 ? "[]" : `[{ kind: loss, chance: ${loss} }]`}
${more}`,
    "sizing.yaml",
  );

const RUNS = 6;
const baseline240 = "messageSet: baseline, windowSections: 240";
const baseline32 = "messageSet: baseline, windowSections: 32";

describe("the sizing model against runs in virtual time", () => {
  const cells: Cell[] = [
    { loss: 0, olt: "recovery: parity" },
    // One answer lost in a run is a deadline more of the few there are: its mean takes many runs.
    { loss: 0.001, olt: "recovery: parity", runs: 30 },
    { loss: 0.05, olt: "recovery: parity", onts: 16 },
    // So does a lost answer here, among windows this few.
    { loss: 0.01, olt: "recovery: selective", runs: 40 },
    { loss: 0.01, olt: "recovery: window", bytes: 8_388_608 },
    { loss: 0.01, olt: `recovery: parity, ${baseline240}`, bytes: 524_288 },
    { loss: 0.05, olt: `recovery: parity, ${baseline240}`, bytes: 524_288, onts: 16 },
    { loss: 0.01, olt: `recovery: selective, ${baseline32}`, bytes: 262_144 },
    { loss: 0.001, olt: `recovery: window, ${baseline32}`, bytes: 262_144, onts: 16 },
    { loss: 0, olt: `mode: unicast, ${baseline32}`, bytes: 131_072, onts: 32 },
  ];
  it.each(cells)("%o: sections within 2 %, time within 5 %", (cell) => {
    const scenario = scenarioOf(cell);
    const sizing = sizeScenario(scenario);
    const measured = measure(scenario, cell.runs ?? RUNS);
    expect(Math.abs(sizing.sections / measured.sections - 1)).toBeLessThan(0.02);
    expect(Math.abs(sizing.seconds / measured.seconds - 1)).toBeLessThan(0.05);
    expect(Math.abs(sizing.downstreamBytes / measured.downstreamBytes - 1)).toBeLessThan(0.03);
    expect(sizing.imageCopies / measured.imageCopies).toBeCloseTo(1, 1);
  });

  it("the answers upstream of a clean run are counted to the byte, but for what is under way at the end", () => {
    const scenario = scenarioOf({ loss: 0, olt: "recovery: parity", bytes: 65_536, onts: 32 });
    const { upstreamBytes } = measure(scenario, 1);
    expect(Math.abs(sizeScenario(scenario).upstreamBytes / upstreamBytes - 1)).toBeLessThan(0.02);
  });

  it("a budget decides the time where it is the narrowest place", () => {
    const scenario = scenarioOf({ loss: 0.001, olt: "recovery: parity, rateBytesPerSecond: 200000" });
    const measured = measure(scenario, 2);
    expect(Math.abs(sizeScenario(scenario).seconds / measured.seconds - 1)).toBeLessThan(0.02);
  });

  it("ports that share a feed take its rate", () => {
    const more = "pons: 4\npon: { headendBitsPerSecond: 2.0e7 }";
    const scenario = scenarioOf({ loss: 0, olt: "recovery: parity", onts: 16, more });
    const measured = measure(scenario, 1);
    const sizing = sizeScenario(scenario);
    expect(sizing.sections).toBeCloseTo(measured.sections, 6);
    expect(Math.abs(sizing.seconds / measured.seconds - 1)).toBeLessThan(0.03);
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
    const cut = "faults: [{ atSeconds: 1, action: powerCycle, onts: [1] }]";
    expect(sizeScenario(scenarioOf({ onts: 10, loss: 0, olt: "", more: cut })).neglected).toHaveLength(1);
    expect(sizeScenario(scenarioOf({ onts: 10, loss: 0, olt: "" })).neglected).toEqual([]);
  });

  it("an ONT far worse than the others goes on alone", () => {
    const more =
      "fleet: [{ count: 1, impairments: [{ kind: loss, chance: 0.6 }] }, { impairments: [{ kind: loss, chance: 0.01 }] }]";
    const scenario = scenarioOf({ onts: 32, loss: 0, olt: "recovery: parity", more });
    const sizing = sizeScenario(scenario);
    expect(sizing.stragglers).toBeCloseTo(1, 2);
    expect(sizing.imageCopies).toBeGreaterThan(2);
    // Its runs differ a lot among themselves, so that this is no more than the order of things.
    const measured = measure(scenario, 6);
    expect(Math.abs(sizing.sections / measured.sections - 1)).toBeLessThan(0.05);
    expect(Math.abs(sizing.seconds / measured.seconds - 1)).toBeLessThan(0.25);
  });
});
