/** Rate against budget over time, and bytes done. */
import { useEffect, useRef } from "preact/hooks";
import type uPlot from "uplot";
import { figureAxis, rateUnit, timeAxis, timeText } from "../../charts/axes.ts";
import { type ChartSpec, drawChart } from "../../charts/chart.ts";
import { colour } from "../../charts/theme.ts";
import type { ShownRun } from "../model/apply.ts";
import { useTheme, useWidth } from "./hooks.ts";
import { pictureText, type PictureSpec } from "./picture/picture.tsx";
import { figureScale, timeScale } from "./picture/scale.ts";
import { TakeAlong } from "./take-along.tsx";
import type { RunStore } from "./store.ts";
import { rateText } from "./words.ts";

const HEIGHT = 190;
/** Drawn so often at most. */
const DRAW_MS = 250;
const MS_PER_SECOND = 1000;
/** A budget further above the traffic than this is told, not drawn. */
const BUDGET_TIMES_MAX = 4;

function dataOf({ series }: ShownRun): { data: uPlot.AlignedData; most: number } {
  const peak = Math.max(1, ...series.map(([, rate]) => rate));
  const budgets = series.map(([, , budget]) => (budget < 0 || budget > peak * BUDGET_TIMES_MAX ? null : budget));
  return {
    data: [series.map(([timeMs]) => timeMs / MS_PER_SECOND), series.map(([, rate]) => rate), budgets],
    most: Math.max(peak, ...budgets.map((budget) => budget ?? 0)),
  };
}

function specOf(store: RunStore): ChartSpec {
  const { data, most } = dataOf(store.shown!);
  return {
    height: HEIGHT,
    overTime: true,
    data,
    scales: {
      x: { time: false, range: (_chart, min, max) => [min, Math.max(max, min + 1e-3)] },
      y: { range: [0, most * 1.05] },
    },
    series: [
      {},
      {
        stroke: () => colour("line-downstream"),
        fill: () => colour("fill-downstream"),
        width: 1.5,
        points: { show: false },
      },
      { stroke: () => colour("line-budget"), width: 1.5, dash: [8, 5], points: { show: false } },
    ],
    axes: [timeAxis(), figureAxis(rateUnit(most))],
    readout: (index) => {
      const sample = store.shown?.series[index];
      if (sample === undefined) return "";
      const [timeMs, rate, budget] = sample;
      const seconds = timeMs / MS_PER_SECOND;
      const part = budget > 0 ? ` · ${((rate / budget) * 100).toFixed(0)} % of the budget` : "";
      return `${timeText(seconds, 0.1, seconds)} · ${rateText(rate)}${part}`;
    },
  };
}

/** The same to be taken along. */
function pictureOf({ facts, series }: ShownRun): PictureSpec {
  const rates = series.map(([timeMs, rate]) => ({ x: timeMs / MS_PER_SECOND, y: rate }));
  const peak = Math.max(1, ...rates.map(({ y }) => y));
  const budgets = series
    .filter(([, , budget]) => budget >= 0 && budget <= peak * BUDGET_TIMES_MAX)
    .map(([timeMs, , budget]) => ({ x: timeMs / MS_PER_SECOND, y: budget }));
  const { divisor, name } = rateUnit(Math.max(peak, ...budgets.map(({ y }) => y)));
  const scaled = (points: typeof rates): typeof rates => points.map(({ x, y }) => ({ x, y: y / divisor }));
  const curves = [
    { name: "downstream", points: scaled(rates), line: "straight" as const, hasMarks: false },
    { name: "budget", points: scaled(budgets), line: "straight" as const, hasMarks: false },
  ].filter(({ points }) => points.length > 0);
  return {
    title: `${facts.name}: rate over time`,
    x: { ...timeScale(rates.at(-1)?.x ?? 1, 8), label: "time of the run" },
    y: {
      ...figureScale([0, ...curves.flatMap(({ points }) => points.map(({ y }) => y))], 5),
      // One alone has no legend.
      label: curves.length === 1 ? `${curves[0]!.name}, ${name}` : name,
    },
    curves,
    readouts: [],
  };
}

const rowsOf = ({ series }: ShownRun): unknown[][] => [
  ["seconds", "downstream bit/s", "budget bit/s", "bytes done", "copies"],
  ...series.map(([timeMs, rate, budget, bytes, copies]) => [
    timeMs / MS_PER_SECOND,
    rate,
    budget < 0 ? null : budget,
    bytes,
    copies,
  ]),
];

const PICTURE_WIDTH = 900;

export function RateChart({ store }: { store: RunStore }) {
  const [plot, width] = useWidth<HTMLDivElement>();
  const readout = useRef<HTMLOutputElement>(null);
  const theme = useTheme();
  const shown = store.shown;
  useEffect(() => {
    if (plot.current === null || readout.current === null || width === 0) return undefined;
    let chart = drawChart({ plot: plot.current, readout: readout.current }, specOf(store));
    let { most } = dataOf(store.shown!);
    let drawnMs = performance.now();
    const stop = store.listen(() => {
      if (performance.now() - drawnMs < DRAW_MS || plot.current === null || readout.current === null) return;
      drawnMs = performance.now();
      const next = dataOf(store.shown!);
      if (next.data[0].length === chart.data[0].length) return;
      // Its axis has another unit, or another range.
      if (next.most !== most) {
        most = next.most;
        chart.destroy();
        chart = drawChart({ plot: plot.current, readout: readout.current }, specOf(store));
      } else chart.setData(next.data);
    });
    return () => {
      stop();
      chart.destroy();
    };
  }, [store, shown?.facts, width, theme]);
  return (
    <section aria-label="Rate over time" class="chart">
      <h2>Rate over time</h2>
      <p class="legend-line">
        <span class="swatch downstream" /> downstream <span class="swatch budget" /> budget
      </p>
      <div ref={plot} class="plot" tabIndex={0} role="group" aria-label="Rate over time: arrow keys read values" />
      <output ref={readout} class="readout" />
      <TakeAlong
        name={`${store.shown!.facts.name} rate over time`}
        picture={() => pictureText(pictureOf(store.shown!), PICTURE_WIDTH)}
        rows={() => rowsOf(store.shown!)}
      />
    </section>
  );
}
