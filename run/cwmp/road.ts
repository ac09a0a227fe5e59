/** The road cwmp in processes: an ACS, and ONTs whose CPEs go to it. Loaded late, as no other run needs it. */
import { randomBytes } from "node:crypto";
import { join } from "node:path";
import { connectionRequestCredentials, cpePassword } from "../../headend/acs/index.ts";
import type { AcsProcessConfig, FromAcs } from "../../headend/acs/process/index.ts";
import type { CpeProcessConfig } from "../../ont/cpe/process/index.ts";
import { depotRatesOf } from "../https/facts.ts";
import type { HeadendRoad } from "../pull/headend-processes.ts";
import type { HeadendIdentity } from "../pull/identity.ts";
import type { PullRoadOptions } from "../pull/road.ts";
import { acsConfigOf, acsDeviceOf, type CpeSecrets, cpeFactsOf } from "./facts.ts";

const TOKEN_BYTES = 24;

type AcsListening = Extract<FromAcs, { type: "listening" }>;

/** @param isByRelease somebody else says who is updated when @throws RunInputError for what the ACS cannot be */
export function cwmpRoad(
  options: PullRoadOptions,
  identity: HeadendIdentity,
  isByRelease = false,
): HeadendRoad<AcsListening, CpeProcessConfig> {
  const { scenario, images, imagePaths, stateFolder, epochNs, bundles } = options;
  const { trusted, ...own } = identity;
  const token = randomBytes(TOKEN_BYTES).toString("base64url");
  const config = { ...acsConfigOf(scenario), byRelease: isByRelease };
  const rates = depotRatesOf(scenario.acs);
  const secretsOf = (device: string): CpeSecrets => ({
    acsPassword: cpePassword(token, device),
    connectionRequest: connectionRequestCredentials(token, device),
  });
  return {
    headend: { name: "the ACS", asksAgain: true },
    entries: { headend: bundles.acs, devices: bundles.cpe },
    deviceOf: acsDeviceOf,
    headendConfig: (port): AcsProcessConfig => ({
      ...own,
      port,
      paths: imagePaths,
      stateFolder: join(stateFolder, "acs"),
      token,
      config,
      rates,
      connects: "same",
    }),
    devicesConfig: (onts, { acsUrl }): CpeProcessConfig => ({
      devices: onts.map(({ fleet }) => ({
        ont: fleet.description,
        facts: cpeFactsOf(fleet.plan, scenario, images.trustedKeys, secretsOf(acsDeviceOf(fleet.plan))),
      })),
      acsUrl,
      trusted,
      seed: scenario.seed,
      // The flash has to outlive the ONT's process, not this machine.
      durability: "none",
      epochNs,
    }),
  };
}
