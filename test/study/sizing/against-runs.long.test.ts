/** The sizing model beside the means of many runs in virtual time; some in against-runs.test.ts, docs/sizing.md has those of more. */
import { describe, expect, it } from "vitest";
import { measure, sizeScenario } from "../../../study/sizing/index.ts";
import { type ComparedCell, expectLikeRuns, scenarioOf } from "./hands.ts";

const baseline240 = "messageSet: baseline, windowSections: 240";
const baseline32 = "messageSet: baseline, windowSections: 32";

describe("the sizing model against runs in virtual time", () => {
  /**
   * As many runs as the time needs: of one it spreads by 4 to 12 %, since one lost answer is a deadline more of the few there
   * are, so that the mean of these is within 1 to 3 %. Sections spread by 0.1 to 1.4 %. Without loss all runs are alike.
   */
  const cells: ComparedCell[] = [
    { loss: 0, olt: "recovery: parity", runs: 1 },
    { loss: 0.001, olt: "recovery: parity", onts: 32, runs: 20 },
    // The model does not know how many answers the OLT has seen when it waits for those to Start: 5 to 6 % too long.
    { loss: 0.05, olt: "recovery: parity", onts: 16, runs: 30, timeShare: 0.07 },
    { loss: 0.01, olt: "recovery: selective", onts: 32, runs: 24 },
    { loss: 0.01, olt: "recovery: window", bytes: 8_388_608, runs: 5 },
    { loss: 0.01, olt: `recovery: parity, ${baseline240}`, bytes: 524_288, runs: 4 },
    { loss: 0.05, olt: `recovery: parity, ${baseline240}`, bytes: 524_288, onts: 16, runs: 6 },
    { loss: 0.01, olt: `recovery: selective, ${baseline32}`, bytes: 262_144, onts: 32, runs: 4 },
    { loss: 0, olt: `mode: unicast, ${baseline32}`, bytes: 131_072, onts: 32, runs: 1 },
  ];
  it.each(cells)("%o: sections within 2 %, time within 5 %", expectLikeRuns);

  it("an ONT far worse than the others goes on alone", () => {
    const more =
      "fleet: [{ count: 1, impairments: [{ kind: loss, chance: 0.6 }] }, { impairments: [{ kind: loss, chance: 0.01 }] }]";
    const scenario = scenarioOf({ onts: 32, loss: 0, olt: "recovery: parity", more });
    const sizing = sizeScenario(scenario);
    expect(sizing.stragglers).toBeCloseTo(1, 2);
    expect(sizing.imageCopies).toBeGreaterThan(2);
    // The OLT learns from its answers how bad its link is, the model knows it: sections 5 %, time 26 % below the runs.
    const measured = measure(scenario, 6);
    expect(Math.abs(sizing.sections / measured.sections - 1)).toBeLessThan(0.08);
    expect(Math.abs(sizing.seconds / measured.seconds - 1)).toBeLessThan(0.4);
  });
});
