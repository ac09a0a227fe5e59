/** The road https in processes: a depot, and ONTs whose agents poll it. Loaded late, as no other run needs it. */
import { randomBytes } from "node:crypto";
import { join } from "node:path";
import { targetToken } from "../../headend/depot/index.ts";
import type { DepotProcessConfig } from "../../headend/depot/process/index.ts";
import type { AgentProcessConfig } from "../../ont/agent/process/index.ts";
import type { Listening } from "../pull/headend-process.ts";
import type { HeadendRoad } from "../pull/headend-processes.ts";
import type { HeadendIdentity } from "../pull/identity.ts";
import type { PullRoadOptions } from "../pull/road.ts";
import { agentFactsOf, depotConfigOf, depotRatesOf } from "./facts.ts";

const TOKEN_BYTES = 24;

/** @param isByRelease somebody else says who is updated when @throws RunInputError for what the depot cannot be */
export function httpsRoad(
  options: PullRoadOptions,
  identity: HeadendIdentity,
  isByRelease = false,
): HeadendRoad<Listening, AgentProcessConfig> {
  const { scenario, images, imagePaths, stateFolder, epochNs, bundles } = options;
  const { trusted, ...own } = identity;
  const gatewayToken = randomBytes(TOKEN_BYTES).toString("base64url");
  const config = { ...depotConfigOf(scenario), byRelease: isByRelease };
  const rates = depotRatesOf(scenario.depot);
  return {
    headend: { name: "the depot", asksAgain: false },
    entries: { headend: bundles.depot, devices: bundles.agent },
    deviceOf: ({ serial }) => serial,
    headendConfig: (port): DepotProcessConfig => ({
      ...own,
      port,
      paths: imagePaths,
      stateFolder: join(stateFolder, "depot"),
      gatewayToken,
      config,
      rates,
    }),
    devicesConfig: (onts, { url }): AgentProcessConfig => ({
      devices: onts.map(({ fleet }) => ({
        ont: fleet.description,
        agent: {
          facts: agentFactsOf(fleet.plan, scenario, images.trustedKeys),
          token: targetToken(gatewayToken, fleet.plan.serial),
        },
      })),
      depot: { origin: url, trusted },
      seed: scenario.seed,
      // The flash has to outlive the ONT's process, not this machine.
      durability: "none",
      epochNs,
    }),
  };
}
