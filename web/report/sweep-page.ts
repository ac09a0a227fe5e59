/** The page of a sweep: verdict, charts, differences and the table of all combinations. */
import type { Statistics } from "../../base/statistics/index.ts";
import type { Figure } from "../../run/result/index.ts";
import type { ComparedCell } from "./sweep-data.ts";
import { countText, plural, valueWords } from "../../base/text/index.ts";
import { MODEL_LIMITS, pageDocument } from "./document.ts";
import { chartFigure, figureTable } from "./figure.ts";
import { type Html, html } from "./html.ts";
import { chartedFigures, chartId, type SweepReport } from "./sweep-model.ts";

/** Significant digits of a mean, two of its interval. */
const MEAN_DIGITS = 4;
const INTERVAL_DIGITS = 2;
const DECIMALS_MAX = 9;
/** Rows of the table of combinations at most. */
const ROWS_MAX = 2000;
/** Looks of series in the style sheet; more series begin again. */
const SERIES_LOOKS = 6;

/** The report of a sweep as a page of its own. */
export function sweepPage(report: SweepReport): string {
  const { identity, charts } = report;
  const body = html`<header>
      <p class="kind">poncast sweep report</p>
      <h1>${identity.name}</h1>
      ${verdict(report)}
    </header>
    <main>
      <noscript><p>The charts need JavaScript; the tables hold the same figures.</p></noscript>
      ${figures(report)} ${differences(report)} ${combinations(report)}
    </main>`;
  const footer = `poncast ${identity.version} · virtual time · seeds 1 to ${identity.seeds} · intervals are 95 % confidence intervals of the mean over seeds (Student's t) · ${MODEL_LIMITS}`;
  return pageDocument({ title: `${identity.name} · poncast sweep report`, footer, body, charts });
}

function verdict({ identity, stats }: SweepReport): Html {
  const runs = stats.reduce((sum, cell) => sum + cell.runs, 0);
  const missed = stats.reduce((sum, cell) => sum + cell.missed, 0);
  const planned = stats.length * identity.seeds;
  const complete = runs >= planned;
  const word = !complete ? "Not complete" : missed === 0 ? "All as expected" : "Not all as expected";
  const parts = [
    complete ? plural(runs, "run") : `${countText(runs)} of ${plural(planned, "run")}`,
    `${plural(stats.length, "combination")} × ${plural(identity.seeds, "seed")}`,
    ...(missed > 0 ? [`${plural(missed, "run")} not as the scenario expects`] : []),
  ];
  const good = complete && missed === 0;
  return html`<p class="verdict">
      <strong class="${good ? "good" : "bad"}"><span aria-hidden="true">${good ? "✓" : "✗"}</span> ${word}</strong>
      ${parts.join(", ")}
    </p>
    ${identity.question !== "" && html`<p class="question">${identity.question}</p>`}
    <p class="question">Charts and tables show means over seeds with their 95 % confidence intervals.</p>`;
}

const seriesMark = (series: number): string => `series-${series % SERIES_LOOKS}`;

function figures({ layout, charts, stats, panelsMore }: SweepReport): Html[] {
  const { panels, series } = layout;
  const legend = series.length < 2 ? [] : series.map((label, index) => ({ mark: seriesMark(index), label }));
  const own = (panel: number): ComparedCell[] => stats.filter(({ values }) => layout.place(values).panel === panel);
  const made = panels.flatMap((panel, index) =>
    chartedFigures(stats).flatMap(({ figure, label }) => {
      const chart = charts.charts.find(({ id }) => id === chartId(figure, index));
      if (chart === undefined) return [];
      const scale = chart.logarithmic ? " The vertical axis is logarithmic." : "";
      return [
        chartFigure({
          chart: chart.id,
          title: panel === "" ? label : `${label} (${panel})`,
          summary: `${extremes(own(index), figure)}${scale}`,
          legend,
        }),
      ];
    }),
  );
  if (panelsMore === 0) return made;
  return [...made, html`<p class="wide">${plural(panelsMore, "further group")} of combinations: see the table.</p>`];
}

/** The least and the largest mean, and where. */
function extremes(stats: readonly ComparedCell[], figure: Figure): string {
  const known = stats.flatMap(({ figures, values }) => {
    const of = figures[figure];
    return of === null ? [] : [{ of, values }];
  });
  const sorted = known.toSorted((a, b) => a.of.mean - b.of.mean);
  const text = (entry: (typeof known)[number]): string => {
    const where = Object.entries(entry.values).map(([field, value]) => `${field} ${valueWords(value)}`);
    return `${meanText(entry.of)}${where.length === 0 ? "" : ` (${where.join(", ")})`}`;
  };
  return sorted.length < 2 ? "" : `From ${text(sorted[0])} to ${text(sorted.at(-1)!)}.`;
}

