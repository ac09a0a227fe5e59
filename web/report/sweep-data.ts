/** What pages take of a sweep. This room may not import the study that makes them, so the shapes are its own. */
import type { Statistics } from "../../base/statistics/index.ts";
import type { Figure, Figures } from "../../run/result/index.ts";

/** What a page needs to know of a sweep; whoever ran one hands it over. */
export interface ComparedSweep {
  name: string;
  question: string;
  /** Of poncast. */
  version: string;
  seeds: number;
}

/** One combination of the fields that vary, over its seeds. */
export interface ComparedCell {
  cell: number;
  /** By field. */
  values: Readonly<Record<string, unknown>>;
  runs: number;
  /** Runs that did not end as their scenario expects. */
  missed: number;
  figures: Record<Figure, Statistics | null>;
}

export interface ComparedRun {
  cell: number;
  seed: number;
  figures: Figures;
}
