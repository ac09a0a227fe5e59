/** The agent's settings for an ONT of ours: what it tells of itself, which images it takes. Plain data in, so that it passes between processes. */
import { DDI_TENANT, DEVICE_ATTRIBUTES } from "../../base/ddi/index.ts";
import type { AgentConfig } from "./core/types.ts";
import { headerCheck, type HeaderCheckOptions } from "./header-check.ts";

/** Format of delta containers that an ONT applies (image/delta). */
const DELTA_FORMATS = "1";
/** At most so much of a file comes twice after a cut. */
export const AGENT_BLOCK_BYTES = 512 * 1024;

export interface AgentFacts extends HeaderCheckOptions {
  /** Its name in DDI. */
  device: string;
  pollSeconds: number;
  /** Applies deltas. */
  deltaAware: boolean;
}

/** @param token TargetToken; empty: none is sent @param chance uniform in [0, 1) */
export const agentConfigOf = (
  facts: AgentFacts,
  origin: string,
  token: string,
  chance: AgentConfig["chance"],
): AgentConfig => ({
  device: facts.device,
  tenant: DDI_TENANT,
  origin,
  headers: token === "" ? {} : { authorization: `TargetToken ${token}` },
  pollSeconds: facts.pollSeconds,
  // The depot says how fast.
  rateBytesPerSecond: Infinity,
  blockBytes: AGENT_BLOCK_BYTES,
  chance,
  confirmBy: "depot",
  checkHeader: headerCheck(facts),
  attributes: ({ runs }) =>
    new Map([
      [DEVICE_ATTRIBUTES.productCode, facts.productCode],
      [DEVICE_ATTRIBUTES.hardware, facts.hardwareVersion],
      [DEVICE_ATTRIBUTES.version, runs?.version ?? ""],
      [DEVICE_ATTRIBUTES.imageSha256, runs?.sha256 ?? ""],
      ...(facts.deltaAware ? ([[DEVICE_ATTRIBUTES.deltaFormats, DELTA_FORMATS]] as const) : []),
    ]),
});
