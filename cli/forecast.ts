/** What the sizing model says of a run. */
import type { PayloadPlan } from "../run/payloads/index.ts";
import type { Forecast } from "../run/result/types.ts";
import type { Scenario } from "../scenarios/index.ts";

/** @returns what gives undefined where so much is lost that the model has no answer in a time that anybody would wait */
export async function forecaster(scenario: Scenario): Promise<(plan?: PayloadPlan) => Forecast | undefined> {
  // Much to load, and of no use to other commands.
  const { forecastOf } = await import("../study/sizing/index.ts");
  return (plan) => forecastOf(scenario, plan);
}
