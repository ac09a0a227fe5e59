/**
 * Draws any chart of a page: what all charts have in common, from zoom to keyboard. Knows nothing of runs and sweeps.
 */
import uPlot from "uplot";

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
}

/** Steps that an arrow key moves the cursor by, of the width. */
const KEY_STEPS = 60;

export function drawChart({ plot, readout }: Place, spec: ChartSpec): uPlot {
  const { series, axes, scales, data, overTime, draw } = spec;
  const show = (chart: uPlot): void => {
    const { idx } = chart.cursor;
    readout.textContent = idx === null || idx === undefined ? "" : spec.readout(idx, chart);
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
      hooks: { setCursor: [show], ...(draw && { draw: [draw] }) },
    },
    data,
    plot,
  );
  listenToKeys(plot, chart);
  return chart;
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
