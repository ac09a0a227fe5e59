/** What the agents of a run are like, and what its depot is told. */
import type { AgentFacts } from "../../ont/agent/index.ts";
import { DDI_TENANT } from "../../base/ddi/index.ts";
import type { DepotRates } from "../../headend/depot/index.ts";
import type { DepotConfig } from "../../headend/depot/core/index.ts";
import type { OntPlan } from "../fleet/plan.ts";
import type { Scenario } from "../../scenarios/index.ts";
import { windowOf } from "../pull/window.ts";

export const agentFactsOf = (
  { serial, properties }: OntPlan,
  { depot }: Scenario,
  trustedKeys: readonly Uint8Array[],
): AgentFacts => ({
  device: serial,
  pollSeconds: depot.pollSeconds,
  trustedKeys,
  productCode: properties.productCode,
  hardwareVersion: properties.hardware,
  allowDowngrade: properties.allowDowngrade,
  deltaAware: properties.deltaAware,
});

/** @throws RunInputError for a time zone that does not exist */
export function depotConfigOf({ depot, ont }: Scenario): DepotConfig {
  const { pollSeconds } = depot;
  const window = windowOf("depot.window", depot.window);
  return { tenant: DDI_TENANT, pollSeconds, ...(window && { window }), allowDowngrade: ont.allowDowngrade };
}

/** @param headend the scenario's depot, or its ACS */
export const depotRatesOf = (
  headend: Pick<Scenario["depot"], "rateBytesPerSecond" | "downloadBytesPerSecond">,
): DepotRates => ({
  total: headend.rateBytesPerSecond ?? Infinity,
  campaign: Infinity,
  download: headend.downloadBytesPerSecond ?? Infinity,
});
