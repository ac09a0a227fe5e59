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
/** Share of a numeric axis that is left free at either end. */
const END_ROOM = 0.05;
const LABEL_GAP = 10;
/** Of the axis with labels of one line, and of each line more. */
const AXIS_SIZE = 34;
const LINE_SIZE = 18;
/** Of the mark where an axis is broken, pixels. */
const BREAK_SIZE = 4;
const MARK_SIZE = 4;
const CAP_SIZE = 3;
/** A logarithmic axis goes on by this factor beyond its values. */
const ROOM = 1.3;

/** Means side by side with whiskers as long as their confidence intervals. */
export function sweepChart(charts: SweepCharts, chart: SweepChart): ChartSpec {
  const { xLabels, xField, xAxis } = charts;
  const { points, logarithmic, axis } = chart;
  const [least, most] = extentOf(points.flat());
  return {
    height: HEIGHT,
    overTime: false,
    // The points are drawn by hand: the chart has places and a range only.
    data: [xAxis.at, xLabels.map(() => null)],
    scales: {
      x: { time: false, range: xRange(xAxis) },
      y: logarithmic ? { distr: 3, range: [least / ROOM, most * ROOM] } : { range: plainRange(least, most) },
    },
    series: [{}, { points: { show: false } }],
    axes: [
      {
        ...figureAxis({ divisor: 1, name: xAxis.scale === "logarithmic" ? `${xField} (logarithmic)` : xField }),
        size: (_plot, labels) => AXIS_SIZE + LINE_SIZE * (linesOf(labels ?? []) - 1),
        labelSize: xField === "" ? 0 : 16,
        grid: { show: false },
        splits: () => xAxis.at,
        filter: (_plot, splits) => splits,
        values: (plot) => (xAxis.scale === "places" ? wrapped(plot, charts) : labelsThatFit(plot, charts)),
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
  const { xAxis } = charts;
  const count = points.length;
  const isNumeric = xAxis.scale !== "places";
  const asides = xAxis.at.map((_, x) =>
    isNumeric ? asidesAt(plot, points, x, room(plot, xAxis)) : points.map(() => 0),
  );
  for (const [series, ofSeries] of points.entries()) {
    const look = series % SERIES_LOOKS;
    const offset = count < 2 || isNumeric ? 0 : (series / (count - 1) - 0.5) * SPREAD;
    const placed = ofSeries.flatMap((point, x) =>
      point ? [{ x: plot.valToPos(xAxis.at[x] + offset, "x", true) + asides[x][series], point }] : [],
    );
    ctx.strokeStyle = colour(`series-${look}`);
    ctx.fillStyle = ctx.strokeStyle;
    // No line leads to what stands apart.
    if (isNumeric) drawLine(plot, xAxis.hasZeroApart && ofSeries[0] ? placed.slice(1) : placed);
    for (const { x, point } of placed) drawPoint(plot, x, point, look);
  }
  ctx.restore();
  if (xAxis.hasZeroApart) drawBreak(plot, (xAxis.at[0] + xAxis.at[1]) / 2);
}

/** Between the two nearest values of an axis, canvas pixels. */
const room = (plot: uPlot, { at }: SweepCharts["xAxis"]): number =>
  Math.min(...at.slice(1).map((value, x) => plot.valToPos(value, "x", true) - plot.valToPos(at[x], "x", true)));

/**
 * Marks stand at their value, but for those that would cover one another: these stand side by side about it.
 *
 * @returns canvas pixels to the right, by series
 */
function asidesAt(plot: uPlot, points: SweepChart["points"], x: number, room: number): number[] {
  const size = 2 * MARK_SIZE * devicePixelRatio;
  const heights = points
    .flatMap((ofSeries, series) => {
      const point = ofSeries[x];
      return point ? [{ series, y: plot.valToPos(point.mean, "y", true) }] : [];
    })
    .sort((a, b) => a.y - b.y);
  const asides = points.map(() => 0);
  for (let from = 0; from < heights.length;) {
    let to = from + 1;
    while (to < heights.length && heights[to].y - heights[to - 1].y < size) to++;
    const covered = heights.slice(from, to).toSorted((a, b) => a.series - b.series);
    const step = Math.min(1.2 * size, (SPREAD * room) / covered.length);
    for (const [at, { series }] of covered.entries()) asides[series] = (at - (covered.length - 1) / 2) * step;
    from = to;
  }
  return asides;
}

/** Two strokes across the axis, where it does not go on evenly. */
function drawBreak(plot: uPlot, at: number): void {
  const { ctx, bbox } = plot;
  const size = BREAK_SIZE * devicePixelRatio;
  const y = bbox.top + bbox.height;
  ctx.save();
  ctx.strokeStyle = colour("muted");
  ctx.lineWidth = 1.5 * devicePixelRatio;
  ctx.beginPath();
  for (const side of [-1, 1]) {
    const x = plot.valToPos(at, "x", true) + (side * size) / 2;
    ctx.moveTo(x - size / 2, y + size);
    ctx.lineTo(x + size / 2, y - size);
  }
  ctx.stroke();
  ctx.restore();
}

function xRange({ scale, at }: SweepCharts["xAxis"]): [number, number] {
  if (scale === "places") return [-0.5, at.length - 0.5];
  const room = (at.at(-1)! - at[0]) * END_ROOM;
  return [at[0] - room, at.at(-1)! + room];
}

const linesOf = (labels: readonly string[]): number => Math.max(1, ...labels.map((label) => label.split("\n").length));

function textWidth({ ctx }: uPlot, text: string): number {
  ctx.font = `${12 * devicePixelRatio}px system-ui, sans-serif`;
  return ctx.measureText(text).width;
}

/** Words of a label go on as many lines as its place has room for. */
function wrapped(plot: uPlot, { xLabels }: SweepCharts): string[] {
  const room = plot.bbox.width / xLabels.length - LABEL_GAP * devicePixelRatio;
  return xLabels.map((label) =>
    label
      .split(" ")
      .reduce<string[]>((lines, word) => {
        const longer = lines.length === 0 ? word : `${lines.at(-1)} ${word}`;
        const fits = lines.length > 0 && textWidth(plot, longer) <= room;
        return fits ? [...lines.slice(0, -1), longer] : [...lines, word];
      }, [])
      .join("\n"),
  );
}

/** A label that would stand on the one before it is left out; the last one is there in any case. */
function labelsThatFit(plot: uPlot, { xLabels, xAxis }: SweepCharts): string[] {
  const ends = xLabels.map((label, x) => {
    const half = textWidth(plot, label) / 2;
    const middle = plot.valToPos(xAxis.at[x], "x", true);
    return { from: middle - half, to: middle + half };
  });
  const gap = LABEL_GAP * devicePixelRatio;
  const last = ends.length - 1;
  let taken = -Infinity;
  return xLabels.map((label, x) => {
    const { from, to } = ends[x];
    const fits = from >= taken + gap && (x === last || to + gap <= ends[last].from);
    if (fits || x === last) taken = to;
    return fits || x === last ? label : "";
  });
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
