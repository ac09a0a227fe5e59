/** How far a run has come, as every view of it says it. */
export { ProgressMeter } from "./meter.ts";
export { sentBytesOf, type Stage, stageLabels, stageOf } from "./stages.ts";
