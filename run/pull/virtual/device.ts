/** An ONT of ours with its road, in virtual time. */
import type { RoadEvent } from "../../../ont/road/index.ts";
import type { RoadNet } from "../../../ont/road/virtual/index.ts";
import type { OntImageStore } from "../../../ont/store/index.ts";
import type { VirtualOnt } from "../../virtual/virtual-ont.ts";
import type { PullDevice, VirtualRoad } from "./road.ts";

export interface Device {
  ont: VirtualOnt;
  road: PullDevice;
  hasBooted: boolean;
}

/** Without power. */
export const makeDevice = (
  ont: VirtualOnt,
  road: VirtualRoad,
  network: RoadNet,
  store: OntImageStore,
  onEvent: (nowNs: number, event: RoadEvent) => void,
): Device => ({ ont, road: road.makeDevice(ont.plan, network, store, onEvent), hasBooted: false });
