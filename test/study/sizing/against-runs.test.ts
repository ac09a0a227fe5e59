/** The sizing model beside runs in virtual time, where few tell; more in against-runs.long.test.ts and later-against-runs.long.test.ts. */
import { describe, expect, it } from "vitest";
import { measure, sizeScenario } from "../../../study/sizing/index.ts";
import { expectLikeRuns, scenarioOf } from "./hands.ts";

const baseline32 = "messageSet: baseline, windowSections: 32";
const DISCARDS = "ont: { quirk: discards-partial-window }";

describe("the sizing model against runs in virtual time", () => {
  it.each([
    { loss: 0.001, olt: `recovery: window, ${baseline32}`, bytes: 262_144, onts: 16, runs: 6 },
    { loss: 0.01, olt: `recovery: parity, ${baseline32}`, bytes: 65_536, onts: 8, runs: 8 },
  ])("%o: sections within 2 %, time within 5 %", expectLikeRuns);

  /** As many as take away the luck of single runs: windows that are lost whole come through seldom, and some ONT leaves now and then. */
  it.each([
    { olt: "recovery: window", runs: 30 },
    { olt: `recovery: window, ${baseline32}`, runs: 4 },
    { olt: `mode: unicast, ${baseline32}`, runs: 2 },
  ])("ONTs that lose a refused window, $olt: sections within 2 %", ({ olt, runs }) => {
    const scenario = scenarioOf({ onts: 8, bytes: 1_048_576, loss: 0.01, olt, more: DISCARDS });
    const sizing = sizeScenario(scenario);
    expect(Math.abs(sizing.sections / measure(scenario, runs).sections - 1)).toBeLessThan(0.02);
    expect(sizing.neglected).toEqual([]);
  });

  it("the answers upstream of a clean run are counted to the byte, but for what is under way at the end", () => {
    const scenario = scenarioOf({ loss: 0, olt: "recovery: parity", bytes: 65_536, onts: 32 });
    const { upstreamBytes } = measure(scenario, 1);
    expect(Math.abs(sizeScenario(scenario).upstreamBytes / upstreamBytes - 1)).toBeLessThan(0.02);
  });

  it("a budget decides the time where it is the narrowest place", () => {
    const scenario = scenarioOf({ loss: 0.001, olt: "recovery: parity, rateBytesPerSecond: 200000" });
    const measured = measure(scenario, 1);
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

  it("copies for ONTs that come late, at one instant, are those of a run", () => {
    const scenario = scenarioOf({
      loss: 0,
      bytes: 1_048_576,
      onts: 32,
      olt: "recovery: parity",
      more: "fleet: [{ count: 24 }, { count: 8, joinAtSeconds: 0.1 }]\nont: { placeAware: false }",
    });
    const measured = measure(scenario, 1);
    expect(measured.imageCopies).toBeGreaterThan(1.5);
    expect(Math.abs(sizeScenario(scenario).imageCopies / measured.imageCopies - 1)).toBeLessThan(0.05);
  });
});
