import { cellLabels, type CellState } from "../cell-state.ts";
import { countText, durationText, plural, rateText } from "../format.ts";
import { chartFigure, figureTable } from "./figure.ts";
import type { Html } from "./html.ts";
import type { RunReport } from "./run-model.ts";
import type { RunCharts, TrafficSeries } from "./types.ts";

/** Rows of a chart's table at most: enough to read its course, few enough to read. */
const TABLE_ROWS = 24;

/** States of the legend in the order of an update, as many as occurred. */
const order = Object.keys(cellLabels) as CellState[];

export function progressFigure({ charts: { onts, endSeconds } }: RunReport): Html {
  const seen = new Set(onts.flatMap(({ states }) => states));
  const last = new Map<CellState, number>();
  for (const { states } of onts) last.set(states.at(-1)!, (last.get(states.at(-1)!) ?? 0) + 1);
  const ends = order.flatMap((state) => (last.has(state) ? [`${last.get(state)} ${cellLabels[state]}`] : []));
  return chartFigure({
    chart: "progress",
    title: "Progress of every ONT",
    summary: `One line for each of ${plural(onts.length, "ONT")} over ${durationText(endSeconds)}, coloured by state. At the end: ${ends.join(", ")}.`,
    legend: order.filter((state) => seen.has(state)).map((state) => ({ mark: state, label: cellLabels[state] })),
    wide: true,
  });
}

export function trafficFigures(report: RunReport): Html[] {
  const { traffic } = report.charts;
  const { budgetBitsPerSecond } = traffic;
  const down = peakAndMean(traffic.downstream);
  const up = peakAndMean(traffic.upstream);
  const budget =
    budgetBitsPerSecond === null
      ? "No budget is set."
      : `The budget is ${rateText(budgetBitsPerSecond)}: at its peak ${share(down.peak, budgetBitsPerSecond)} of it, ${share(down.mean, budgetBitsPerSecond)} on average.`;
  const none = "The journal tells of no traffic.";
  return [
    chartFigure({
      chart: "downstream",
      title: "Downstream rate",
      summary: down.peak === 0 ? none : `${ratesText(down)} while anything was sent. ${budget}`,
      legend: [
        { mark: "line-downstream", label: "downstream, GEM frames" },
        ...(budgetBitsPerSecond === null ? [] : [{ mark: "line-budget", label: "budget" }]),
      ],
      table: rateTable(traffic),
    }),
    chartFigure({
      chart: "upstream",
      title: "Upstream rate",
      summary: up.peak === 0 ? none : `${ratesText(up)} while anything was sent.`,
      legend: [{ mark: "line-upstream", label: "upstream of all ONTs, GEM frames" }],
    }),
  ];
}

/** Mean over the bins in which anything passed. */
function peakAndMean(rates: readonly number[]): { peak: number; mean: number } {
  const busy = rates.filter((rate) => rate > 0);
  const sum = busy.reduce((total, rate) => total + rate, 0);
  return {
    peak: busy.reduce((most, rate) => Math.max(most, rate), 0),
    mean: busy.length === 0 ? 0 : sum / busy.length,
  };
}

const ratesText = ({ peak, mean }: { peak: number; mean: number }): string =>
  `${rateText(peak)} at its peak, ${rateText(mean)} on average`;

const share = (part: number, whole: number): string => `${((part / whole) * 100).toFixed(1)} %`;

/** The course of both directions in a few rows. */
function rateTable({ binSeconds, downstream, upstream }: TrafficSeries): Html {
  const bins = Math.max(1, Math.ceil(downstream.length / TABLE_ROWS));
  const rows: string[][] = [];
  for (let first = 0; first < downstream.length; first += bins) {
    const mean = (rates: readonly number[]): string => {
      const part = rates.slice(first, first + bins);
      return rateText(part.reduce((total, rate) => total + rate, 0) / part.length);
    };
    rows.push([durationText(first * binSeconds), mean(downstream), mean(upstream)]);
  }
  return figureTable(["From", "Downstream", "Upstream"], rows);
}

export function completionFigure({ charts: { completion, onts } }: RunReport): Html {
  const { stored, running, committed } = completion;
  const shares = [0.01, 0.25, 0.5, 0.75, 0.9, 0.95, 0.99, 1];
  const at = (times: readonly number[], part: number): string => {
    const needed = Math.max(1, Math.ceil(part * onts.length));
    return times.length < needed ? "–" : durationText(times[needed - 1]);
  };
  const summary =
    stored.length === 0
      ? "No ONT has stored the image."
      : `Half of the ONTs have the image after ${at(stored, 0.5)}, all after ${at(stored, 1)}; ${countText(committed.length)} of ${countText(onts.length)} have committed it.`.replace(
          "all after –",
          `${stored.length} in all`,
        );
  return chartFigure({
    chart: "completion",
    title: "Completion",
    summary,
    legend: [
      { mark: "line-stored", label: "image stored" },
      { mark: "line-running", label: "runs it" },
      { mark: "line-committed", label: "committed" },
    ],
    table: figureTable(
      ["Share of the ONTs", "Image stored", "Runs it", "Committed"],
      shares.map((part) => [`${part * 100} %`, at(stored, part), at(running, part), at(committed, part)]),
    ),
  });
}

export function windowFigure({ charts: { windows }, result }: RunReport): Html {
  const { windowsPerBar, repeated, parity, ahead } = windows;
  const sum = (values: readonly number[]): number => values.reduce((total, value) => total + value, 0);
  const [again, asked, along] = [sum(repeated), sum(parity), sum(ahead)];
  const summary =
    again + asked + along === 0
      ? "No window needed anything beyond its first sending."
      : `Beyond their first sending the windows took ${plural(again, "section")} sent again, ${plural(asked, "parity section")} because of losses and ${countText(along)} sent ahead.`;
  return chartFigure({
    chart: "windows",
    title: "Repairs per window",
    summary: windowsPerBar === 1 ? summary : `${summary} A bar stands for ${windowsPerBar} windows.`,
    legend: [
      { mark: "bar-repeated", label: "sections sent again" },
      { mark: "bar-parity", label: "parity after losses" },
      { mark: "bar-ahead", label: "parity sent ahead" },
    ],
    table: figureTable(["Windows", "Sent again", "Parity after losses", "Parity ahead"], windowRows(windows)),
  });
}

/** The bars in a few rows. */
function windowRows({ windowsPerBar, repeated, parity, ahead }: RunCharts["windows"]): string[][] {
  const bars = Math.max(1, Math.ceil(repeated.length / TABLE_ROWS));
  const rows: string[][] = [];
  for (let first = 0; first < repeated.length; first += bars) {
    const sum = (values: readonly number[]): string =>
      countText(values.slice(first, first + bars).reduce((total, value) => total + value, 0));
    const to = Math.min(first + bars, repeated.length) * windowsPerBar - 1;
    const from = first * windowsPerBar;
    rows.push([from === to ? String(from) : `${from} to ${to}`, sum(repeated), sum(parity), sum(ahead)]);
  }
  return rows;
}
