/** Ids of runs: what an engine carries. They tell one run of one sweep by one version from all others. */
import { createHash } from "node:crypto";
import { RunInputError } from "../../../run/index.ts";
import type { SweepRun } from "../plan.ts";
import type { SweepIdentity } from "../store.ts";
import type { RunId } from "./types.ts";

const KEY_DIGITS = 16;

type Sweep = Pick<SweepIdentity, "digest" | "version" | "cells">;

/** The same for all that may be put together. */
export const sweepKey = ({ digest, version }: Pick<Sweep, "digest" | "version">): string =>
  createHash("sha256").update(`${version}\0${digest}`).digest("hex").slice(0, KEY_DIGITS);

/** The ids of runs, in the same order. */
export function idsOf(sweep: Sweep, runs: readonly SweepRun[]): RunId[] {
  const key = sweepKey(sweep);
  return runs.map(({ index }) => `${key}-${index}`);
}

/** The place of a run in its sweep. @throws RunInputError: it is of another sweep or version */
export function indexOf(sweep: Sweep, id: RunId): number {
  const [key, index] = id.split("-");
  if (key === sweepKey(sweep) && /^\d+$/.test(index ?? "")) return Number(index);
  throw new RunInputError(`run ${id} is of another sweep, or of another version of poncast`);
}

/** The run of an id: all cells with the first seed, then with the next. @throws RunInputError */
export function runOf(sweep: Sweep, id: RunId): SweepRun {
  const index = indexOf(sweep, id);
  const { length } = sweep.cells;
  return { index, cell: index % length, seed: Math.floor(index / length) + 1 };
}

/**
 * Deals runs out to so many tasks: of equal length give or take one, and starting one cell later with each seed, so that no
 * task gets the heavy cells only.
 */
export function dealOut(ids: readonly RunId[], sweep: Sweep, tasks: number): RunId[][] {
  const { length } = sweep.cells;
  const place = (id: RunId): number => {
    const { cell, seed } = runOf(sweep, id);
    return (seed - 1) * length + ((cell + seed - 1) % length);
  };
  const placed = ids.map((id) => ({ id, at: place(id) })).sort((a, b) => a.at - b.at);
  return Array.from({ length: tasks }, (_, task) =>
    placed.filter((_each, before) => before % tasks === task).map(({ id }) => id),
  );
}
