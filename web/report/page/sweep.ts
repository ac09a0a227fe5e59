/** The charts of a sweep: means with confidence intervals, side by side. Runs in the browser. */
import type uPlot from "uplot";
import type { SweepChart, SweepCharts, SweepPoint } from "../sweep-types.ts";
import { figureAxis } from "../../charts/axes.ts";
import type { ChartSpec } from "../../charts/chart.ts";
import { colour } from "../../charts/theme.ts";

const HEIGHT = 260;
const SERIES_LOOKS = 6;
/** Share of a place's width over which its points stand side by side. */
const SPREAD = 0.5;
const MARK_SIZE = 4;
const CAP_SIZE = 3;
/** A logarithmic axis goes on by this factor beyond its values. */
const ROOM = 1.3;

/** Means side by side with whiskers as long as their confidence intervals. */
export function sweepChart(charts: SweepCharts, chart: SweepChart): ChartSpec {
  const { xLabels, xField } = charts;
  const { points, logarithmic, axis } = chart;
  const [least, most] = extentOf(points.flat());
  return {
    height: HEIGHT,
    overTime: false,
    // The points are drawn by hand: the chart has places and a range only.
    data: [xLabels.map((_, x) => x), xLabels.map(() => null)],
    scales: {
      x: { time: false, range: [-0.5, xLabels.length - 0.5] },
      y: logarithmic ? { distr: 3, range: [least / ROOM, most * ROOM] } : { range: plainRange(least, most) },
    },
    series: [{}, { points: { show: false } }],
    axes: [
      {
        ...figureAxis({ divisor: 1, name: xField }),
        size: 34,
        labelSize: xField === "" ? 0 : 16,
        grid: { show: false },
        splits: () => xLabels.map((_, x) => x),
        values: () => [...xLabels],
      },
      {
        ...figureAxis({ divisor: 1, name: axis }),
        ...(logarithmic && {
          splits: () => logarithmicSteps(least / ROOM, most * ROOM),
          filter: (_plot, splits) => splits,
        }),
      },
    ],
    draw: (plot) => drawPoints(plot, charts, points),
    readout: (x) => readout(charts, points, x),
  };
}

function extentOf(points: readonly (SweepPoint | null)[]): [least: number, most: number] {
  let [least, most] = [Infinity, -Infinity];
  for (const point of points) {
    if (point === null) continue;
    least = Math.min(least, point.mean - (point.ci95 ?? 0), point.mean);
    most = Math.max(most, point.mean + (point.ci95 ?? 0));
  }
  // A logarithmic axis has no place for an interval that reaches below zero.
  const means = points.flatMap((point) => (point ? [point.mean] : []));
  return [least > 0 ? least : Math.min(...means), most];
}

/** From zero, unless the values would then all look alike. */
function plainRange(least: number, most: number): [number, number] {
  const margin = (most - least || Math.abs(most) || 1) * 0.12;
  return least - margin < most / 2 ? [Math.min(0, least), most + margin] : [least - margin, most + margin];
}

/** 1, 2, 5, 10, 20, … between two values. */
function logarithmicSteps(least: number, most: number): number[] {
  const first = Math.floor(Math.log10(least));
  const last = Math.ceil(Math.log10(most));
  const decades = Array.from({ length: last - first + 1 }, (_, index) => 10 ** (first + index));
  const factors = decades.length > 4 ? [1] : [1, 2, 5];
  const steps = decades.flatMap((decade) => factors.map((factor) => Number((factor * decade).toPrecision(1))));
  return steps.filter((step) => step >= least && step <= most);
}

