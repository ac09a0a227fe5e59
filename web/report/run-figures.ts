/** The figures of a run's page: which charts there are, and what each says in words and in a table. */
import { cellLabels, type CellState } from "../../run/states/index.ts";
import { countText, durationText, plural, rateText } from "../../base/text/index.ts";
import { chartFigure, figureTable, type LegendEntry } from "./figure.ts";
import type { Html } from "./html.ts";
import type { RunReport } from "./run-model.ts";
import { BUDGET_TIMES_PEAK_MAX, type RunCharts, type TrafficSeries } from "./types.ts";

/** Rows of a chart's table at most: enough to read its course, few enough to read. */
const TABLE_ROWS = 24;
const completionShares = [0.01, 0.25, 0.5, 0.75, 0.9, 0.95, 0.99, 1];

/** States of the legend in the order of an update, as many as occurred. */
const order = Object.keys(cellLabels) as CellState[];

export function progressFigure({ charts: { onts, endSeconds, commands } }: RunReport): Html {
  const seen = new Set(onts.flatMap(({ states }) => states));
  const last = new Map<CellState, number>();
  for (const { states } of onts) last.set(states.at(-1)!, (last.get(states.at(-1)!) ?? 0) + 1);
  const ends = order.flatMap((state) => (last.has(state) ? [`${last.get(state)} ${cellLabels[state]}`] : []));
  return chartFigure({
    chart: "progress",
    title: "Progress of every ONT",
    summary: `One line for each of ${plural(onts.length, "ONT")} over ${durationText(endSeconds)}, coloured by state. At the end: ${ends.join(", ")}.`,
    legend: [
      ...order.filter((state) => seen.has(state)).map((state) => ({ mark: state, label: cellLabels[state] })),
      ...(commands.length > 0 ? [{ mark: "line-command", label: "the operator's command" }] : []),
    ],
    hint: "Drag across a chart to zoom into a part of the run, double-click to see the whole again.",
    wide: true,
  });
}

export function trafficFigures(report: RunReport): Html[] {
  const { traffic } = report.charts;
  const { budgets } = traffic;
  const [down, up] = [traffic.downstream, traffic.upstream].map((rates) => peakAndMean(rates, report));
  const isDrawn = (budget: number | null, { peak }: Rates): boolean =>
    budget !== null && budget <= peak * BUDGET_TIMES_PEAK_MAX;
  const budgetMark = (name: string): LegendEntry => ({ mark: "line-budget", label: name });
  return [
    chartFigure({
      chart: "downstream",
      title: "Downstream rate",
      summary: `${ratesText(down)} ${budgets.downstream === null ? "No budget is set." : budgetText("The budget is", budgets.downstream, down)}`,
      empty: down.peak === 0,
      legend: [
        { mark: "line-downstream", label: "downstream, GEM frames" },
        ...(isDrawn(budgets.downstream, down) ? [budgetMark("budget")] : []),
      ],
      table: rateTable(traffic),
    }),
    chartFigure({
      chart: "upstream",
      title: "Upstream rate",
      summary: `${ratesText(up)} ${budgets.upstream === null ? "" : budgetText("The ONTs are granted", budgets.upstream, up)}`,
      empty: up.peak === 0,
      legend: [
        { mark: "line-upstream", label: "all ONTs together, GEM frames" },
        ...(isDrawn(budgets.upstream, up) ? [budgetMark("granted")] : []),
      ],
    }),
  ];
}

const budgetText = (beginning: string, budget: number, { mean }: Rates): string =>
  `${beginning} ${rateText(budget)}${mean === null ? "" : `, of which the download takes ${share(mean, budget)}`}.`;

interface Rates {
  peak: number;
  /** Over the download; null where there was none. */
  mean: number | null;
}

function peakAndMean(rates: readonly number[], { charts, result }: RunReport): Rates {
  const peak = rates.reduce((most, rate) => Math.max(most, rate), 0);
  const { downloadSeconds } = result.timing;
  const starts = charts.onts.flatMap(({ seconds, states }) => seconds[states.indexOf("downloading")] ?? []);
  if (downloadSeconds === null || starts.length === 0) return { peak, mean: null };
  const { binSeconds } = charts.traffic;
  const fromSeconds = Math.min(...starts);
  const first = Math.floor(fromSeconds / binSeconds);
  const last = Math.ceil((fromSeconds + downloadSeconds) / binSeconds);
  const bits = rates.slice(first, last).reduce((sum, rate) => sum + rate * binSeconds, 0);
  return { peak, mean: bits / downloadSeconds };
}

function ratesText({ peak, mean }: Rates): string {
  if (peak === 0) return "The journal tells of no traffic.";
  return `${rateText(peak)} at the peak${mean === null ? "" : `, ${rateText(mean)} on average over the download`}.`;
}

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
  /** When so large a share of the ONTs had come so far. */
  const at = (times: readonly number[], share: number): string => {
    const time = times[Math.max(1, Math.ceil(share * onts.length)) - 1];
    return time === undefined ? "–" : durationText(time);
  };
  const all = stored.length === onts.length ? `all after ${at(stored, 1)}` : `${stored.length} of them in the end`;
  const half = stored.length * 2 < onts.length ? "" : `half of the ONTs after ${at(stored, 0.5)}, `;
  return chartFigure({
    chart: "completion",
    title: "Completion",
    summary:
      stored.length === 0
        ? "No ONT stored the image."
        : `The image is stored by ${half}${all}; ${countText(committed.length)} of ${countText(onts.length)} committed it.`,
    empty: stored.length === 0,
    legend: [
      { mark: "line-stored", label: "image stored" },
      { mark: "line-running", label: "runs it" },
      { mark: "line-committed", label: "committed" },
    ],
    table: figureTable(
      ["Share of the ONTs", "Image stored", "Runs it", "Committed"],
      completionShares.map((share) => [
        `${share * 100} %`,
        ...[stored, running, committed].map((times) => at(times, share)),
      ]),
    ),
  });
}

export function windowFigure({ charts: { windows } }: RunReport): Html {
  const { windowsPerBar, repeated, parity, ahead } = windows;
  const [again, asked, along] = [repeated, parity, ahead].map((counts) =>
    counts.reduce((sum, count) => sum + count, 0),
  );
  const extra = again + asked + along;
  const kinds = [
    again > 0 ? `${plural(again, "section")} sent again` : "",
    asked > 0 ? `${plural(asked, "parity section")} after losses` : "",
    along > 0 ? `${plural(along, "parity section")} sent ahead` : "",
  ].filter((text) => text !== "");
  const bar = windowsPerBar === 1 ? "" : ` A bar stands for ${windowsPerBar} windows.`;
  return chartFigure({
    chart: "windows",
    title: "Repairs per window",
    summary:
      extra === 0
        ? "No window took anything beyond its first sending."
        : `Beyond their first sending, the windows took ${kinds.join(", ")}.${bar}`,
    empty: extra === 0,
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
