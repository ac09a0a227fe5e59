/** What only virtual time can do, refused before any process is started. */
import type { Scenario } from "../../scenarios/index.ts";
import { hasCampaign } from "../campaign/plan.ts";
import { RunInputError } from "../errors.ts";

/** What a scenario asks for that real processes cannot do. @throws RunInputError */
export function refuseVirtualOnly(scenario: Scenario): void {
  const { road, pons } = scenario;
  if (pons > 1 && road !== "omci") {
    throw new RunInputError(`pons: ${pons} ports with road: ${road} are simulated in virtual time only: --virtual`);
  }
  if (hasCampaign(scenario)) {
    const field = scenario.campaign === undefined ? "fleet: roads of their own" : "campaign: several roads";
    throw new RunInputError(`${field} are simulated in virtual time only: --virtual`);
  }
  if (scenario.pon.headendBitsPerSecond !== undefined && road !== "omci") {
    throw new RunInputError(`pon.headendBitsPerSecond: with road: ${road} it acts in virtual time only: --virtual`);
  }
}
