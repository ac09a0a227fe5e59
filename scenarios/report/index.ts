import { existsSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { JournalReader } from "../journal/index.ts";
import { RunInputError } from "../process/errors.ts";
import { RUN_FILES } from "../process/run-folder.ts";
import { RESULT_SCHEMA, type RunResult } from "../result/types.ts";
import { statsOf } from "../sweep/stats.ts";
import { readIdentity, readRuns, SWEEP_FILES } from "../sweep/store.ts";
import { RunModel } from "./run-model.ts";
import { runPage } from "./run-page.ts";
import { sweepReport } from "./sweep-model.ts";
import { sweepPage } from "./sweep-page.ts";

export { RunModel, type RunReport } from "./run-model.ts";
export { runPage } from "./run-page.ts";
export { sweepReport, type SweepReport } from "./sweep-model.ts";
export { sweepPage } from "./sweep-page.ts";

/**
 * The page of the run or the sweep in a folder.
 *
 * @throws RunInputError when the folder holds neither; JournalError when its journal is broken
 */
export async function reportOf(folder: string): Promise<string> {
  if (!statSync(folder, { throwIfNoEntry: false })?.isDirectory())
    throw new RunInputError({ message: `${folder}: no such folder` });
  return existsSync(join(folder, SWEEP_FILES.plan)) ? reportOfSweep(folder) : await reportOfRun(folder);
}

async function reportOfRun(folder: string): Promise<string> {
  const result = readResult(folder);
  const reader = await JournalReader.open(join(folder, RUN_FILES.journal));
  const model = new RunModel();
  for await (const record of reader) model.add(record);
  return runPage(model.report(reader.header, result));
}

/** @throws RunInputError when no sweep is in the folder */
export function reportOfSweep(folder: string): string {
  const identity = readIdentity(folder);
  const runs = readRuns(folder);
  return sweepPage(sweepReport(identity, statsOf(identity.cells, runs), runs));
}

function readResult(folder: string): RunResult {
  const path = join(folder, RUN_FILES.result);
  let result: RunResult;
  try {
    result = JSON.parse(readFileSync(path, "utf8")) as RunResult;
  } catch {
    throw new RunInputError({ message: `${folder}: no run is in it (${RUN_FILES.result} is missing or not readable)` });
  }
  const { schema } = result as { schema: unknown };
  if (schema !== RESULT_SCHEMA)
    throw new RunInputError({ message: `${path}: schema ${String(schema)}, not ${RESULT_SCHEMA}` });
  return result;
}

/** Writes a page where it is asked for. */
export function writePage(path: string, page: string): void {
  writeFileSync(path, page);
}
