/** What the page is told of runs that are over and of sweeps, to look at them side by side: plain JSON. */
import type { Figures, RunResult } from "../../run/result/index.ts";
import type { ComparedCell } from "../report/sweep-data.ts";

/** A run that is over, as its result says it. */
export interface FinishedRun {
  name: string;
  /** Of its scenario. */
  scenario: string;
  question: string;
  clock: RunResult["clock"];
  seed: number;
  /** Of poncast, with its commit. */
  version: string;
  asExpected: boolean;
  reasons: string[];
  /** What the sizing model expected; null: nobody asked it. */
  model: { copies: number; seconds: number } | null;
  figures: Figures;
  onts: number;
  imageBytes: number;
  /** Every field of its scenario, by its path. */
  fields: Record<string, unknown>;
  /** When each ONT that downloaded was done, seconds after the first Start, ascending. */
  downloads: number[];
  passes: RunResult["groups"];
  passesMore: number;
}

export interface ListedSweep {
  name: string;
  /** As its file has it. */
  title: string;
  question: string;
  version: string;
  /** Combinations of fields. */
  cells: number;
  seeds: number;
  runs: number;
  hasReport: boolean;
  /** When its folder was last changed, ms since 1970. */
  changedMs: number;
}

export interface SweepFacts extends ListedSweep {
  stats: ComparedCell[];
  /** Combinations that are not among them. */
  cellsMore: number;
}
