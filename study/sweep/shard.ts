/** Deals the runs of a sweep out to machines, and finds out from a batch system which part is ours. */
import { RunInputError } from "../../run/index.ts";
import type { SweepRun } from "./plan.ts";

/** Part `index` of `count`, from 1. */
export interface Shard {
  index: number;
  count: number;
}

/**
 * Whether a run belongs to a shard. The cells of each seed are dealt out one after the other, starting one later with
 * each seed, so that no shard gets the heavy cells only; all shards get as many runs, give or take one.
 */
export function inShard({ cell, seed }: SweepRun, cellCount: number, { index, count }: Shard): boolean {
  const dealt = (seed - 1) * cellCount + ((cell + seed - 1) % cellCount);
  return dealt % count === index - 1;
}

type Environment = Readonly<Partial<Record<string, string>>>;

/** `i/n`, from 1. @throws RunInputError */
export function parseShard(text: string): Shard {
  const match = /^(\d+)\/(\d+)$/.exec(text);
  const shard = { index: Number(match?.[1]), count: Number(match?.[2]) };
  if (match && shard.index >= 1 && shard.index <= shard.count) return shard;
  throw new RunInputError(`--shard: ${text} is not allowed; i/n with i from 1 to n, such as 2/8`);
}

/**
 * The shard that the surroundings ask for: an array job of Slurm, or an indexed job of Kubernetes, which does not say how
 * many there are.
 *
 * @param count number of shards as somebody said it, for Kubernetes; PONCAST_SHARDS without
 * @throws RunInputError where the variables contradict each other
 */
export function shardFrom(environment: Environment, count?: string): Shard | undefined {
  const { SLURM_ARRAY_TASK_ID, SLURM_ARRAY_TASK_COUNT, SLURM_ARRAY_TASK_MIN = "0" } = environment;
  const { JOB_COMPLETION_INDEX, PONCAST_SHARDS } = environment;
  if (SLURM_ARRAY_TASK_ID !== undefined && SLURM_ARRAY_TASK_COUNT !== undefined) {
    const tasks = Number(SLURM_ARRAY_TASK_COUNT);
    const index = Number(SLURM_ARRAY_TASK_ID) - Number(SLURM_ARRAY_TASK_MIN) + 1;
    if (index >= 1 && index <= tasks) return { index, count: tasks };
    const place = `${SLURM_ARRAY_TASK_ID} is not one of ${tasks} from ${SLURM_ARRAY_TASK_MIN}`;
    throw new RunInputError(`SLURM_ARRAY_TASK_ID ${place}; use an array without steps, or --shard`);
  }
  const shards = count ?? PONCAST_SHARDS;
  if (JOB_COMPLETION_INDEX === undefined) {
    if (count === undefined) return undefined;
    throw new RunInputError("--shards: JOB_COMPLETION_INDEX is not set; say which one with --shard i/n");
  }
  if (shards === undefined)
    throw new RunInputError(
      "JOB_COMPLETION_INDEX is set: say how many completions the job has with --shards (or PONCAST_SHARDS)",
    );
  const shard = { index: Number(JOB_COMPLETION_INDEX) + 1, count: Number(shards) };
  if (Number.isInteger(shard.count) && shard.index >= 1 && shard.index <= shard.count) return shard;
  throw new RunInputError(
    `--shards: ${shards} is not allowed; more than JOB_COMPLETION_INDEX, ${JOB_COMPLETION_INDEX}`,
  );
}
