/** What the agents of a run are like, and what its depot is told. */
import type { AgentFacts } from "../../ont/agent/index.ts";
import { DDI_TENANT } from "../../base/ddi/index.ts";
import type { DepotRates } from "../../headend/depot/index.ts";
import { readWindow } from "../../base/maintenance/index.ts";
import type { DepotConfig } from "../../headend/depot/core/index.ts";
import type { OntPlan } from "../fleet/plan.ts";
import type { Scenario } from "../../scenarios/index.ts";
import { RunInputError } from "../errors.ts";

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
  const window = depot.window === undefined ? undefined : readWindow(depot.window);
  if (depot.window !== undefined && window === undefined)
    throw new RunInputError(`depot.window: ${depot.window} is not allowed; no such hours, or no such time zone`);
  return { tenant: DDI_TENANT, pollSeconds, ...(window && { window }), allowDowngrade: ont.allowDowngrade };
}

export const depotRatesOf = ({ depot }: Scenario): DepotRates => ({
  total: depot.rateBytesPerSecond ?? Infinity,
  campaign: Infinity,
  download: depot.downloadBytesPerSecond ?? Infinity,
});
