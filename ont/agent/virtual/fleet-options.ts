/** What a fleet of update agents in virtual time is made of. */
import type { RoadNetOptions } from "../../road/virtual/index.ts";
import type { DepotModel } from "./depot-model.ts";
import type { StoreTiming } from "./model-store.ts";

export interface FleetOptions extends RoadNetOptions {
  devices: number;
  seed: number;
  depot: DepotModel;
  pollSeconds: number;
  store: StoreTiming;
  runs: { version: string; sha256: string };
}
