/** Runs in virtual time: the cores of OLT and ONTs in one process, reproducible to the byte from scenario and seed. */
export { prepareImages, type RunImages } from "../images/index.ts";
export type { Observer } from "./observer.ts";
export { boundTogether } from "./parts/whole.ts";
export { runVirtual } from "./runner.ts";
export { simulate, type SimulateOptions, type SimulatedRun } from "./simulate.ts";
export { Simulation, type SimulationEnd, type SimulationOptions } from "./world.ts";
export { SharedImages, SlotContent } from "./slot-content.ts";
export { type FlashJob, VirtualFlash } from "./virtual-flash.ts";
export { EVENT } from "./events.ts";
export { VirtualOnt } from "./virtual-ont.ts";
export type { CutPoint, PowerCut } from "./flash-work.ts";
export { resultOf } from "./outcome.ts";
export { grantPlan } from "./port.ts";
