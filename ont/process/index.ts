/** One or several ONTs as a process: socket, flash files, life cycle. */
export { OntProcess } from "./process.ts";
export type { FromOnt, OntDescription, OntProcessConfig, OntProcessEvent, OntReport, TrailerSpec } from "./protocol.ts";
export { readBootRecord, SlotStore, writeRecord } from "./slots.ts";
export { verifierMaker } from "./verifier.ts";
