/** The agents of one ONT: one for each road beside OMCI, a depot and a folder, with one image store between them. */
import { join } from "node:path";
import { createStream } from "../../../pon/index.ts";
import { startFolderAgent } from "../../folder/process/index.ts";
import { type DeviceRoads, type OwnLinks, type StartRoad, stapledAgent } from "../../road/process/index.ts";
import type { SharedStore } from "../../store/index.ts";
import type { AgentEvent, AgentSnapshot } from "../core/types.ts";
import { agentConfigOf } from "../device-config.ts";
import { AgentDriver } from "./driver.ts";
import type { AgentDescription, AgentProcessConfig } from "./protocol.ts";

const RECORD_FILE = "agent.json";

export function roadsOf(
  { ont, agent, folder }: AgentDescription,
  { depot, seed }: Pick<AgentProcessConfig, "depot" | "seed">,
  shared: SharedStore,
  own: OwnLinks,
): DeviceRoads<AgentEvent, AgentSnapshot> {
  const { serial, stateFolder } = ont;
  const starts: StartRoad<AgentEvent, AgentSnapshot>[] = [];
  let close = (): void => undefined;
  if (agent !== undefined && depot !== undefined) {
    const tls = stapledAgent(depot.trusted);
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
