import { RunInputError } from "../process/errors.ts";
import type { SweepRun } from "./plan.ts";

/** Part `index` of `count`, from 1. */
export interface Shard {
  index: number;
  count: number;
}

/**
 * Whether a run belongs to a shard. The cells of each seed are dealt out one after the other, beginning one later with
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
  throw new RunInputError({ message: `--shard: ${text} is not allowed; i/n with i from 1 to n, such as 2/8` });
}

/**
 * The shard that the surroundings ask for: an array job of Slurm, or an indexed job of Kubernetes, which does not say how
 * many there are: PONCAST_SHARDS does.
 *
 * @throws RunInputError where the variables contradict each other
 */
export function shardFrom(environment: Environment): Shard | undefined {
  const { SLURM_ARRAY_TASK_ID, SLURM_ARRAY_TASK_COUNT, SLURM_ARRAY_TASK_MIN = "0" } = environment;
  if (SLURM_ARRAY_TASK_ID !== undefined && SLURM_ARRAY_TASK_COUNT !== undefined) {
    const index = Number(SLURM_ARRAY_TASK_ID) - Number(SLURM_ARRAY_TASK_MIN) + 1;
    const count = Number(SLURM_ARRAY_TASK_COUNT);
    if (index >= 1 && index <= count) return { index, count };
    const text = `SLURM_ARRAY_TASK_ID ${SLURM_ARRAY_TASK_ID} is not one of ${count} from ${SLURM_ARRAY_TASK_MIN}; use an array without steps, or --shard`;
    throw new RunInputError({ message: text });
  }
  const { JOB_COMPLETION_INDEX, PONCAST_SHARDS } = environment;
  if (JOB_COMPLETION_INDEX === undefined) return undefined;
  if (PONCAST_SHARDS === undefined)
    throw new RunInputError({
      message: "JOB_COMPLETION_INDEX is set: set PONCAST_SHARDS to the job's completions as well",
    });
  return parseShard(`${Number(JOB_COMPLETION_INDEX) + 1}/${PONCAST_SHARDS}`);
}
