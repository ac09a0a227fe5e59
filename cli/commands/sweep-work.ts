/** `poncast sweep work`: a worker of a sweep that an engine carries. */
import type { Command } from "commander";
import { statSync } from "node:fs";
import { availableParallelism } from "node:os";
import {
  hasPlan,
  type IdSource,
  loadSweep,
  ownResults,
  readPlan,
  sharedResults,
  taskFrom,
  taskSource,
  type VersionedPlan,
  type WorkerSide,
  work,
} from "../../study/sweep/index.ts";
import { UsageError } from "../errors.ts";
import { EXIT_INTERRUPTED } from "../interrupt.ts";
import { presetFile } from "../run-options.ts";
import { redis, SWEEP_VERSION } from "../sweep-engine.ts";
import { tell } from "../print.ts";
import { parseCount } from "../units.ts";

const JOBS_MAX = 512;
const LINES_MS = 5000;

interface WorkFlags {
  engine?: string;
  ids?: string;
  task?: string;
  jobs?: string;
  out?: string;
  seeds?: string;
  quiet?: boolean;
}

export function sweepWorkCommand(sweep: Command): void {
  sweep
    .command("work")
    .description("be a worker of a sweep: take runs from its engine until there are none left")
    .argument("<sweep>", "the sweep's folder, shared with whoever started it; or its file, with --out")
    .option("--engine <address>", "take them from this Redis, redis://host:port or rediss://host:port")
    .option("--ids <file>", "take those of one line of this file, as tasks of Slurm and pods of Kubernetes do")
    .option("--task <n>", "which line; default: SLURM_ARRAY_TASK_ID, or JOB_COMPLETION_INDEX and one")
    .option("--jobs <n>", "runs at the same time; default: one for each core")
    .option("--out <folder>", "results go to a folder of its own, for sweep merge, instead of the sweep's")
    .option("--seeds <n>", "with the sweep's file: seeds, if the sweep was started with --seeds")
    .option("--quiet", "no progress")
    .action((target: string, flags: WorkFlags) => beWorker(target, flags));
}

async function beWorker(target: string, flags: WorkFlags): Promise<void> {
  const jobs = flags.jobs === undefined ? availableParallelism() : parseCount("--jobs", flags.jobs);
  if (jobs > JOBS_MAX) throw new UsageError(`--jobs: ${jobs} is not allowed; at most ${JOBS_MAX}`);
  const plan = planOf(target, flags);
  const side = flags.out === undefined ? { tell, isOver: () => !hasPlan(target) } : { tell };
  const source = await sourceOf(plan, flags, side);
  const leave = new AbortController();
  const onLeave = (): void => {
    tell("leaving when the runs that have begun are done; once more: at once\n");
    leave.abort();
  };
  process.once("SIGINT", onLeave);
  process.once("SIGTERM", onLeave);
  let lastMs = -Infinity;
  const onDone = (done: number): void => {
    const nowMs = performance.now();
    if (flags.quiet || nowMs - lastMs < LINES_MS) return;
    lastMs = nowMs;
    tell(`${runs(done)} done\n`);
  };
  try {
    const results = flags.out === undefined ? sharedResults(target) : ownResults(flags.out, plan);
    const { done, complete } = await work({ plan, source, results, jobs, leave: leave.signal, onDone });
    if (!flags.quiet) tell(`${runs(done)} done, ${complete ? "nothing is left" : "left"}\n`);
    if (!complete) process.exitCode = EXIT_INTERRUPTED;
  } finally {
    process.off("SIGINT", onLeave);
    process.off("SIGTERM", onLeave);
  }
}

const runs = (count: number): string => `${count} run${count === 1 ? "" : "s"}`;

function planOf(target: string, { out, seeds }: WorkFlags): VersionedPlan {
  if (statSync(target, { throwIfNoEntry: false })?.isDirectory()) {
    if (seeds !== undefined) throw new UsageError("--seeds: the folder of the sweep says it");
    return readPlan(target, SWEEP_VERSION);
  }
  if (out === undefined)
    throw new UsageError(`${target}: is no folder of a sweep; with the sweep's file say --out, where results go`);
  const plan = loadSweep(target, presetFile, seeds === undefined ? undefined : parseCount("--seeds", seeds));
  return { ...plan, version: SWEEP_VERSION };
}

async function sourceOf(plan: VersionedPlan, { engine, ids, task }: WorkFlags, side: WorkerSide): Promise<IdSource> {
  if ((engine === undefined) === (ids === undefined))
    throw new UsageError("say where runs come from: --engine redis://host:port, or --ids file");
  if (ids !== undefined)
    return taskSource(ids, task === undefined ? taskFrom(process.env) : parseCount("--task", task));
  if (task !== undefined) throw new UsageError("--task: only with --ids");
  const { BullMqSource, parseRedisAddress } = await redis(engine ?? "");
  return BullMqSource.open(plan, parseRedisAddress(engine ?? ""), side);
}
