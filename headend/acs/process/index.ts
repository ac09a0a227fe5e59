/** The ACS as a process of a run. */
export type { AcsProcessConfig, FromAcs, ToAcs } from "./protocol.ts";
