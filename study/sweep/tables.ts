/** The runs and statistics of a sweep as CSV files, and as the table that people see at its end. */
import type { Cell } from "./plan.ts";
import type { Statistics } from "../../base/statistics/index.ts";
import { alignedText, csvLine } from "../../base/text/index.ts";
import { type Figure, FIGURES } from "../../run/result/index.ts";
import type { RunRecord } from "./record.ts";
import type { CellStats } from "./stats.ts";

export function runsTable(cells: readonly Cell[], runs: readonly RunRecord[]): string {
  const names = Object.keys(cells[0]?.values ?? {});
  const sorted = runs.toSorted((a, b) => a.index - b.index);
  const head = csvLine(["index", "cell", "seed", ...names, ...FIGURES, "exitCode", "reasons"]);
  const line = ({ index, cell, seed, values, figures, exitCode, reasons }: RunRecord): string =>
    csvLine([
      index,
      cell,
      seed,
      ...names.map((name) => values[name]),
      ...FIGURES.map((figure) => figures[figure]),
      exitCode,
      reasons.join("; "),
    ]);
  return head + sorted.map(line).join("");
}

/** A line for each combination and figure. */
export function statsTable(stats: readonly CellStats[]): string {
  const names = Object.keys(stats[0]?.values ?? {});
  const head = csvLine(["cell", ...names, "figure", "runs", "mean", "ci95", "p50", "p95", "p99", "least", "most"]);
  const lines = stats.flatMap(({ cell, values, figures }) =>
    FIGURES.flatMap((figure) => {
      const of = figures[figure];
      if (of === null) return [];
      const { count, mean, ci95, p50, p95, p99, least, most } = of;
      return [
        csvLine([cell, ...names.map((name) => values[name]), figure, count, mean, ci95, p50, p95, p99, least, most]),
      ];
    }),
  );
  return head + lines.join("");
}

const MEGABYTE = 1e6;

/** Columns for people: what, of which figure, in which unit, with how many digits. */
const COLUMNS: readonly { title: string; figure: Figure; unit: number; digits: number }[] = [
  { title: "copies", figure: "imageCopies", unit: 1, digits: 3 },
  { title: "download s", figure: "downloadSeconds", unit: 1, digits: 3 },
  { title: "down MB", figure: "downstreamBytes", unit: MEGABYTE, digits: 2 },
  { title: "up MB", figure: "upstreamBytes", unit: MEGABYTE, digits: 3 },
  { title: "left group", figure: "leftGroup", unit: 1, digits: 1 },
  { title: "committed", figure: "committed", unit: 1, digits: 1 },
  { title: "stored", figure: "stored", unit: 1, digits: 1 },
  { title: "rolled back", figure: "rolledBack", unit: 1, digits: 1 },
  { title: "failed", figure: "failed", unit: 1, digits: 1 },
];
/** What is 0 everywhere, or never came to be, is left out. */
const isWorthShowing = (stats: readonly CellStats[], figure: Figure): boolean =>
  figure === "failed" || stats.some(({ figures }) => (figures[figure]?.most ?? 0) > 0);

/** For people: a line for each combination, mean ± half width of the 95 % confidence interval. */
export function summaryTable(stats: readonly CellStats[]): string {
  const names = Object.keys(stats[0]?.values ?? {});
  const shown = (value: unknown): string => (typeof value === "string" ? value : JSON.stringify(value));
  const mean = (of: Statistics | null, unit: number, digits: number): string => {
    if (of === null) return "–";
    const half = of.ci95 === null || of.ci95 === 0 ? "" : ` ±${(of.ci95 / unit).toFixed(digits)}`;
    return `${(of.mean / unit).toFixed(digits)}${half}`;
  };
  const columns = COLUMNS.filter(({ figure }) => isWorthShowing(stats, figure));
  const rows = [
    [...names, ...columns.map(({ title }) => title), "runs"],
    ...stats.map(({ values, figures, runs, missed }) => [
      ...names.map((name) => shown(values[name])),
      ...columns.map(({ figure, unit, digits }) => mean(figures[figure], unit, digits)),
      missed === 0 ? String(runs) : `${runs}, ${missed} not as expected`,
    ]),
  ];
  const note =
    "mean over seeds ± half of its 95 % confidence interval (Student's t); no ±: all seeds the same, or one seed";
  return `${alignedText(rows)}\n${note}`;
}
