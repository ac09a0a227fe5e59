/** What is kept of one run of a sweep. */
import type { Figures } from "../../run/result/index.ts";
import type { SweepRun } from "./plan.ts";

/** One line of runs.jsonl. */
export interface RunRecord extends SweepRun {
  values: Readonly<Record<string, unknown>>;
  version: string;
  /** Of the plan. */
  digest: string;
  figures: Figures;
  exitCode: 0 | 1;
  reasons: string[];
}
