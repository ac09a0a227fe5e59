/** What losses cost a download to a full port, in time and copies, beside the same without losses. */
import { expect } from "vitest";
import { prepareImages, simulate } from "../../../run/virtual/index.ts";
import { parseScenario } from "../../../scenarios/schema/load.ts";

const MIB = 1_048_576;

/** Most that may be lost, as a share of all; how many times the time, and how many copies, it may cost. */
export const LOSS_COSTS = [
  { loss: 0.001, times: 1.1, copies: 1.02 },
  { loss: 0.01, times: 1.3, copies: 1.04 },
  { loss: 0.05, times: 1.6, copies: 1.12 },
];

export function expectCheapLosses(mebibytes: number, seeds: readonly number[], costs = LOSS_COSTS): void {
  const scenarioOf = (loss: number, seed: number) =>
    parseScenario(
      `onts: 128
seed: ${seed}
image: { bytes: ${mebibytes * MIB} }
olt: { activate: false }
impairments: ${loss === 0 ? "[]" : `[{ kind: loss, chance: ${loss} }]`}`,
      "loss-cost.yaml",
    );
  const images = prepareImages(scenarioOf(0, 1));
  const secondsOf = (loss: number, seed: number, copies: number): number => {
    const { result } = simulate(scenarioOf(loss, seed), { images });
    expect(result.downstream.imageCopies).toBeLessThan(copies);
    return result.timing.downloadSeconds!;
  };
  const lossless = secondsOf(0, 1, 1.0001);
  for (const { loss, times, copies } of costs)
    for (const seed of seeds) expect(secondsOf(loss, seed, copies) / lossless).toBeLessThan(times);
}