/** "1.029 ±0.0021": as many digits as the interval is worth. */
export function meanText({ mean, ci95 }: Pick<Statistics, "mean" | "ci95">): string {
  const digits = Math.min(decimals(mean, MEAN_DIGITS), ci95 ? decimals(ci95, INTERVAL_DIGITS) : Infinity);
  const text = (value: number): string =>
    value.toLocaleString("en-US", { minimumFractionDigits: digits, maximumFractionDigits: digits });
  const isCertain = ci95 === null || ci95 < 0.5 * 10 ** -digits;
  // Without an interval trailing zeros say nothing.
  if (isCertain) return Number(mean.toFixed(digits)).toLocaleString("en-US", { maximumFractionDigits: digits });
  return `${text(mean)} ±${text(ci95)}`;
}

/** Decimals that show a value with so many significant digits. */
const decimals = (value: number, significant: number): number =>
  value === 0
    ? DECIMALS_MAX
    : Math.min(DECIMALS_MAX, Math.max(0, significant - 1 - Math.floor(Math.log10(Math.abs(value)))));

const differenceLabels: Partial<Record<Figure, string>> = {
  imageCopies: "Image copies",
  downloadSeconds: "Download, s",
};

function differences({ layout, reference, differences }: SweepReport): Html | undefined {
  const { series, xField, xLabels, panels } = layout;
  const others = series.flatMap((label, index) => (index === reference ? [] : [{ label, index }]));
  const tables = differences.flatMap(({ figure, rows }) => {
    if (rows.length === 0) return [];
    const body = panels.flatMap((panel, panelIndex) =>
      xLabels.map((x, xIndex) => {
        const place = [panel, xField === "" ? "" : `${xField} ${x}`].filter((text) => text !== "").join(", ");
        const cells = others.map(({ index }) => {
          const found = rows.find((row) => row.panel === panelIndex && row.x === xIndex && row.series === index);
          return found === undefined ? "–" : differenceText(found.stats);
        });
        return [place || "all runs", ...cells];
      }),
    );
    return [
      html`<div>
        <h3>${differenceLabels[figure]}</h3>
        ${figureTable(["", ...others.map(({ label }) => label)], body)}
      </div>`,
    ];
  });
  if (tables.length === 0) return undefined;
  return html`<section class="wide" id="differences">
    <h2>Compared with ${series[reference]}, seed by seed</h2>
    <p class="question">
      With the same seed every combination meets the same losses: what differs is its own doing. “=” where the 95 %
      confidence interval of the difference includes nought.
    </p>
    <div class="columns">${tables}</div>
  </section>`;
}

/** "+0.0210 ±0.0020", "−1.3 ±0.4", or "=" for what may be chance. */
function differenceText(stats: Statistics): string {
  const { mean, ci95 } = stats;
  if (mean === 0 || (ci95 !== null && Math.abs(mean) <= ci95)) return "=";
  const text = meanText({ mean: Math.abs(mean), ci95 });
  return `${mean < 0 ? "−" : "+"}${text}`;
}

function combinations({ stats, listed }: SweepReport): Html {
  const fields = Object.keys(stats[0]?.values ?? {});
  const isNumeric = (field: string): boolean => stats.every(({ values }) => typeof values[field] === "number");
  const head = (label: string, number: boolean): Html =>
    html`<th scope="col" class="${number ? "number" : ""}">${label}</th>`;
  const columns = [
    ...listed.map(({ label, unit }) => (unit === "s" ? `${label}, s` : label)),
    "Runs",
    "Not as expected",
  ];
  const more = stats.length - ROWS_MAX;
  return html`<section class="wide" id="combinations">
    <h2>All combinations</h2>
    <div class="scroll">
      <table class="sortable">
        <thead>
          <tr>
            ${fields.map((field) => head(field, isNumeric(field)))} ${columns.map((label) => head(label, true))}
          </tr>
        </thead>
        <tbody>
          ${stats.slice(0, ROWS_MAX).map((cell) => combinationRow(cell, fields, isNumeric, listed))}
        </tbody>
      </table>
    </div>
    ${more > 0 && html`<p>and ${plural(more, "combination")} more: see stats.csv</p>`}
  </section>`;
}

function combinationRow(
  { values, figures, runs, missed }: ComparedCell,
  fields: readonly string[],
  isNumeric: (field: string) => boolean,
  listed: SweepReport["listed"],
): Html {
  const figureCell = (order: number | undefined, text: string): Html =>
    html`<td class="number" data-order="${order ?? Number.MAX_VALUE}">${text}</td>`;
  const fieldCells = fields.map((field) => {
    const text = valueWords(values[field]);
    return html`<td class="${isNumeric(field) ? "number" : ""}" data-order="${text}">${text}</td>`;
  });
  const figureCells = listed.map(({ figure }) => {
    const of = figures[figure];
    return figureCell(of?.mean, of === null ? "–" : meanText(of));
  });
  const counts = [runs, missed].map((count) => figureCell(count, countText(count)));
  return html`<tr>
    ${fieldCells} ${figureCells} ${counts}
  </tr>`;
}
