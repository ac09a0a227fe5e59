/** What only virtual time can do, refused before any process is started. */
import type { Scenario } from "../../scenarios/index.ts";
import { hasCampaign } from "../campaign/plan.ts";
import { RunInputError } from "../errors.ts";
import { refuseWithoutBytes } from "../images/index.ts";

/** What a scenario asks for that real processes cannot do. @throws RunInputError */
export function refuseVirtualOnly(scenario: Scenario): void {
  const { road, pons } = scenario;
  refuseWithoutBytes(scenario, "in virtual time only: --virtual");
  if (pons > 1 && road !== "omci") {
    throw new RunInputError(`pons: ${pons} ports with road: ${road} are simulated in virtual time only: --virtual`);
  }
  if (pons > 1 && hasCampaign(scenario)) {
    throw new RunInputError(`pons: ${pons} ports with several roads are simulated in virtual time only: --virtual`);
  }
  if (scenario.pon.headendBitsPerSecond !== undefined && (road !== "omci" || hasCampaign(scenario))) {
    const roads = road === "omci" ? "several roads" : `road: ${road}`;
    throw new RunInputError(`pon.headendBitsPerSecond: with ${roads} it acts in virtual time only: --virtual`);
  }
}
