/** The result in a run's folder, where there is one of this version. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { RUN_FILES } from "../../../run/recorder/index.ts";
import { RESULT_SCHEMA, type RunResult } from "../../../run/result/types.ts";

export function resultIn(folder: string): RunResult | undefined {
  try {
    const result = JSON.parse(readFileSync(join(folder, RUN_FILES.result), "utf8")) as RunResult;
    return (result.schema as string) === RESULT_SCHEMA ? result : undefined;
  } catch {
    return undefined;
  }
}
