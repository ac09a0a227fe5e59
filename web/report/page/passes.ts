/** The chart in which every pass over the image is a bar: lanes of the first, of catch-up groups, of ONTs alone. */
import type uPlot from "uplot";
import { copiesText, durationText, plural } from "../../../base/text/index.ts";
import { passName, type PassBar, type RunCharts } from "../types.ts";
import { figureAxis, timeAxis, timeText } from "../../charts/axes.ts";
import type { ChartSpec } from "../../charts/chart.ts";
import { colour } from "../../charts/theme.ts";

const AXIS_HEIGHT = 40;
const LANE_HEIGHT_MAX = 22;
const HEIGHT_MIN = 44;
const HEIGHT_MAX = 420;
/** Lower lanes have no room for a text. */
const TEXT_HEIGHT = 12;
const TEXT_MARGIN = 4;
/** The cursor moves over so many points. */
const POINTS = 1000;
/** Passes that are told at once, where many overlap. */
const TOLD_MAX = 3;

export function passChart({ passes, endSeconds }: RunCharts): ChartSpec {
  const lanes = 1 + Math.max(0, ...passes.map(({ lane }) => lane));
  const times = Array.from({ length: POINTS }, (_, index) => (index * endSeconds) / (POINTS - 1));
  return {
    height: AXIS_HEIGHT + Math.max(HEIGHT_MIN, Math.min(HEIGHT_MAX, lanes * LANE_HEIGHT_MAX)),
    overTime: true,
    data: [times, times.map(() => null)],
    scales: { x: { time: false, range: (_chart, min, max) => [min, max] }, y: { range: [0, lanes], dir: -1 } },
    series: [{}, { points: { show: false } }],
    // Nothing is counted upwards; with an axis as wide as that of the ONTs the times of both stand below each other.
    axes: [
      timeAxis(),
      { ...figureAxis({ divisor: 1, name: "pass" }), values: () => [], grid: { show: false }, ticks: { show: false } },
    ],
    draw: (chart) => drawPasses(chart, passes, lanes),
    readout: (_index, chart) => readout(chart, passes, endSeconds),
  };
}

function drawPasses(chart: uPlot, passes: readonly PassBar[], lanes: number): void {
  const { ctx, bbox } = chart;
  const laneHeight = bbox.height / lanes;
  const gap = laneHeight > 6 * devicePixelRatio ? devicePixelRatio : 0;
  ctx.save();
  ctx.beginPath();
  ctx.rect(bbox.left, bbox.top, bbox.width, bbox.height);
  ctx.clip();
  ctx.font = `${TEXT_HEIGHT * devicePixelRatio}px system-ui, sans-serif`;
  ctx.textAlign = "left";
  ctx.textBaseline = "middle";
  for (const pass of passes) {
    const from = chart.valToPos(pass.fromSeconds, "x", true);
    const width = Math.max(devicePixelRatio, chart.valToPos(pass.toSeconds, "x", true) - from - gap);
    const top = Math.round(bbox.top + pass.lane * laneHeight) + gap;
    const height = Math.max(1, Math.round(laneHeight) - 2 * gap);
    ctx.fillStyle = colour(`pass-${pass.why}`);
    ctx.fillRect(from, top, width, height);
    if (height < TEXT_HEIGHT * devicePixelRatio) continue;
    ctx.fillStyle = colour("pass-text");
    const room = width - 2 * TEXT_MARGIN * devicePixelRatio;
    const text = textsOf(pass).find((each) => ctx.measureText(each).width <= room);
    if (text !== undefined) ctx.fillText(text, from + TEXT_MARGIN * devicePixelRatio, top + height / 2 + 0.5);
  }
  ctx.restore();
}

const costText = ({ copies, isWhole }: PassBar): string => (isWhole ? `${copiesText(copies)} copies` : "cut off");

/** The longest first. */
function textsOf(pass: PassBar): string[] {
  const onts = plural(pass.onts, "ONT");
  return [`${passName(pass)}: ${onts}, ${costText(pass)}`, `${onts}, ${costText(pass)}`, onts, String(pass.onts)];
}

function readout(chart: uPlot, passes: readonly PassBar[], endSeconds: number): string {
  const { left = -1, top = -1 } = chart.cursor;
  const at = chart.posToVal(left, "x");
  const time = timeText(at, endSeconds / POINTS, endSeconds);
  const lane = top < 0 ? -1 : Math.floor(chart.posToVal(top, "y"));
  const isThere = (pass: PassBar): boolean => pass.fromSeconds <= at && at <= pass.toSeconds;
  // The cursor of another chart, or the keyboard's, is in no lane of its own: every pass of that time is told.
  const there = passes.filter(isThere);
  const told = there.filter((pass) => pass.lane === lane);
  const texts = (told.length > 0 ? told : there).slice(0, TOLD_MAX).map((pass) => {
    const took = durationText(pass.toSeconds - pass.fromSeconds);
    return `${passName(pass)}: ${plural(pass.onts, "ONT")}, ${costText(pass)} in ${took}`;
  });
  return [time, ...texts].join(" · ");
}
