/** The sizing model for itself, and beside a run or two; beside many in against-runs.e2e.test.ts. */
import { describe, expect, it } from "vitest";
import {
  bestWindow,
  measure,
  ontsWithin,
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
