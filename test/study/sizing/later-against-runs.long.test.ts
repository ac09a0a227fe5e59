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

  it.each(CASES.slice(0, 3))("are those of runs: $name", ({ scenario }) => {
    // Where nothing is drawn a run is like the other.
    const seeds =
      scenario(1, times).faults.length === 0 && scenario(1, times).impairments.length === 0 ? [1] : [1, 2, 3];
    const scenarios = seeds.map((seed) => scenario(seed, times));
    expectClose(scenarios);
    // A copy for each that is late or comes back: some twenty or forty a run, so that one run tells.
    expectClose([never(scenarios[0])]);
  });

  it("are those of runs in which all are there", () => expectClose([allAtOnce(1, 0.01), allAtOnce(1, 0.05)]));

  it.each([
    ["evening-return", []],
    // A quarter of the image at a quarter of the rate: it takes as long, and so has the same passes.
    [
      "street-by-street",
      [
        { path: "image.bytes", value: 4_194_304 },
        { path: "olt.rateBytesPerSecond", value: 39_062 },
      ],
    ],
  ])("are those of the preset %s", (name, smaller) =>
    expectClose([
      loadScenario(
        `scenarios/${name}.yaml`,
        smaller.map((override) => ({ ...override, option: "" })),
      ),
    ]),
  );

  it("are those of power cuts at random moments, as far as twelve runs tell", () =>
    expectClose([withPowerCuts(allAtOnce(1), 60, 0.2)], 12, 0.15));
});
