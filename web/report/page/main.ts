/**
 * The script of a page: draws its charts, again for other colours and widths, and brings its tables to life. Runs in
 * the browser, from data in the page.
 */
import type uPlot from "uplot";
import type { SweepCharts } from "../sweep-types.ts";
import type { RunCharts } from "../types.ts";
import { windowChart } from "../../charts/bars.ts";
import { type ChartSpec, drawChart } from "../../charts/chart.ts";
import { completionChart, rateChart } from "../../charts/lines.ts";
import { passChart } from "./passes.ts";
import { progressChart } from "./progress.ts";
import { sweepChart } from "./sweep.ts";
import { makeFilterable, makeSortable } from "./table.ts";

const charts = JSON.parse(document.getElementById("charts")!.textContent) as RunCharts | SweepCharts;

function specs(): Map<string, () => ChartSpec> {
  if (charts.kind === "sweep")
    return new Map(charts.charts.map((chart) => [chart.id, () => sweepChart(charts, chart)]));
  return new Map([
    ["progress", () => progressChart(charts)],
    ["passes", () => passChart(charts)],
    ["downstream", () => rateChart(charts, "downstream")],
    ["upstream", () => rateChart(charts, "upstream")],
    ["completion", () => completionChart(charts)],
    ["windows", () => windowChart(charts)],
  ]);
}

/** Charts of a sweep are not over the time of a run. */
const marks = charts.kind === "run" ? charts.commands : [];

const drawn = new Map<HTMLElement, uPlot>();

/** Draws every chart again: in the colours and at the width that hold now. */
function drawAll(): void {
  const all = specs();
  for (const plot of document.querySelectorAll<HTMLElement>(".plot")) {
    drawn.get(plot)?.destroy();
    const spec = all.get(plot.dataset.chart!);
    const readout = plot.parentElement!.querySelector<HTMLElement>(".readout");
    if (spec && readout) drawn.set(plot, drawChart({ plot, readout }, { ...spec(), marks }));
  }
  document.documentElement.dataset.drawn = String(drawn.size);
}

const fit = new ResizeObserver((entries) => {
  for (const { target, contentRect } of entries) {
    const chart = drawn.get(target as HTMLElement);
    const width = Math.floor(contentRect.width);
    if (chart && width > 0 && chart.width !== width) chart.setSize({ width, height: chart.height });
  }
});

function forPaper(paper: boolean): void {
  document.documentElement.classList.toggle("paper", paper);
  drawAll();
}

drawAll();
for (const plot of drawn.keys()) fit.observe(plot);
matchMedia("(prefers-color-scheme: dark)").addEventListener("change", drawAll);
addEventListener("beforeprint", () => forPaper(true));
addEventListener("afterprint", () => forPaper(false));

for (const table of document.querySelectorAll<HTMLTableElement>("table.sortable")) makeSortable(table);
const form = document.querySelector<HTMLFormElement>("form.filter");
const table = document.querySelector<HTMLTableElement>("#onts table.sortable");
if (form && table) makeFilterable(form, table);
