import { readFileSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { JournalReader } from "../journal/index.ts";
import { RunInputError } from "../process/errors.ts";
import { RUN_FILES } from "../process/run-folder.ts";
import { RESULT_SCHEMA, type RunResult } from "../result/types.ts";
import { RunModel } from "./run-model.ts";
import { runPage } from "./run-page.ts";

export { RunModel, type RunReport } from "./run-model.ts";
export { runPage } from "./run-page.ts";

/**
 * The page of the run or the sweep in a folder.
 *
 * @throws RunInputError when the folder holds neither; JournalError when its journal is broken
 */
export async function reportOf(folder: string): Promise<string> {
  if (!statSync(folder, { throwIfNoEntry: false })?.isDirectory())
    throw new RunInputError({ message: `${folder}: no such folder` });
  return await reportOfRun(folder);
}

async function reportOfRun(folder: string): Promise<string> {
  const result = readResult(folder);
  const reader = await JournalReader.open(join(folder, RUN_FILES.journal));
  const model = new RunModel();
  for await (const record of reader) model.add(record);
  return runPage(model.report(reader.header, result));
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
