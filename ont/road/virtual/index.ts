/** Roads to the image store in virtual time. */
export type { NetAnswer, RoadNet, RoadNetOptions } from "./net.ts";
export { NetDevice, type NetRoad } from "./net-device.ts";
export { RoadNetwork } from "./network.ts";
export { SharedLink } from "./shared-link.ts";
