/** What a process of update agents and its parent tell each other; all of it is data that passes between processes. */
import type { FromOnt, OntDescription, OntProcessConfig } from "../../process/protocol.ts";
import type { AgentEvent, AgentSnapshot } from "../core/types.ts";
import type { AgentFacts } from "../device-config.ts";

/** One ONT whose image comes from a depot. */
export interface AgentDescription {
  ont: OntDescription;
  facts: AgentFacts;
  /** TargetToken of this device. */
  token: string;
}

/** First message to the process. */
export interface AgentProcessConfig extends Pick<OntProcessConfig, "seed" | "durability" | "epochNs"> {
  devices: readonly AgentDescription[];
  /** Scheme, host and port of the depot. */
  origin: string;
  /** PEM of the authorities that are trusted. */
  trusted: string;
}

export type ToAgents = { type: "start"; config: AgentProcessConfig } | { type: "stop" };

export interface AgentProcessEvent {
  serial: string;
  timeNs: number;
  event: AgentEvent;
  progress: AgentSnapshot;
}

export type FromAgents =
  /** Every ONT boots. */
  | { type: "ready" }
  | Extract<FromOnt, { type: "events" | "stopped" | "failed" }>
  | { type: "agentEvents"; events: AgentProcessEvent[] }
  | { type: "progress"; each: { serial: string; progress: AgentSnapshot }[] };
