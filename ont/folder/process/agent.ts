/** The update agent of one ONT with a watched folder, in real time. */
import { join } from "node:path";
import { AgentDriver, type AgentLinks } from "../../agent/process/index.ts";
import { createStream } from "../../../pon/index.ts";
import { folderAgentConfig, type FolderRoad } from "../config.ts";
import { FolderDepot } from "../depot.ts";
import { DiskFolder } from "./disk-folder.ts";
import { FolderExchange } from "./exchange.ts";

/** In the ONT's state folder; by it is known after a power cut what was done, and what was under way. */
const RECORD_FILE = "update-folder.json";

export interface FolderAgentOptions extends Pick<
  AgentLinks,
  "nowNs" | "store" | "durability" | "onEvent" | "onFailure"
> {
  road: FolderRoad;
  serial: string;
  stateFolder: string;
  seed: number;
}

/** One life, from power-on until `close`. */
export function startFolderAgent({ road, serial, stateFolder, seed, ...links }: FolderAgentOptions): AgentDriver {
  const folder = new DiskFolder(road.folder);
  const depot = new FolderDepot({
    folder,
    device: serial,
    facts: road,
    nowNs: links.nowNs,
    onReplaced: () => driver.user("again"),
  });
  const config = folderAgentConfig(serial, road, createStream(seed, `ont/${serial}/folder`));
  const driver: AgentDriver = new AgentDriver(config, {
    ...links,
    // An ONT's clock is nobody's to trust: what has expired is told of where the file is made, and taken here.
    wallSeconds: () => undefined,
    recordFile: join(stateFolder, RECORD_FILE),
    exchange: (request, sinks) => new FolderExchange(folder, depot, request, sinks),
  });
  return driver;
}
