/** What roads to the image store have in common beside their cores. */
export { type RoadSinks, turnRoad } from "./turn.ts";
export type * from "./core/types.ts";
