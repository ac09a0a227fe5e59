/** Many runs in virtual time: a matrix of fields × seeds, on all cores or by an engine on many machines, in shards, with statistics. */
export { compareRuns, type Comparison, type ComparisonAsk } from "./compare.ts";
export { ListSource } from "./engines/list.ts";
export { taskFrom, taskSource } from "./engines/tasks.ts";
export type { EngineEvent, FoundRecord, IdSource, RunId, SweepEngine, WorkerSide } from "./engines/types.ts";
export { ownResults, sharedResults, work, type WorkOptions, type WorkOutcome } from "./engines/work.ts";
export { hasPlan, readPlan, type VersionedPlan } from "./engines/work-folder.ts";
export { mergeSweeps } from "./merge.ts";
export { loadSweep, runsOf, scenarioOf, type Cell, type SweepPlan, type SweepRun, type SweepSource } from "./plan.ts";
export type { RunRecord } from "./record.ts";
export { inShard, parseShard, type Shard, shardFrom } from "./shard.ts";
export { shortNameLines } from "./short-names.ts";
export { type CellStats, statsOf } from "./stats.ts";
export { readIdentity, readRuns, readSource, SWEEP_FILES, type SweepIdentity } from "./store.ts";
export { runSweep, type SweepOptions, type SweepOutcome, type SweepProgress } from "./sweep.ts";
export { summaryTable } from "./tables.ts";
export { runUntil, type UntilAsk, type UntilOutcome } from "./until.ts";
