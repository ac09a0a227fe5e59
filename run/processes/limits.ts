/** What only virtual time can do, refused before any process is started. */
import type { Scenario } from "../../scenarios/index.ts";
import { hasCampaign } from "../campaign/plan.ts";
import { RunInputError } from "../errors.ts";

/** What a scenario asks for that real processes cannot do. @throws RunInputError */
export function refuseVirtualOnly(scenario: Scenario): void {
  if (scenario.pons > 1) {
    throw new RunInputError(`pons: ${scenario.pons} ports are simulated in virtual time only; processes have 1`);
  }
  if (hasCampaign(scenario)) {
    const field = scenario.campaign === undefined ? "fleet: roads of their own" : "campaign: several roads";
    throw new RunInputError(`${field} are simulated in virtual time only: --virtual`);
  }
  if (scenario.pon.headendBitsPerSecond !== undefined) {
    throw new RunInputError("pon.headendBitsPerSecond: acts in virtual time only");
  }
}