function drawPoints(plot: uPlot, charts: SweepCharts, points: SweepChart["points"]): void {
  const { ctx, bbox } = plot;
  ctx.save();
  ctx.beginPath();
  // A mark on the axis is seen whole.
  const margin = 2 * MARK_SIZE * devicePixelRatio;
  ctx.rect(bbox.left, bbox.top - margin, bbox.width, bbox.height + 2 * margin);
  ctx.clip();
  const count = points.length;
  for (const [series, ofSeries] of points.entries()) {
    const look = series % SERIES_LOOKS;
    const offset = count < 2 ? 0 : (series / (count - 1) - 0.5) * SPREAD;
    const placed = ofSeries.flatMap((point, x) => (point ? [{ x: plot.valToPos(x + offset, "x", true), point }] : []));
    ctx.strokeStyle = colour(`series-${look}`);
    ctx.fillStyle = ctx.strokeStyle;
    if (charts.xIsOrdered) drawLine(plot, placed);
    for (const { x, point } of placed) drawPoint(plot, x, point, look);
  }
  ctx.restore();
}

interface Placed {
  x: number;
  point: SweepPoint;
}

function drawLine(plot: uPlot, placed: readonly Placed[]): void {
  const { ctx } = plot;
  ctx.globalAlpha = 0.45;
  ctx.lineWidth = devicePixelRatio;
  ctx.beginPath();
  for (const { x, point } of placed) ctx.lineTo(x, plot.valToPos(point.mean, "y", true));
  ctx.stroke();
  ctx.globalAlpha = 1;
}

function drawPoint(plot: uPlot, x: number, { mean, ci95 }: SweepPoint, look: number): void {
  const { ctx, bbox } = plot;
  const y = plot.valToPos(mean, "y", true);
  const cap = CAP_SIZE * devicePixelRatio;
  if (ci95 !== null) {
    const top = plot.valToPos(mean + ci95, "y", true);
    const low = mean - ci95;
    const isOnAxis = low > 0 || plot.scales.y.distr !== 3;
    const bottom = isOnAxis ? plot.valToPos(low, "y", true) : bbox.top + bbox.height;
    ctx.lineWidth = 1.5 * devicePixelRatio;
    ctx.beginPath();
    ctx.moveTo(x, top);
    ctx.lineTo(x, bottom);
    for (const end of [top, bottom]) {
      ctx.moveTo(x - cap, end);
      ctx.lineTo(x + cap, end);
    }
    ctx.stroke();
  }
  ctx.beginPath();
  outline(ctx, x, y, MARK_SIZE * devicePixelRatio, look);
  ctx.fill();
}

/** Circle, square, triangle, diamond, cross, bar: series differ by shape as well as by colour, as in the style sheet. */
function outline(ctx: CanvasRenderingContext2D, x: number, y: number, size: number, look: number): void {
  const polygon = (...corners: [number, number][]): void => {
    for (const [right, down] of corners) ctx.lineTo(x + right * size, y + down * size);
    ctx.closePath();
  };
  switch (look) {
    case 0:
      return ctx.arc(x, y, size, 0, 2 * Math.PI);
    case 1:
      return polygon([-0.9, -0.9], [0.9, -0.9], [0.9, 0.9], [-0.9, 0.9]);
    case 2:
      return polygon([0, -1.2], [1.1, 0.9], [-1.1, 0.9]);
    case 3:
      return polygon([0, -1.3], [1.3, 0], [0, 1.3], [-1.3, 0]);
    case 4:
      return polygon([0, 1.2], [1.1, -0.9], [-1.1, -0.9]);
    default:
      return polygon([-1.4, -0.5], [1.4, -0.5], [1.4, 0.5], [-1.4, 0.5]);
  }
}

function readout({ series, xField, xLabels }: SweepCharts, points: SweepChart["points"], x: number): string {
  const parts = series.flatMap((name, index) => {
    const point = points[index][x];
    if (point === null) return [];
    const shown = (value: number): string => Number(value.toPrecision(4)).toLocaleString("en-US");
    const interval = point.ci95 === null ? "" : ` ±${Number(point.ci95.toPrecision(2)).toLocaleString("en-US")}`;
    return [`${name} ${shown(point.mean)}${interval}`.trim()];
  });
  return [xField === "" ? "" : `${xField} ${xLabels[x]}`, ...parts].filter((text) => text !== "").join(" · ");
}
