/** Seeds until an interval is narrow enough: a sweep that is run further and further, never one that is begun anew. */
import { existsSync } from "node:fs";
import { join, resolve } from "node:path";
import type { Figure } from "../../run/result/index.ts";
import { type SeedsLook, look, SEEDS_BEFORE_STOPPING } from "../statistics/index.ts";
import { RUNS_MAX, type SweepPlan } from "./plan.ts";
import type { RunRecord } from "./record.ts";
import { readIdentity, SWEEP_FILES } from "./store.ts";
import { runSweep, type SweepOptions, type SweepOutcome } from "./sweep.ts";

export interface UntilAsk {
  /** Half width of the 95 % interval over the mean, in every combination. */
  share: number;
  figure: Figure;
  seedsMax: number;
  /** After each look. */
  onLook?: (seeds: number, look: SeedsLook) => void;
}

export interface UntilOutcome extends SweepOutcome {
  seeds: number;
  /** Every combination is within the share. */
  isReached: boolean;
}

/**
 * Runs seeds until the intervals of a figure are within a share of its mean in all combinations. How many seeds come next
 * follows from the runs that are there, so that a folder that was interrupted goes the same way.
 *
 * @param run how seeds are run: on this machine, or by an engine
 */
export async function runUntil(
  plan: SweepPlan,
  options: SweepOptions,
  { share, figure, seedsMax, onLook }: UntilAsk,
  run: (plan: SweepPlan, options: SweepOptions) => Promise<SweepOutcome> = runSweep,
): Promise<UntilOutcome> {
  const most = Math.min(seedsMax, Math.floor(RUNS_MAX / plan.cells.length));
  const folder = resolve(options.out);
  // Of a folder with more seeds all count.
  const there = existsSync(join(folder, SWEEP_FILES.plan)) ? readIdentity(folder).seeds : 0;
  let seeds = Math.max(Math.min(SEEDS_BEFORE_STOPPING, most), there);
  for (;;) {
    const outcome = await run({ ...plan, seeds }, options);
    if (!outcome.complete) return { ...outcome, seeds, isReached: false };
    const own = outcome.runs.filter(({ seed }) => seed <= seeds);
    const found = look(seriesOf(plan, own, figure), seeds, share, most);
    onLook?.(seeds, found);
    if (found.isDone || found.next === seeds) return { ...outcome, seeds, isReached: found.isDone };
    seeds = found.next;
  }
}

function seriesOf({ cells }: SweepPlan, runs: readonly RunRecord[], figure: Figure): (number | null)[][] {
  const series = cells.map((): (number | null)[] => []);
  for (const { cell, seed, figures } of runs) series[cell][seed - 1] = figures[figure];
  return series;
}
