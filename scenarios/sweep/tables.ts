import type { Cell } from "./plan.ts";
import { FIGURES, type RunRecord } from "./record.ts";
import type { CellStats } from "./stats.ts";

/** A value as one field of CSV (RFC 4180). */
function field(value: unknown): string {
  const text = value === null || value === undefined ? "" : typeof value === "string" ? value : JSON.stringify(value);
  return /[",\n\r]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}

const row = (values: readonly unknown[]): string => `${values.map(field).join(",")}\r\n`;

export function runsTable(cells: readonly Cell[], runs: readonly RunRecord[]): string {
  const names = Object.keys(cells[0]?.values ?? {});
  const sorted = runs.toSorted((a, b) => a.index - b.index);
  const head = row(["index", "cell", "seed", ...names, ...FIGURES, "exitCode", "reasons"]);
  const line = ({ index, cell, seed, values, figures, exitCode, reasons }: RunRecord): string =>
    row([
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
  const head = row(["cell", ...names, "figure", "runs", "mean", "ci95", "p50", "p95", "p99", "least", "most"]);
  const lines = stats.flatMap(({ cell, values, figures }) =>
    FIGURES.flatMap((figure) => {
      const of = figures[figure];
      if (of === null) return [];
      const { count, mean, ci95, p50, p95, p99, least, most } = of;
      return [row([cell, ...names.map((name) => values[name]), figure, count, mean, ci95, p50, p95, p99, least, most])];
    }),
  );
  return head + lines.join("");
}

/** For people: a line for each combination, mean ± half width of the 95 % confidence interval. */
export function summaryTable(stats: readonly CellStats[]): string {
  const names = Object.keys(stats[0]?.values ?? {});
  const shown = (value: unknown): string => (typeof value === "string" ? value : JSON.stringify(value));
  const mean = (of: CellStats["figures"]["imageCopies"], digits: number): string =>
    of === null ? "–" : `${of.mean.toFixed(digits)}${of.ci95 === null ? "" : ` ±${of.ci95.toFixed(digits)}`}`;
  const rows = [
    [...names, "copies", "download s", "p99 s", "committed", "runs"],
    ...stats.map(({ values, figures, runs, missed }) => [
      ...names.map((name) => shown(values[name])),
      mean(figures.imageCopies, 3),
      mean(figures.downloadSeconds, 3),
      mean(figures.p99Seconds, 3),
      figures.committed === null ? "–" : figures.committed.mean.toFixed(1),
      missed === 0 ? String(runs) : `${runs}, ${missed} not as expected`,
    ]),
  ];
  const widths = rows[0].map((_, column) => Math.max(...rows.map((cells) => cells[column].length)));
  const line = (cells: readonly string[]): string =>
    cells
      .map((cell, column) => cell.padEnd(widths[column]))
      .join("  ")
      .trimEnd();
  return rows.map(line).join("\n");
}
