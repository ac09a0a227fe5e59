/** The depot as a process of a run. */
export type { DepotCommand, DepotProcessConfig, FromDepot, ToDepot } from "./protocol.ts";
