/** The CPE's settings for an ONT of ours: what it tells of itself, which images it takes. Plain data in, so that it passes between processes. */
import type { CwmpDeviceId, CwmpVersion } from "../../cwmp/index.ts";
import { headerCheck, type HeaderCheckOptions } from "../agent/index.ts";
import type { CpeConfig } from "./core/types.ts";

/** At most so much of a file comes twice after a cut. */
export const CPE_BLOCK_BYTES = 512 * 1024;

export interface CpeFacts extends HeaderCheckOptions {
  deviceId: CwmpDeviceId;
  informSeconds: number;
  version: CwmpVersion;
  acsUsername: string;
  acsPassword: string;
  connectionRequestUsername: string;
  connectionRequestPassword: string;
}

/** @param connectionRequestUrl empty: it takes none */
export const cpeConfigOf = (
  facts: CpeFacts,
  acsUrl: string,
  connectionRequestUrl: string,
  chance: CpeConfig["chance"],
): CpeConfig => {
  const { deviceId, hardwareVersion, version, acsUsername, acsPassword, informSeconds } = facts;
  const { connectionRequestUsername, connectionRequestPassword } = facts;
  return {
    deviceId,
    hardwareVersion,
    version,
    acsUrl,
    acsUsername,
    acsPassword,
    periodicInformSeconds: informSeconds,
    connectionRequestUrl,
    connectionRequestUsername,
    connectionRequestPassword,
    confirmBy: "acs",
    answerWithinSeconds: 0,
    // The file server says how fast.
    rateBytesPerSecond: Infinity,
    blockBytes: CPE_BLOCK_BYTES,
    chance,
    checkHeader: headerCheck(facts),
  };
};
