/** What a sweep's folder has for the workers of an engine, until the sweep is whole: the plan, and what they have done. */
import { existsSync, readFileSync, rmSync } from "node:fs";
import { join, resolve } from "node:path";
import { RunInputError } from "../../../run/index.ts";
import { digestOf, type SweepPlan } from "../plan.ts";
import { makeFolder, writeSweepFile } from "../store.ts";

const FOLDER = "work";
const PLAN = "plan.json";
const PARTS = "parts";

/** A plan, and the version that has made it. */
export type VersionedPlan = SweepPlan & { version: string };

export const partsFolder = (sweepFolder: string): string => join(sweepFolder, FOLDER, PARTS);
/** For what one engine needs. */
export const engineFolder = (sweepFolder: string, name: string): string => join(sweepFolder, FOLDER, name);

/** Lays the plan down for workers. */
export function writePlan(sweepFolder: string, plan: VersionedPlan): void {
  makeFolder(partsFolder(sweepFolder));
  writeSweepFile(join(sweepFolder, FOLDER, PLAN), `${JSON.stringify(plan, undefined, 2)}\n`);
}

/**
 * The plan that a worker finds.
 *
 * @throws RunInputError: there is none, it is of another version, or an image is not here as it was there
 */
export function readPlan(sweepFolder: string, version: string): VersionedPlan {
  const path = resolve(sweepFolder, FOLDER, PLAN);
  if (!existsSync(path))
    throw new RunInputError(`${sweepFolder}: no sweep with work for an engine is in it (${FOLDER}/${PLAN} is missing)`);
  let plan: VersionedPlan;
  try {
    plan = JSON.parse(readFileSync(path, "utf8")) as VersionedPlan;
  } catch {
    throw new RunInputError(`${path}: not readable; call poncast sweep again`);
  }
  if (plan.version !== version)
    throw new RunInputError(`${path}: planned by poncast ${plan.version}, this is ${version}; take the same one`);
  if (digestOf(plan, plan.cells) !== plan.digest)
    throw new RunInputError(`${path}: images or presets are not the same here as where the sweep was planned`);
  return plan;
}

/** Whether a sweep here has work for an engine, as it has from the start of the sweep until it is whole. */
export const hasPlan = (sweepFolder: string): boolean => existsSync(join(sweepFolder, FOLDER, PLAN));

/** When the sweep is whole: its folder is as if there had been no engine. */
export const clearWork = (sweepFolder: string): void =>
  rmSync(join(sweepFolder, FOLDER), { recursive: true, force: true });
