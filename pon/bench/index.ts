/** Roads to one device on a bench: Ethernet, a serial line, a program, a Unix socket. */
export { ROAD_FORMS, roadOf } from "./address.ts";
export type { OpenRoad, BenchRoad, RoadEnd, RoadHandlers } from "./road.ts";
