/** What the CPEs of a run are like, and what its ACS is told. */
import { type AcsConfig, type AcsCredentials, deviceName } from "../../headend/acs/core/index.ts";
import type { CwmpDeviceId } from "../../cwmp/index.ts";
import type { CpeFacts } from "../../ont/cpe/index.ts";
import type { Scenario } from "../../scenarios/index.ts";
import type { OntPlan } from "../fleet/plan.ts";
import { windowOf } from "../pull/window.ts";

const MANUFACTURER = "poncast";
/** Of nobody: locally administered. */
const OUI = "02C0DE";
/** Of an ONT that says nothing of its product. */
const PRODUCT_CLASS = "ONT";

const deviceIdOf = ({ serial, properties }: OntPlan): CwmpDeviceId => ({
  manufacturer: MANUFACTURER,
  oui: OUI,
  productClass: properties.productCode || PRODUCT_CLASS,
  serialNumber: serial,
});

/** What the ACS calls it. */
export const acsDeviceOf = (plan: OntPlan): string => deviceName(deviceIdOf(plan));

/** What a device and its ACS show each other. */
export interface CpeSecrets {
  acsPassword: string;
  connectionRequest: AcsCredentials;
}

export function cpeFactsOf(
  plan: OntPlan,
  { acs }: Scenario,
  trustedKeys: readonly Uint8Array[],
  { acsPassword, connectionRequest }: CpeSecrets,
): CpeFacts {
  const { productCode, hardware, allowDowngrade } = plan.properties;
  return {
    deviceId: deviceIdOf(plan),
    informSeconds: acs.informSeconds,
    version: acs.version,
    acsUsername: acsDeviceOf(plan),
    acsPassword,
    connectionRequestUsername: connectionRequest.username,
    connectionRequestPassword: connectionRequest.password,
    trustedKeys,
    productCode,
    hardwareVersion: hardware,
    allowDowngrade,
  };
}

/** @throws RunInputError for a time zone that does not exist */
export function acsConfigOf({ acs, ont }: Scenario): AcsConfig {
  const window = windowOf("acs.window", acs.window);
  return { ...(window && { window }), allowDowngrade: ont.allowDowngrade };
}
