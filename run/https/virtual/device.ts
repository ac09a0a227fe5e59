/** An ONT of ours with its update agent, in virtual time. */
import { type AgentEvent, agentConfigOf, createAgent } from "../../../ont/agent/index.ts";
import { FleetDevice, type FleetNet } from "../../../ont/agent/virtual/index.ts";
import { LocalStore } from "../../../ont/store/index.ts";
import { createStream } from "../../../pon/index.ts";
import type { Scenario } from "../../../scenarios/index.ts";
import type { RunImages } from "../../images/index.ts";
import type { VirtualOnt } from "../../virtual/virtual-ont.ts";
import { agentFactsOf } from "../facts.ts";

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
  scenario: Scenario,
  { trustedKeys }: Pick<RunImages, "trustedKeys">,
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
  const chance = createStream(scenario.seed, `ont/${ont.plan.serial}/agent`);
  const config = agentConfigOf(agentFactsOf(ont.plan, scenario, trustedKeys), network.depot.origin, "", chance);
  const agent = new FleetDevice(config, network, store, createAgent, onEvent);
  return { ont, store, agent, hasBooted: false };
}
