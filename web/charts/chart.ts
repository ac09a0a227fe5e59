/**
 * Draws any chart of a page: what all charts have in common, from zoom to keyboard. Knows nothing of runs and sweeps.
 */
import uPlot from "uplot";
import { colour } from "./theme.ts";

/** A place for a chart on the page. */
export interface Place {
  plot: HTMLElement;
  readout: HTMLElement;
}

/** What differs from chart to chart. */
export interface ChartSpec extends Pick<uPlot.Options, "series" | "axes" | "scales"> {
  height: number;
  data: uPlot.AlignedData;
  /** Charts over time move their cursors and zoom together. */
  overTime: boolean;
  /** Text for the cursor at a point: index into the data, and the value on the y scale. */
  readout: (index: number, chart: uPlot) => string;
  draw?: (chart: uPlot) => void;
  /** Instants to be marked, seconds, where it is a chart over time. */
  marks?: readonly Mark[];
}

/** An instant that a line across the chart stands for, and what happened then. */
interface Mark {
  seconds: number;
  text: string;
}

/** Steps that an arrow key moves the cursor by, of the width. */
const KEY_STEPS = 60;
/** A mark is told where the cursor is so near to it, pixels. */
const MARK_REACH = 4;

export function drawChart({ plot, readout }: Place, spec: ChartSpec): uPlot {
  const { series, axes, scales, data, overTime, draw } = spec;
  const marks = overTime ? (spec.marks ?? []) : [];
  const show = (chart: uPlot): void => {
    const { idx } = chart.cursor;
    if (idx === null || idx === undefined) readout.textContent = "";
    else readout.textContent = [spec.readout(idx, chart), ...textsAtCursor(chart, marks)].join(" · ");
  };
  const chart = new uPlot(
    {
      width: Math.max(200, plot.clientWidth),
      height: spec.height,
      series,
      ...(axes && { axes }),
      ...(scales && { scales }),
      legend: { show: false },
      cursor: {
        y: false,
        points: { size: 7 },
        drag: { x: overTime, y: false },
        ...(overTime && { sync: { key: "time", scales: ["x", null] } }),
      },
      hooks: { setCursor: [show], draw: [...(draw ? [draw] : []), (drawn) => drawMarks(drawn, marks)] },
    },
    data,
    plot,
  );
  listenToKeys(plot, chart);
  return chart;
}

function textsAtCursor(chart: uPlot, marks: readonly Mark[]): string[] {
  const { left = -1 } = chart.cursor;
  const isNear = ({ seconds }: Mark): boolean => Math.abs(chart.valToPos(seconds, "x") - left) <= MARK_REACH;
  return left < 0 ? [] : marks.filter(isNear).map(({ text }) => text);
}

function drawMarks(chart: uPlot, marks: readonly Mark[]): void {
  if (marks.length === 0) return;
  const { ctx, bbox } = chart;
  ctx.save();
  ctx.beginPath();
  ctx.rect(bbox.left, bbox.top, bbox.width, bbox.height);
  ctx.clip();
  ctx.beginPath();
  for (const { seconds } of marks) {
    const at = Math.round(chart.valToPos(seconds, "x", true));
    ctx.moveTo(at, bbox.top);
    ctx.lineTo(at, bbox.top + bbox.height);
  }
  ctx.strokeStyle = colour("line-command");
  ctx.lineWidth = 2 * devicePixelRatio;
  ctx.setLineDash([6 * devicePixelRatio, 3 * devicePixelRatio]);
  ctx.stroke();
  ctx.restore();
}

/** Arrow keys move the cursor, so that values can be read without a mouse. */
function listenToKeys(plot: HTMLElement, chart: uPlot): void {
  plot.onkeydown = ({ key }) => {
    const step = key === "ArrowRight" ? 1 : key === "ArrowLeft" ? -1 : 0;
    if (step === 0) return;
    const width = chart.over.clientWidth;
    const left = chart.cursor.left ?? -1;
    const next = left < 0 ? 0 : left + (step * width) / KEY_STEPS;
    chart.setCursor({ left: Math.min(width - 1, Math.max(0, next)), top: chart.over.clientHeight / 2 });
  };
}
