/** ONTs that are updated by OMCI, HTTPS or TR-069, as a campaign says, in real time. */
export type { FromRoadsProcess, RoadsProcessConfig } from "./protocol.ts";
