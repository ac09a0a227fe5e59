/** Many runs in virtual time: a matrix of fields × seeds, on all cores, in shards, with statistics. */
export { mergeSweeps } from "./merge.ts";
export { loadSweep, runsOf, scenarioOf, type Cell, type SweepPlan, type SweepRun } from "./plan.ts";
export type { RunRecord } from "./record.ts";
export { inShard, parseShard, type Shard, shardFrom } from "./shard.ts";
export { shortNameLines } from "./short-names.ts";
export { type CellStats, statsOf } from "./stats.ts";
export { readIdentity, readRuns, SWEEP_FILES, type SweepIdentity } from "./store.ts";
export { runSweep, type SweepOptions, type SweepOutcome } from "./sweep.ts";
export { summaryTable } from "./tables.ts";
