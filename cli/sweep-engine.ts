/** Engines of sweeps as people name them: options, and the engine that they ask for, loaded only then. */
import type { Command } from "commander";
import type { SweepEngine, VersionedPlan } from "../study/sweep/index.ts";
import { UsageError } from "./errors.ts";
import { tell } from "./print.ts";
import { parseCount } from "./units.ts";
import { COMMIT, VERSION } from "./version.ts";

/** Runs of different versions are never put together. */
export const SWEEP_VERSION = COMMIT === "unknown" ? VERSION : `${VERSION}+${COMMIT}`;

const ENGINES = "redis://host:port, rediss://host:port, slurm or kubernetes";

export interface EngineFlags {
  engine?: string;
  jobs?: string;
  tasks?: string;
  image?: string;
  claim?: string;
  shard?: string;
  shards?: string;
}

/** Those of `sweep`; what only one engine takes says which. */
export function engineOptions(command: Command): Command {
  return command
    .option("--engine <where>", `who carries the runs to workers instead of this machine: ${ENGINES}`)
    .option("--tasks <n>", "slurm, kubernetes: tasks of the array or job; default: 50 runs each")
    .option("--image <name>", "kubernetes: container image", "poncast")
    .option("--claim <name>", "kubernetes: volume claim that has the sweep's folder, as name or name/folder", "sweeps");
}

/** @param folder of the sweep. @returns undefined: this machine. @throws UsageError, RunInputError; nothing was begun then */
export async function openEngine(
  flags: EngineFlags,
  plan: VersionedPlan,
  folder: string,
): Promise<SweepEngine | undefined> {
  const { engine } = flags;
  if (engine === undefined) {
    if (flags.tasks !== undefined) throw new UsageError("--tasks: only with --engine slurm or kubernetes");
    return undefined;
  }
  if (flags.shard !== undefined || flags.shards !== undefined)
    throw new UsageError("--engine: deals the runs out itself; leave --shard and --shards out");
  const jobs = flags.jobs === undefined ? 1 : parseCount("--jobs", flags.jobs);
  const tasks = flags.tasks === undefined ? {} : { tasks: parseCount("--tasks", flags.tasks) };
  if (engine === "slurm") {
    const { SlurmEngine } = await import("../study/sweep/engines/slurm/index.ts");
    return SlurmEngine.open(folder, plan, { jobs, ...tasks });
  }
  if (engine === "kubernetes") {
    const { KubernetesEngine } = await import("../study/sweep/engines/kubernetes/index.ts");
    return new KubernetesEngine(folder, plan, { jobs, ...tasks, image: flags.image ?? "", claim: flags.claim ?? "" });
  }
  for (const option of ["jobs", "tasks"] as const)
    if (flags[option] !== undefined && isRedis(engine))
      throw new UsageError(`--${option}: workers on Redis say it themselves: poncast sweep work … --jobs n`);
  const { BullMqEngine, parseRedisAddress } = await redis(engine);
  const address = parseRedisAddress(engine);
  const opened = await BullMqEngine.open(folder, plan, address);
  tell(`workers join and leave at any time: poncast sweep work ${folder} --engine ${address.shown}\n`);
  return opened;
}

const isRedis = (engine: string): boolean => /^rediss?:/i.test(engine);

/** BullMQ, for an address that may be one. @throws UsageError: it does not say what was given, as a password may be in it */
export async function redis(engine: string) {
  if (!isRedis(engine)) throw new UsageError(`--engine: there is no such engine; ${ENGINES}`);
  return import("../study/sweep/engines/bullmq/index.ts");
}
