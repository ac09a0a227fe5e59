/** What a process of ONTs with several roads and its parent tell each other; all of it is data that passes between processes. */
import type { AgentRoad } from "../../agent/process/protocol.ts";
import type { AgentEvent, AgentSnapshot } from "../../agent/core/types.ts";
import type { CpeEvent, CpeSnapshot } from "../../cpe/core/types.ts";
import type { CpeFacts } from "../../cpe/device-config.ts";
import type { OntProcessConfig } from "../../process/protocol.ts";
import type { FromRoads } from "../../road/process/protocol.ts";

/** Roads of one ONT beside OMCI; absent: it has none of that kind. */
export interface OwnRoads {
  https?: AgentRoad;
  cwmp?: CpeFacts;
}

export interface RoadsProcessConfig extends OntProcessConfig {
  /** By serial number. */
  roads: Readonly<Record<string, OwnRoads>>;
  /** Scheme, host and port, and PEM of the authorities that are trusted. */
  depot?: { origin: string; trusted: string };
  acs?: { acsUrl: string; trusted: string };
}

/** By which road it was told. */
export type RoadsEvent = { road: "https"; event: AgentEvent } | { road: "cwmp"; event: CpeEvent };
export type RoadsSnapshot = { road: "https"; progress: AgentSnapshot } | { road: "cwmp"; progress: CpeSnapshot };

export type FromRoadsProcess = FromRoads<RoadsEvent, RoadsSnapshot>;
