/** Bad fibres in short: of some ONTs what bursty-feeder.long.test.ts and dying-ont.long.test.ts hold of all. */
import { expect, it } from "vitest";
import { loadScenario } from "../../../scenarios/schema/load.ts";
import { simulate } from "../../../run/virtual/index.ts";

const short = (file: string) =>
  loadScenario(`scenarios/${file}.yaml`, [{ path: "image.bytes", value: 524_288, option: "" }]);

it("long bursts of losses are repaired within the group: nobody leaves it", () => {
  const scenario = short("bursty-feeder");
  const { result } = simulate({ ...scenario, seed: 2, onts: 24, olt: { ...scenario.olt, activate: false } });
  expect(result.ontResults.map(({ outcome }) => outcome)).toEqual(Array.from({ length: 24 }, () => "stored"));
  expect(result.ontResults.filter(({ leftGroup }) => leftGroup)).toEqual([]);
  expect(result.downstream.repairSections).toBeGreaterThan(0);
  expect(result.downstream.imageCopies).toBeLessThan(1.5);
});

it("at 5 % loss nobody leaves for being as bad as all others", () => {
  const scenario = short("default");
  const olt = { ...scenario.olt, recovery: "selective", activate: false } as const;
  const impairments = [{ kind: "loss", chance: 0.05, direction: "both" }] as const;
  const { result } = simulate({ ...scenario, onts: 24, seed: 5, olt, impairments });
  expect(result.ontResults.filter(({ leftGroup }) => leftGroup)).toEqual([]);
});

it("beside one ONT that loses 60 % the others take as long as without it, within 10 %", () => {
  const scenario = short("dying-ont");
  const olt = { ...scenario.olt, activate: false };
  const [good, bad] = scenario.fleet;
  const others = { ...good!, count: 23 };
  const lastOfTheGood = (fleet: typeof scenario.fleet, onts: number): number => {
    const { result } = simulate({ ...scenario, onts, fleet, olt });
    expect(result.ontResults.map(({ outcome }) => outcome)).toEqual(Array.from({ length: onts }, () => "stored"));
    return Math.max(...result.ontResults.slice(0, 23).map(({ downloadSeconds }) => downloadSeconds!));
  };
  const [beside, without] = [lastOfTheGood([others, bad!], 24), lastOfTheGood([others], 23)];
  expect(Math.abs(beside / without - 1)).toBeLessThan(0.1);
});
