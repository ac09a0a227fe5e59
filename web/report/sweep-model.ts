/** From the runs and statistics of a sweep to what its page shows: charts, and differences seed by seed. */
import { statisticsOf, type Statistics } from "../../base/statistics/index.ts";
import type { Figure } from "../../run/result/index.ts";
import type { ComparedCell, ComparedRun, ComparedSweep } from "./sweep-data.ts";
import { LOGARITHMIC_RATIO } from "./sweep-axis.ts";
import { SweepLayout } from "./sweep-layout.ts";
import type { SweepChart, SweepCharts, SweepPoint } from "./sweep-types.ts";

interface ShownFigure {
  figure: Figure;
  label: string;
  unit: string;
  /** Charted only where it is not the same everywhere, listed only where it is not zero everywhere. */
  occasional?: boolean;
}

const figures: readonly ShownFigure[] = [
  { figure: "imageCopies", label: "Copies sent", unit: "copies" },
  { figure: "downloadSeconds", label: "Download, last ONT", unit: "s" },
  { figure: "p50Seconds", label: "Download, median ONT", unit: "s" },
  { figure: "upstreamFrames", label: "Upstream frames", unit: "frames" },
  { figure: "leftGroup", label: "Left the group", unit: "ONTs", occasional: true },
  { figure: "committed", label: "Committed", unit: "ONTs", occasional: true },
  { figure: "stored", label: "Stored", unit: "ONTs", occasional: true },
  { figure: "rolledBack", label: "Rolled back", unit: "ONTs", occasional: true },
  { figure: "failed", label: "Failed", unit: "ONTs", occasional: true },
];

/** Panels beyond these are in the table only. */
const PANELS_MAX = 6;

/** One way against the reference, at one place: mean of the differences seed by seed. */
export interface Difference {
  panel: number;
  x: number;
  series: number;
  stats: Statistics;
}

export interface SweepReport {
  identity: ComparedSweep;
  stats: readonly ComparedCell[];
  /** Figures for which there is a column. */
  listed: readonly ShownFigure[];
  layout: SweepLayout;
  charts: SweepCharts;
  /** Series that the others are compared with: the one with the fewest copies on average. */
  reference: number;
  differences: { figure: Figure; rows: Difference[] }[];
  /** Panels without charts. */
  panelsMore: number;
}

/** @param stats of all combinations, as stats.json has them */
export function sweepReport(
  identity: ComparedSweep,
  stats: readonly ComparedCell[],
  runs: readonly ComparedRun[],
): SweepReport {
  const layout = new SweepLayout(stats);
  const reference = referenceOf(layout, stats);
  const { series, xField, xLabels, xAxis, panels } = layout;
  return {
    identity,
    stats,
    listed: figures.filter((shown) => !shown.occasional || meansOf(stats, shown.figure).some((mean) => mean !== 0)),
    layout,
    charts: {
      kind: "sweep",
      series: [...series],
      xField,
      xLabels: [...xLabels],
      xAxis,
      charts: panels.slice(0, PANELS_MAX).flatMap((_, panel) => chartsOf(layout, stats, panel)),
    },
    reference,
    differences: series.length < 2 ? [] : differencesOf(layout, stats, runs, reference),
    panelsMore: Math.max(0, panels.length - PANELS_MAX),
  };
}

/** Figures with a chart of their own. */
export const chartedFigures = (stats: readonly ComparedCell[]): ShownFigure[] =>
  figures.filter(({ figure, occasional }) => !occasional || new Set(meansOf(stats, figure)).size > 1);

const meansOf = (stats: readonly ComparedCell[], figure: Figure): number[] =>
  stats.flatMap(({ figures: { [figure]: of } }) => (of ? [of.mean] : []));

/** Name of the chart of a figure in a panel. */
export const chartId = (figure: Figure, panel: number): string => `${figure}-${panel}`;

function chartsOf(layout: SweepLayout, stats: readonly ComparedCell[], panel: number): SweepChart[] {
  const own = stats.filter(({ values }) => layout.place(values).panel === panel);
  return chartedFigures(stats).flatMap(({ figure, unit }) => {
    const points: (SweepPoint | null)[][] = layout.series.map(() => layout.xLabels.map(() => null));
    for (const { values, figures } of own) {
      const { series, x } = layout.place(values);
      const of = figures[figure];
      if (of) points[series][x] = { mean: of.mean, ci95: of.ci95, runs: of.count };
    }
    const means = points.flat().flatMap((point) => (point ? [point.mean] : []));
    if (means.length === 0) return [];
    const [least, most] = [Math.min(...means), Math.max(...means)];
    const logarithmic = least > 0 && most / least >= LOGARITHMIC_RATIO;
    return [{ id: chartId(figure, panel), axis: unit === "s" ? "seconds" : unit, logarithmic, points }];
  });
}

function referenceOf(layout: SweepLayout, stats: readonly ComparedCell[]): number {
  const copies = layout.series.map((_, series) => {
    const means = stats.flatMap(({ values, figures }) =>
      layout.place(values).series === series && figures.imageCopies ? [figures.imageCopies.mean] : [],
    );
    return means.length === 0 ? Infinity : means.reduce((sum, mean) => sum + mean, 0) / means.length;
  });
  return copies.indexOf(Math.min(...copies));
}

/** Every strategy meets the same losses with the same seed: what differs seed by seed is the strategy's doing. */
function differencesOf(
  layout: SweepLayout,
  stats: readonly ComparedCell[],
  runs: readonly ComparedRun[],
  reference: number,
): SweepReport["differences"] {
  const bySeed = new Map<number, Map<number, ComparedRun>>();
  for (const run of runs) {
    const ofCell = bySeed.get(run.cell) ?? new Map<number, ComparedRun>();
    ofCell.set(run.seed, run);
    bySeed.set(run.cell, ofCell);
  }
  const places = stats.map(({ cell, values }) => ({ cell, ...layout.place(values) }));
  const compare = (figure: Figure, cell: number, other: number): Statistics | null => {
    const others = bySeed.get(other);
    const pairs = [...(bySeed.get(cell)?.values() ?? [])].map(({ seed, figures }) => [
      figures[figure],
      others?.get(seed)?.figures[figure] ?? null,
    ]);
    return statisticsOf(pairs.flatMap(([mine, theirs]) => (mine === null || theirs === null ? [] : [mine - theirs])));
  };
  return (["imageCopies", "downloadSeconds"] as const).map((figure) => ({
    figure,
    rows: places.flatMap(({ cell, panel, x, series }) => {
      const base = places.find((place) => place.panel === panel && place.x === x && place.series === reference);
      const difference = series === reference || !base ? null : compare(figure, cell, base.cell);
      return difference === null ? [] : [{ panel, x, series, stats: difference }];
    }),
  }));
}
