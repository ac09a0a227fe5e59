/** Roads to the image store in real time. */
export { runRoads } from "./child.ts";
export { type DeviceRoads, type MakeRoads, type OwnLinks, RoadDevice, type StartRoad } from "./device.ts";
export { RoadDriver, type RoadLinks } from "./driver.ts";
export type { BodyExchange, ExchangeRequest, ExchangeSinks } from "./exchange.ts";
export { type MakeDevice, RoadProcess } from "./process.ts";
export type * from "./protocol.ts";
export { readRoadRecord, writeRoadRecord } from "./record-file.ts";
export { stapledAgent } from "./tls.ts";
