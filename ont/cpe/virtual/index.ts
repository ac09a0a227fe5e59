/** A CPE in virtual time, with an ACS and a file server that answer at once. */
import type { OntImageStore } from "../../store/index.ts";
import { type NetAnswer, NetDevice, type RoadNet } from "../../road/virtual/index.ts";
import { createCpe } from "../core/index.ts";
import type { Cpe, CpeConfig, CpeEvent, CpeRecord, CpeRequest, CpeSnapshot } from "../core/types.ts";

export type CpeDevice = NetDevice<CpeRequest, CpeRecord, CpeEvent, CpeSnapshot, Cpe>;

/** Without power. @param answer undefined: nobody is there */
export const cpeDevice = (
  config: CpeConfig,
  net: RoadNet,
  answer: (request: CpeRequest) => NetAnswer | undefined,
  store: OntImageStore,
  onEvent: (nowNs: number, event: CpeEvent) => void,
): CpeDevice =>
  new NetDevice(net, store, {
    name: `CPE ${config.deviceId.serialNumber}`,
    make: (record, device, nowNs) => createCpe(config, record, device, nowNs),
    answer,
    isPoll: ({ method, body }) => method === "POST" && body === "",
    onEvent,
  });
