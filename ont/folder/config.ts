/** The update agent's settings where a watched folder stands for the depot. */
import { AGENT_BLOCK_BYTES, type AgentConfig, headerCheck, type HeaderCheckOptions } from "../agent/index.ts";
import { DDI_TENANT } from "../../base/ddi/index.ts";
import type { FolderFacts } from "./offer.ts";
import { FOLDER_ORIGIN, LOOK_SECONDS } from "./depot.ts";

/** Plain data, that passes between processes. */
export interface FolderRoad extends FolderFacts, HeaderCheckOptions {
  /** Where update.zip is looked for. */
  folder: string;
}

/** @param device its name @param chance uniform in [0, 1) */
export const folderAgentConfig = (
  device: string,
  check: HeaderCheckOptions,
  chance: AgentConfig["chance"],
): AgentConfig => ({
  device,
  tenant: DDI_TENANT,
  origin: FOLDER_ORIGIN,
  headers: {},
  pollSeconds: LOOK_SECONDS,
  rateBytesPerSecond: Infinity,
  blockBytes: AGENT_BLOCK_BYTES,
  chance,
  // Nobody is there to be reached.
  confirmBy: "boot",
  checkHeader: headerCheck(check),
  attributes: () => new Map(),
});
