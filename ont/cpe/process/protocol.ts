/** What a process of CPEs and its parent tell each other; all of it is data that passes between processes. */
import type { FromRoads, OntDescription, RoadProcessConfig } from "../../road/process/index.ts";
import type { CpeEvent, CpeSnapshot } from "../core/types.ts";
import type { CpeFacts } from "../device-config.ts";

/** One ONT with its TR-069 side. */
export interface CpeDescription {
  ont: OntDescription;
  facts: CpeFacts;
}

export interface CpeProcessConfig extends RoadProcessConfig<CpeDescription> {
  /** PEM of the authorities that are trusted. */
  trusted: string;
  /** Where Informs go. */
  acsUrl: string;
}

export type FromCpes = FromRoads<CpeEvent, CpeSnapshot>;
