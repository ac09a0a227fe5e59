/** The depot as a process of a run. */
export type { DepotProcessConfig, FromDepot, ToDepot } from "./protocol.ts";
