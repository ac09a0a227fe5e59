/** A run in real processes on this machine. */
export { capturePathOf, oltProcessConfigOf, ontProcessConfigOf } from "./plan.ts";
export { describeFleet, type FleetOnt, makeStates } from "./fleet.ts";
export { joinRun } from "./hosts/join.ts";
export { buildOf } from "./hosts/plan.ts";
export { refuseFewFilesHere, refuseFewMoreFiles } from "./open-files.ts";
export { runProcesses } from "./runner.ts";
