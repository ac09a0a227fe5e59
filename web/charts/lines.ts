/** The charts of a run over time: traffic, and how far the ONTs have come. */
import uPlot from "uplot";
import { rateText } from "../../base/text/index.ts";
import { BUDGET_TIMES_PEAK_MAX, type RunCharts } from "../report/types.ts";
import { figureAxis, rateUnit, timeAxis, timeText } from "./axes.ts";
import type { ChartSpec } from "./chart.ts";
import { colour } from "./theme.ts";

const HEIGHT = 220;
const fullWidth: uPlot.Scale = { time: false, range: (_chart, min, max) => [min, max] };

/** Rate of one direction, in steps as wide as the bins. */
export function rateChart({ traffic, endSeconds }: RunCharts, direction: "downstream" | "upstream"): ChartSpec {
  const rates = traffic[direction];
  const { binSeconds } = traffic;
  const budget = traffic.budgets[direction];
  const peak = Math.max(1, ...rates);
  const drawn = budget !== null && budget <= peak * BUDGET_TIMES_PEAK_MAX ? budget : null;
  const most = Math.max(peak, drawn ?? 0);
  const times = [...rates.map((_, bin) => bin * binSeconds), rates.length * binSeconds];
  return {
    height: HEIGHT,
    overTime: true,
    data: [
      times.map((time) => Math.min(time, Math.max(endSeconds, binSeconds))),
      [...rates, rates.at(-1)!],
      ...(drawn === null ? [] : [times.map(() => drawn)]),
    ],
    scales: { x: fullWidth, y: { range: [0, most * 1.05] } },
    series: [
      {},
      {
        stroke: () => colour(`line-${direction}`),
        fill: () => colour(`fill-${direction}`),
        width: 1.5,
        paths: uPlot.paths.stepped!({ align: 1 }),
        points: { show: false },
      },
      ...(drawn === null
        ? []
        : [{ stroke: () => colour("line-budget"), width: 1.5, dash: [8, 5], points: { show: false } }]),
    ],
    axes: [timeAxis(), figureAxis(rateUnit(most))],
    readout: (index) => {
      const bin = Math.min(index, rates.length - 1);
      const part = budget === null ? "" : ` · ${((rates[bin] / budget) * 100).toFixed(1)} % of the budget`;
      return `${timeText(times[bin], binSeconds, endSeconds)} · ${rateText(rates[bin])}${part}`;
    },
  };
}

/** How many ONTs had come how far, over time. */
export function completionChart({ completion, onts, endSeconds }: RunCharts): ChartSpec {
  const { stored, running, committed } = completion;
  const times = [...new Set([0, ...stored, ...running, ...committed, endSeconds])].sort((a, b) => a - b);
  const curves = [stored, running, committed].map((reached) => countsAt(times, reached));
  const line = (mark: string, dash?: number[]): uPlot.Series => ({
    stroke: () => colour(`line-${mark}`),
    width: 2,
    ...(dash && { dash }),
    paths: uPlot.paths.stepped!({ align: 1 }),
    points: { show: false },
  });
  return {
    height: HEIGHT,
    overTime: true,
    data: [times, ...curves],
    scales: { x: fullWidth, y: { range: [0, onts.length * 1.05] } },
    series: [{}, line("stored"), line("running", [8, 4]), line("committed", [2, 3])],
    axes: [timeAxis(), figureAxis({ divisor: 1, name: "ONTs" }, true)],
    readout: (index) =>
      `${timeText(times[index], endSeconds / 1000, endSeconds)} · stored ${curves[0][index]} · run it ${curves[1][index]} · committed ${curves[2][index]}`,
  };
}

/** How many of the times have come at each instant; both ascending. */
function countsAt(instants: readonly number[], reached: readonly number[]): number[] {
  let count = 0;
  return instants.map((instant) => {
    while (count < reached.length && reached[count] <= instant) count++;
    return count;
  });
}
