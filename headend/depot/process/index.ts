/** The depot as a process of a run. */
export type { HeadendCommand } from "./child.ts";
export type { DepotProcessConfig, FromDepot, ToDepot } from "./protocol.ts";
