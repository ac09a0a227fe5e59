/** Losses in bursts, held to the channel's mean and to the channel without memory. */
import { expect, it } from "vitest";
import { binomial, momentsOf } from "../../../base/statistics/index.ts";
import { burstLosses, meanBurstLoss } from "../../../study/sizing/chance.ts";

it("losses in bursts have the channel's mean; without memory they are binomial", () => {
  const channel = { goodToBad: 0.01, badToGood: 0.2, lossGood: 0.001, lossBad: 0.9 };
  expect(momentsOf(burstLosses(200, channel)).mean).toBeCloseTo(200 * meanBurstLoss(channel), 6);
  const memoryless = { goodToBad: 0.3, badToGood: 0.7, lossGood: 0, lossBad: 0.5 };
  const burst = burstLosses(50, memoryless);
  binomial(50, 0.15).forEach((chance, lost) => expect(burst[lost]).toBeCloseTo(chance, 9));
});
