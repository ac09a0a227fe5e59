/** The chart in which every ONT is a strip, coloured by its state. Runs in the browser. */
import type uPlot from "uplot";
import { cellLabels, type CellState } from "../../../run/states/index.ts";
import type { OntTrack, RunCharts } from "../types.ts";
import { figureAxis, timeAxis, timeText } from "../../charts/axes.ts";
import type { ChartSpec } from "../../charts/chart.ts";
import { stateFill } from "../../charts/theme.ts";

const AXIS_HEIGHT = 40;
const HEIGHT_MIN = 60;
const HEIGHT_MAX = 460;
const ROW_HEIGHT_MAX = 16;
/** Drawn last and never narrower than a pixel, so that trouble is not painted over. */
const trouble: ReadonlySet<CellState> = new Set(["failed", "rolledBack", "off"]);

/** A strip for every ONT, coloured by its state over time. */
export function progressChart({ onts, endSeconds }: RunCharts): ChartSpec {
  const rows = Math.max(HEIGHT_MIN, Math.min(HEIGHT_MAX, onts.length * ROW_HEIGHT_MAX));
  return {
    height: AXIS_HEIGHT + rows,
    overTime: true,
    // The chart needs points for its cursor, and takes the time from them.
    data: [evenTimes(endSeconds), Array.from({ length: POINTS }, () => null)],
    scales: { x: { time: false, range: (_chart, min, max) => [min, max] }, y: { range: [0, onts.length], dir: -1 } },
    series: [{}, { points: { show: false } }],
    axes: [timeAxis(), { ...figureAxis({ divisor: 1, name: "ONT" }, true), grid: { show: false } }],
    draw: (chart) => drawStrips(chart, onts, endSeconds),
    readout: (_index, chart) => readout(chart, onts, endSeconds),
  };
}

const POINTS = 1000;
const evenTimes = (endSeconds: number): number[] =>
  Array.from({ length: POINTS }, (_, index) => (index * endSeconds) / (POINTS - 1));

function drawStrips(chart: uPlot, onts: readonly OntTrack[], endSeconds: number): void {
  const { ctx, bbox } = chart;
  const fills = new Map<CellState, string | CanvasPattern>();
  for (const state of Object.keys(cellLabels) as CellState[]) fills.set(state, stateFill(ctx, state));
  ctx.save();
  ctx.beginPath();
  ctx.rect(bbox.left, bbox.top, bbox.width, bbox.height);
  ctx.clip();
  const gap = bbox.height / onts.length > 6 * devicePixelRatio ? devicePixelRatio : 0;
  for (const inTrouble of [false, true]) {
    for (const [row, { seconds, states }] of onts.entries()) {
      const top = Math.round(bbox.top + (row * bbox.height) / onts.length);
      const bottom = Math.max(top + 1, Math.round(bbox.top + ((row + 1) * bbox.height) / onts.length) - gap);
      for (const [index, state] of states.entries()) {
        if (trouble.has(state) !== inTrouble) continue;
        const from = chart.valToPos(seconds[index], "x", true);
        const to = chart.valToPos(seconds[index + 1] ?? endSeconds, "x", true);
        if (to < bbox.left || from > bbox.left + bbox.width) continue;
        ctx.fillStyle = fills.get(state)!;
        ctx.fillRect(from, top, Math.max(to - from, inTrouble ? 1 : 0), bottom - top);
      }
    }
  }
  ctx.restore();
}

function readout(chart: uPlot, onts: readonly OntTrack[], endSeconds: number): string {
  const { left = -1, top = -1 } = chart.cursor;
  const at = chart.posToVal(left, "x");
  const row = Math.floor(chart.posToVal(top, "y"));
  const time = timeText(at, endSeconds / POINTS, endSeconds);
  // The cursor of another chart tells the time only.
  const ont = onts[row];
  if (ont === undefined || top < 0) return time;
  return `${time} · ONT ${ont.id} · ${ont.serial} · ${cellLabels[stateAt(ont, at)]}`;
}

function stateAt({ seconds, states }: OntTrack, at: number): CellState {
  const next = seconds.findIndex((each) => each > at);
  return states[next === -1 ? states.length - 1 : Math.max(0, next - 1)];
}
