/** An update agent in virtual time, with a depot that answers at once. */
import type { OntImageStore } from "../../store/index.ts";
import { NetDevice, type RoadNet } from "../../road/virtual/index.ts";
import { createAgent } from "../core/agent.ts";
import type { Agent, AgentConfig, AgentEvent, AgentRecord, AgentRequest, AgentSnapshot } from "../core/types.ts";
import type { ModelAnswer } from "./depot-model.ts";

/** Of a poll: `/{tenant}/controller/v1/{device}`, with the empty word before it. */
const POLL_WORDS = 5;

export interface FleetDepot {
  readonly origin: string;
  /** @returns undefined: nobody is there */
  answer(request: Pick<AgentRequest, "method" | "path" | "headers" | "body">): ModelAnswer | undefined;
}

export type AgentDevice = NetDevice<AgentRequest, AgentRecord, AgentEvent, AgentSnapshot, Agent>;

/** Without power. */
export const agentDevice = (
  config: AgentConfig,
  net: RoadNet,
  depot: FleetDepot,
  store: OntImageStore,
  onEvent: (nowNs: number, event: AgentEvent) => void,
): AgentDevice =>
  new NetDevice(net, store, {
    name: config.device,
    make: (record, device, nowNs) => createAgent(config, record, device, nowNs),
    answer: (request) => depot.answer(request),
    isPoll: ({ method, path }) => method === "GET" && path.split("?", 1)[0].split("/").length === POLL_WORDS,
    onEvent,
  });
