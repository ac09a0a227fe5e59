/** The chart of what each window of an image cost. */
import uPlot from "uplot";
import { countText } from "../../base/text/index.ts";
import type { RunCharts } from "../report/types.ts";
import { figureAxis } from "./axes.ts";
import type { ChartSpec } from "./chart.ts";
import { colour } from "./theme.ts";

const HEIGHT = 220;

/** What windows cost beyond their first sending: three kinds of sections on top of each other. */
export function windowChart({ windows }: RunCharts): ChartSpec {
  const { windowsPerBar, repeated, parity, ahead } = windows;
  const first = repeated.map((_, bar) => bar * windowsPerBar);
  // Each bar reaches from zero to its top; those in front are drawn later.
  const twoKinds = repeated.map((count, bar) => count + parity[bar]);
  const all = twoKinds.map((count, bar) => count + ahead[bar]);
  const most = Math.max(1, ...all);
  const bar = (mark: string): uPlot.Series => ({
    stroke: () => colour(`bar-${mark}`),
    fill: () => colour(`bar-${mark}`),
    width: 0,
    paths: uPlot.paths.bars!({ size: [0.8, 40], align: 0 }),
    points: { show: false },
  });
  const half = windowsPerBar / 2;
  const last = first.at(-1) ?? 0;
  return {
    height: HEIGHT,
    overTime: false,
    data: [first, all, twoKinds, repeated],
    scales: { x: { time: false, range: [-half, last + half] }, y: { range: [0, most * 1.05] } },
    series: [{}, bar("ahead"), bar("parity"), bar("repeated")],
    axes: [
      { ...figureAxis({ divisor: 1, name: "window" }, true), size: 34, labelSize: 16, grid: { show: false } },
      figureAxis({ divisor: 1, name: "sections" }, true),
    ],
    readout: (index) => {
      const to = first[index] + windowsPerBar - 1;
      const name = windowsPerBar === 1 ? `window ${first[index]}` : `windows ${first[index]} to ${to}`;
      return `${name} · sent again ${countText(repeated[index])} · parity after losses ${countText(parity[index])} · ahead ${countText(ahead[index])}`;
    },
  };
}
