/** What a plot is asked for, and what is drawn: plain data on both sides. */

export const PLOT_KINDS = ["line", "points", "scatter", "box", "ecdf"] as const;
/**
 * `line`: a statistic over the rows of one x, joined; `points`: the same, not joined; `scatter`: each row; `box`: quartiles,
 * whiskers and what lies beyond them; `ecdf`: share of the rows up to x.
 */
export type PlotKind = (typeof PLOT_KINDS)[number];

/** Over the rows of one x and series: the mean, or a quantile by its share. */
export type PlotStatistic = "mean" | number;

export const SPREADS = ["bars", "band", "none"] as const;
/** How the interval of the statistic is shown. */
export type Spread = (typeof SPREADS)[number];

export const FONTS = ["sans", "serif"] as const;
export type PlotFont = (typeof FONTS)[number];

/** Where the size on paper comes from. */
export interface PlotForm {
  widthMm: number;
  /** Left out: by the width, the panels and the legend. */
  heightMm?: number;
  font: PlotFont;
  /** Of labels; ticks are a little smaller. */
  fontPoints: number;
  title?: string;
}

export interface PlotAsk {
  /** Left out: the table that the folder has for it. */
  table?: string;
  /** Columns; left out: what the folder varied, or what the kind is about. */
  x?: string;
  y?: string;
  series?: string;
  facet?: string;
  kind?: PlotKind;
  statistic: PlotStatistic;
  /** Left out: bars, of an ECDF none. */
  spread?: Spread;
  logX?: boolean;
  logY?: boolean;
  /** The sizing model's curve over it. */
  theory: boolean;
  /** Rows that are taken: a column and the value it has there, as text. */
  where: readonly (readonly [column: string, value: string])[];
  xLabel?: string;
  yLabel?: string;
}

/** Places stand side by side; numbers are at their value, or at its logarithm to 10. */
export type PlotScale = "places" | "linear" | "logarithmic";

export interface PlotTick {
  at: number;
  /** Empty: a mark without a number. */
  text: string;
}

/** All that is drawn is in the units of its axes: of a logarithmic one, the logarithm. */
export interface PlotAxis {
  label: string;
  scale: PlotScale;
  domain: readonly [number, number];
  ticks: readonly PlotTick[];
  /** Of a logarithmic axis with a zero: where the axis is broken between zero and the rest. */
  breakAt?: number;
}

export interface PlotPoint {
  x: number;
  y: number;
  low: number | null;
  high: number | null;
}

/** Quartiles; whiskers end at the last value within 1.5 times their distance; what lies beyond. */
export interface PlotBox {
  x: number;
  low: number;
  quartiles: readonly [number, number, number];
  high: number;
  outliers: readonly number[];
}

export interface PlotSeries {
  /** Its place among all series of the plot: colour, sign and line follow from it. */
  index: number;
  points: readonly PlotPoint[];
  boxes: readonly PlotBox[];
  /** The model's curve, in pieces where the axis is broken. */
  theory: readonly (readonly (readonly [x: number, y: number])[])[];
}

export interface PlotPanel {
  /** Empty with one panel. */
  label: string;
  series: readonly PlotSeries[];
}

/** What is drawn, whatever draws it. */
export interface PlotPicture {
  kind: PlotKind;
  spread: Spread;
  x: PlotAxis;
  y: PlotAxis;
  /** Names of all series; a single one without a name has no legend. */
  series: readonly string[];
  seriesLabel: string;
  panels: readonly PlotPanel[];
  hasTheory: boolean;
  /** Lines for whoever asked: too few values, what the model leaves out, what the statistic is. */
  notes: readonly string[];
}
