/** What a process of ONTs whose images come by a road beside OMCI tells its parent; all of it is data that passes between processes. */
import type { FromOnt, OntDescription, OntProcessConfig } from "../../process/protocol.ts";

/** First message to the process. */
export interface RoadProcessConfig<Description> extends Pick<OntProcessConfig, "seed" | "durability" | "epochNs"> {
  devices: readonly Description[];
}

export type ToRoads<Config> = { type: "start"; config: Config } | { type: "stop" };

export interface RoadProcessEvent<Event, Snapshot> {
  serial: string;
  timeNs: number;
  event: Event;
  progress: Snapshot;
}

export type FromRoads<Event, Snapshot> =
  /** Every ONT boots. */
  | { type: "ready" }
  | Extract<FromOnt, { type: "events" | "stopped" | "failed" }>
  | { type: "roadEvents"; events: RoadProcessEvent<Event, Snapshot>[] }
  | { type: "progress"; each: { serial: string; progress: Snapshot }[] };

export type { OntDescription };
