/** The OLT's way to one ONT at the end of a road of a bench. */
export { BenchRun } from "./run.ts";
