/** Means of a sweep as its charts take them. Plain JSON: the page reads it back. */
import type { Axis } from "./sweep-axis.ts";

export interface SweepCharts {
  kind: "sweep";
  /** Strategies, or whatever is compared: one colour and mark each. */
  series: string[];
  /** Places along the axis: one for each value of the field that `xField` names; empty name: there is none. */
  xField: string;
  xLabels: string[];
  /** Where they stand: at a number lines lead from one to the next. */
  xAxis: Axis;
  charts: SweepChart[];
}

/** One figure for one combination of the remaining fields. */
export interface SweepChart {
  id: string;
  /** What is measured, with its unit. */
  axis: string;
  logarithmic: boolean;
  /** By series, then by place; null: no run got that far. */
  points: (SweepPoint | null)[][];
}

/** Mean over the seeds, and the half width of its 95 % confidence interval; null with one seed. */
export interface SweepPoint {
  mean: number;
  ci95: number | null;
  runs: number;
}
