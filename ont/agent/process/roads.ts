/** The agents of one ONT: one for each road beside OMCI, a depot and a folder, with one image store between them. */
import { join } from "node:path";
import { StapledAgent } from "../../../base/tls/index.ts";
import { createStream } from "../../../pon/index.ts";
import { startFolderAgent } from "../../folder/process/index.ts";
import type { SharedStore } from "../../store/index.ts";
import { agentConfigOf } from "../device-config.ts";
import { AgentDriver, type AgentLinks } from "./driver.ts";
import type { AgentDescription, AgentProcessConfig } from "./protocol.ts";

const MS_PER_SECOND = 1000;
const RECORD_FILE = "agent.json";

/** Begins a life of its agent. */
export type StartRoad = (onEvent: AgentLinks["onEvent"]) => AgentDriver;

export interface DeviceRoads {
  starts: readonly StartRoad[];
  /** Power-off, when the agents are closed. */
  close: () => void;
}

export function roadsOf(
  { ont, agent, folder }: AgentDescription,
  { depot, seed, durability }: AgentProcessConfig,
  shared: SharedStore,
  links: Pick<AgentLinks, "nowNs" | "onFailure">,
): DeviceRoads {
  const { serial, stateFolder } = ont;
  const own = { ...links, durability };
  const starts: StartRoad[] = [];
  let close = (): void => undefined;
  if (agent !== undefined && depot !== undefined) {
    // Its own connections: a staple is judged for each of them.
    const tls = new StapledAgent(
      { trusted: depot.trusted, nowSeconds: () => Date.now() / MS_PER_SECOND },
      { keepAlive: true },
    );
    close = () => tls.destroy();
    const chance = createStream(seed, `ont/${serial}/agent`);
    const config = agentConfigOf(agent.facts, depot.origin, agent.token, chance);
    const store = shared.road();
    const recordFile = join(stateFolder, RECORD_FILE);
    starts.push((onEvent) => new AgentDriver(config, { ...own, store, agent: tls, recordFile, onEvent }));
  }
  if (folder !== undefined) {
    const store = shared.road();
    starts.push((onEvent) => startFolderAgent({ ...own, store, road: folder, serial, stateFolder, seed, onEvent }));
  }
  return { starts, close };
}
