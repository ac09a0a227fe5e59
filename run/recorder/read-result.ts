/** The result that a run has left in its folder. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { RunInputError } from "../errors.ts";
import { RESULT_SCHEMA, type RunResult } from "../result/types.ts";
import { RUN_FILES } from "./run-folder.ts";

/** @throws RunInputError when there is none, or one of another version */
export function readResult(folder: string): RunResult {
  const path = join(folder, RUN_FILES.result);
  let result: RunResult;
  try {
    result = JSON.parse(readFileSync(path, "utf8")) as RunResult;
  } catch {
    throw new RunInputError(`${folder}: no run is in it (${RUN_FILES.result} is missing or not readable)`);
  }
  const { schema } = result as { schema: unknown };
  if (schema !== RESULT_SCHEMA) throw new RunInputError(`${path}: schema ${String(schema)}, not ${RESULT_SCHEMA}`);
  return result;
}
