/** What the sizing model says of a run before it begins. */
import type { Forecast } from "../run/result/types.ts";
import type { Scenario } from "../scenarios/index.ts";

export async function forecastOf(scenario: Scenario): Promise<Forecast> {
  // Much to load, and of no use to other commands.
  const { sizeScenario } = await import("../study/sizing/index.ts");
  const { imageCopies, seconds, neglected } = sizeScenario(scenario);
  return { copies: imageCopies * scenario.pons, seconds, leavesOut: neglected };
}
