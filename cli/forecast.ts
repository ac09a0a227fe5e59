/** What the sizing model says of a run. */
import type { Forecast } from "../run/result/types.ts";
import type { Scenario } from "../scenarios/index.ts";

/** @returns what gives undefined where so much is lost that the model has no answer in a time that anybody would wait */
export async function forecaster(scenario: Scenario): Promise<() => Forecast | undefined> {
  // Much to load, and of no use to other commands.
  const { meanLoss, sizeOf, sizingInputOf } = await import("../study/sizing/index.ts");
  return () => {
    const input = sizingInputOf(scenario);
    const { loss, most } = meanLoss(input);
    if (loss > most) return undefined;
    const { imageCopies, seconds, neglected } = sizeOf(input);
    return { copies: imageCopies * scenario.pons, seconds, leavesOut: neglected };
  };
}
