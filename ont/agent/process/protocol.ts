/** What a process of update agents and its parent tell each other; all of it is data that passes between processes. */
import type { FromRoads, OntDescription, RoadProcessConfig } from "../../road/process/index.ts";
import type { FolderRoad } from "../../folder/index.ts";
import type { AgentEvent, AgentSnapshot } from "../core/types.ts";
import type { AgentFacts } from "../device-config.ts";

/** One ONT whose image comes from a depot, or from a folder. */
export interface AgentDescription {
  ont: OntDescription;
  /** What its agent tells the depot; absent: it asks none. */
  agent?: AgentRoad;
  /** Where update.zip is looked for; absent: nowhere. */
  folder?: FolderRoad;
}

export interface AgentRoad {
  facts: AgentFacts;
  /** TargetToken of this device. */
  token: string;
}

export interface AgentProcessConfig extends RoadProcessConfig<AgentDescription> {
  /** Absent: nobody asks one. */
  depot?: {
    /** Scheme, host and port. */
    origin: string;
    /** PEM of the authorities that are trusted. */
    trusted: string;
  };
}

export type FromAgents = FromRoads<AgentEvent, AgentSnapshot>;
