/** One ONT on a failing fibre costs the others of its group next to nothing; with fewer of them in bad-fibres.test.ts. */
import { expect, it } from "vitest";
import { loadScenario } from "../../../scenarios/schema/load.ts";
import { simulate } from "../../../run/virtual/index.ts";

const GOOD_ONTS = 127;

it.each([1, 4])("with seed %i, 127 ONTs take as long beside one that loses 60 % as without it, within 10 %", (seed) => {
  const scenario = { ...loadScenario("scenarios/dying-ont.yaml"), seed };
  const lastOfTheGood = (onts: number): number => {
    const fleet = scenario.fleet.slice(0, onts > GOOD_ONTS ? 2 : 1);
    const { result } = simulate({ ...scenario, onts, fleet, olt: { ...scenario.olt, activate: false } });
    const good = result.ontResults.slice(0, GOOD_ONTS);
    expect(good.every(({ outcome }) => outcome === "stored")).toBe(true);
    if (onts > GOOD_ONTS) expect(result.ontResults[GOOD_ONTS]).toMatchObject({ outcome: "stored" });
    return Math.max(...good.map(({ downloadSeconds }) => downloadSeconds!));
  };
  const [beside, without] = [lastOfTheGood(GOOD_ONTS + 1), lastOfTheGood(GOOD_ONTS)];
  expect(Math.abs(beside / without - 1)).toBeLessThan(0.1);
});
