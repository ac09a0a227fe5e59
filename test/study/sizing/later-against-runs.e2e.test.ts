/** The model of late and returning ONTs beside runs in virtual time: copies within 5 %. */
import { describe, expect, it } from "vitest";
import { allAtOnce, CASES } from "../../../bench/catch-up-cases.ts";
import { simulate } from "../../../run/virtual/index.ts";
import { loadScenario, type Scenario } from "../../../scenarios/index.ts";
import { measure, sizeScenario, withPowerCuts } from "../../../study/sizing/index.ts";

/** The model knows no joining in the middle: with ONTs that can, runs send less (docs/sizing.md). */
const inOrder = (scenario: Scenario): Scenario => ({ ...scenario, ont: { ...scenario.ont, placeAware: false } });

/** In the mean of the scenarios. @param runs of each */
function expectClose(scenarios: readonly Scenario[], runs = 1, most = 0.05): void {
  const sum = (copiesOf: (scenario: Scenario) => { imageCopies: number }): number =>
    scenarios.map(inOrder).reduce((copies, scenario) => copies + copiesOf(scenario).imageCopies, 0);
  const measured = sum((scenario) => measure(scenario, runs));
  expect(Math.abs(sum(sizeScenario) / measured - 1)).toBeLessThan(most);
}

const never = (scenario: Scenario): Scenario => ({
  ...scenario,
  olt: { ...scenario.olt, catchUp: { ...scenario.olt.catchUp, when: "never" } },
});

describe("copies by the model", () => {
  const { timing } = simulate(allAtOnce(1)).result;
  const times = { download: timing.downloadSeconds!, total: timing.totalSeconds };

  it.each(CASES.slice(0, 5))("are those of runs: $name", ({ scenario }) => {
    const scenarios = [1, 2, 3].map((seed) => scenario(seed, times));
    expectClose(scenarios);
    expectClose(scenarios.map(never));
  });

  it.each(["evening-return", "street-by-street"])("are those of the preset %s", (name) =>
    expectClose([loadScenario(`scenarios/${name}.yaml`)]),
  );

  it("are those of power cuts at random moments, as far as six runs tell", () =>
    expectClose([withPowerCuts(allAtOnce(1), 60, 0.2)], 6, 0.15));
});
