/** A run in real processes on this machine. */
export { oltConfigOf, ontConfigOf } from "./plan.ts";
export { describeFleet, type FleetOnt, makeStates } from "./fleet.ts";
export { runProcesses } from "./runner.ts";
