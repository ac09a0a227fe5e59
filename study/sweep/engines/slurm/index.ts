/** Sweeps as arrays of Slurm. */
export { SlurmEngine, type SlurmOptions } from "./engine.ts";
