/** The result in a run's folder, where there is one of this version. */
import { RunInputError } from "../../../run/index.ts";
import { readResult } from "../../../run/recorder/index.ts";
import type { RunResult } from "../../../run/result/types.ts";

export function resultIn(folder: string): RunResult | undefined {
  try {
    return readResult(folder);
  } catch (error) {
    if (error instanceof RunInputError) return undefined;
    throw error;
  }
}
