/** An ONT of ours with its update agent, in virtual time. */
import { type AgentConfig, type AgentEvent, createAgent } from "../../../ont/agent/index.ts";
import { FleetDevice, type FleetNet } from "../../../ont/agent/virtual/index.ts";
import { LocalStore } from "../../../ont/store/index.ts";
import type { VirtualOnt } from "../../virtual/virtual-ont.ts";

export interface Device {
  ont: VirtualOnt;
  store: LocalStore;
  agent: FleetDevice;
  hasBooted: boolean;
}

interface DeviceHooks {
  /** What its ONT has to hand out is to be taken. */
  pump: () => void;
  onEvent: (nowNs: number, event: AgentEvent) => void;
}

/** Without power. */
export function makeDevice(
  ont: VirtualOnt,
  config: AgentConfig,
  network: FleetNet,
  { pump, onEvent }: DeviceHooks,
): Device {
  const store = new LocalStore({
    command: (command) => {
      ont.core?.handleLocal(network.nowNs(), command);
      pump();
    },
    snapshot: () => ont.core!.snapshot(),
  });
  const agent = new FleetDevice(config, network, store, createAgent, onEvent);
  return { ont, store, agent, hasBooted: false };
}
