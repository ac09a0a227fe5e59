/** One or several ONTs as a process: socket, flash files, life cycle. */
export type { StartRoad } from "./host.ts";
export { OntProcess } from "./process.ts";
export type { FromOnt, OntDescription, OntProcessConfig, OntProcessEvent, OntReport, TrailerSpec } from "./protocol.ts";
export { createFactoryState, type Durability, readBootRecord, SlotStore } from "./slots.ts";
export { verifierMaker } from "./verifier.ts";
