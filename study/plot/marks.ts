/** Points, lines, intervals, boxes and curves of a picture as marks of Observable Plot. */
import * as Plot from "@observablehq/plot";
import type { PanelGrid } from "./panels.ts";
import { COLOURS, DASHES, LEVEL, signs } from "./style.ts";
import type { PlotPicture, PlotPoint, PlotSeries } from "./types.ts";

const SIGN_RADIUS = 2.2;
const LINE_WIDTH = 1.1;
const INTERVAL_WIDTH = 0.8;
const CAP_RADIUS = 1.8;
/** Of the least distance between neighbouring x, so much at most is between the outermost series at one x. */
const SHIFT_SHARE = 0.22;
/** Points from series to series are enough, where there is room; less beside the model's curves, which are not shifted. */
const SHIFT_POINTS = 2.4;
const SHIFT_BESIDE_CURVES = 1.4;
/** Of the distance between places, so much do all boxes of one take. */
const BOXES_SHARE = 0.7;
const BOX_MAX = 18;

type Facet = { fx?: number; fy?: number };
type At<T> = T & Facet;

interface MarkForm {
  small: number;
  panelWidth: number;
}

export function marksOf(picture: PlotPicture, grid: PanelGrid, form: MarkForm): Plot.Markish[] {
  const facetOf = (panel: number): Facet => {
    const { fx, fy } = grid.place(panel);
    return { ...(grid.columns > 1 && { fx }), ...(grid.rows > 1 && { fy }) };
  };
  const channels = { ...(grid.columns > 1 && { fx: "fx" }), ...(grid.rows > 1 && { fy: "fy" }) };
  const shift = shifts(picture, form.panelWidth);
  const marks: Plot.Markish[] = [Plot.frame({ stroke: "#000", strokeWidth: 0.5 })];
  if (picture.x.breakAt !== undefined)
    marks.push(Plot.ruleX([picture.x.breakAt], { stroke: "#999", strokeWidth: 0.5, strokeDasharray: "1 2" }));
  const bySeries = picture.series.map((_, index) =>
    picture.panels.flatMap((panel, at) => {
      const own = panel.series.find((series) => series.index === index);
      return own === undefined ? [] : [{ own, facet: facetOf(at) }];
    }),
  );
  // Curves lie below all points.
  for (const layer of [curveMarks, picture.kind === "box" ? boxMarks : pointMarks])
    bySeries.forEach((parts, index) =>
      marks.push(...layer(picture, parts, { index, dx: shift(index), channels, form })),
    );
  const labels = picture.panels
    .map((panel, at) => ({ text: panel.label, ...facetOf(at) }))
    .filter(({ text }) => text !== "");
  if (labels.length > 0)
    marks.push(
      Plot.text(labels, {
        ...channels,
        text: "text",
        frameAnchor: "top",
        lineAnchor: "bottom",
        dy: -3,
        fontSize: form.small,
        fill: "#000",
      }),
    );
  return marks;
}

interface Part {
  own: PlotSeries;
  facet: Facet;
}
interface Layer {
  index: number;
  dx: number;
  channels: Record<string, string>;
  form: MarkForm;
}

function pointMarks(
  { kind, spread, x, hasTheory }: PlotPicture,
  parts: readonly Part[],
  { index, dx, channels }: Layer,
): Plot.Markish[] {
  const stroke = COLOURS[index];
  const points = parts.flatMap(({ own, facet }): At<PlotPoint>[] =>
    own.points.map((point) => ({ ...point, ...facet })),
  );
  const marks: Plot.Markish[] = [];
  const intervals = points.filter(({ low, high }) => low !== null && high !== null && low !== high);
  const pieces = withPieces(parts, x.breakAt);
  if (kind === "ecdf") {
    const steps = parts.flatMap(({ own, facet }) =>
      stepsOf(own.points, x.domain).map((point) => ({ ...point, ...facet })),
    );
    if (spread === "band")
      marks.push(
        Plot.areaY(steps, {
          ...channels,
          x: "x",
          y1: "low",
          y2: "high",
          fill: stroke,
          fillOpacity: 0.18,
          curve: "step-after",
        }),
      );
    marks.push(
      Plot.line(steps, {
        ...channels,
        x: "x",
        y: "y",
        stroke,
        strokeWidth: LINE_WIDTH,
        curve: "step-after",
        strokeLinecap: "butt",
        strokeDasharray: DASHES[index] || undefined,
      }),
    );
    return marks;
  }
  if (spread === "band" && intervals.length > 0)
    marks.push(
      Plot.areaY(pieces, {
        ...channels,
        x: "x",
        y1: "low",
        y2: "high",
        z: "piece",
        fill: stroke,
        fillOpacity: 0.2,
        dx,
      }),
    );
  if (kind === "line" && !hasTheory)
    marks.push(Plot.line(pieces, { ...channels, x: "x", y: "y", z: "piece", stroke, strokeWidth: LINE_WIDTH, dx }));
  if (spread === "bars" && intervals.length > 0) {
    marks.push(
      Plot.ruleX(intervals, { ...channels, x: "x", y1: "low", y2: "high", stroke, strokeWidth: INTERVAL_WIDTH, dx }),
    );
    for (const y of ["low", "high"])
      marks.push(level(intervals, { ...channels, x: "x", y, r: CAP_RADIUS, stroke, strokeWidth: INTERVAL_WIDTH, dx }));
  }
  const radius = kind === "scatter" ? SIGN_RADIUS * 0.8 : SIGN_RADIUS;
  marks.push(
    Plot.dot(points, {
      ...channels,
      x: "x",
      y: "y",
      r: radius,
      symbol: signs[index],
      fill: stroke,
      stroke: "#fff",
      strokeWidth: 0.4,
      dx: kind === "scatter" ? 0 : dx,
    } as Plot.DotOptions),
  );
  return marks;
}

function curveMarks(_picture: PlotPicture, parts: readonly Part[], { index, channels }: Layer): Plot.Markish[] {
  const points = parts.flatMap(({ own, facet }, part) =>
    own.theory.flatMap((piece, at) => {
      // A value alone has no curve: a short level.
      const [[x, y]] = piece;
      const ends = piece.length > 1 ? piece : [[x - 0.08, y] as const, [x + 0.08, y] as const];
      return ends.map(([px, py]) => ({ x: px, y: py, piece: `${part}/${at}`, ...facet }));
    }),
  );
  if (points.length === 0) return [];
  return [
    Plot.line(points, {
      ...channels,
      x: "x",
      y: "y",
      z: "piece",
      stroke: COLOURS[index],
      strokeWidth: 0.9,
      curve: "monotone-x",
      strokeOpacity: 0.85,
    }),
  ];
}

function boxMarks(picture: PlotPicture, parts: readonly Part[], { index, dx, channels, form }: Layer): Plot.Markish[] {
  const boxes = parts.flatMap(({ own, facet }) =>
    own.boxes.map(({ x, low, quartiles: [first, second, third], high }) => ({
      x,
      low,
      first,
      second,
      third,
      high,
      ...facet,
    })),
  );
  const outliers = parts.flatMap(({ own, facet }) =>
    own.boxes.flatMap(({ x, outliers: values }) => values.map((y) => ({ x, y, ...facet }))),
  );
  const stroke = COLOURS[index];
  const half = boxWidth(picture, form.panelWidth) / 2;
  const rule = { ...channels, x: "x", stroke, strokeWidth: INTERVAL_WIDTH, dx };
  // A rule as wide as a box is one, in points of print whatever the axis is.
  const thick = { ...channels, x: "x", strokeWidth: half * 2, dx };
  return [
    Plot.ruleX(boxes, { ...rule, y1: "low", y2: "first" }),
    Plot.ruleX(boxes, { ...rule, y1: "third", y2: "high" }),
    Plot.ruleX(boxes, { ...thick, y1: "first", y2: "third", stroke, strokeOpacity: 0.35 }),
    ...[-1, 1].map((side) => Plot.ruleX(boxes, { ...rule, y1: "first", y2: "third", dx: dx + side * half })),
    ...["first", "second", "third"].map((y) =>
      level(boxes, { ...channels, x: "x", y, r: half, stroke, strokeWidth: y === "second" ? 1.4 : INTERVAL_WIDTH, dx }),
    ),
    Plot.dot(outliers, { ...channels, x: "x", y: "y", r: 1.1, stroke, strokeWidth: 0.6, dx }),
  ];
}

/** A short level line at points, as wide as twice its radius, whatever the axes are. */
const level = (data: readonly object[], options: Plot.DotOptions): Plot.Markish =>
  Plot.dot([...data], { ...options, fill: "none", symbol: LEVEL as Plot.DotOptions["symbol"] });

/** Series stand beside one another at one x, so little that each is nearer to its own x than to the next. */
function shifts(picture: PlotPicture, panelWidth: number): (series: number) => number {
  const { kind, series } = picture;
  if (kind === "ecdf" || kind === "scatter" || series.length < 2) return () => 0;
  const room = leastGap(picture, panelWidth);
  const step =
    kind === "box"
      ? Math.min((room * BOXES_SHARE) / series.length, BOX_MAX + 3)
      : Math.min(picture.hasTheory ? SHIFT_BESIDE_CURVES : SHIFT_POINTS, (room * SHIFT_SHARE) / (series.length - 1));
  return (index) => (index - (series.length - 1) / 2) * step;
}

function boxWidth(picture: PlotPicture, panelWidth: number): number {
  const room = (leastGap(picture, panelWidth) * BOXES_SHARE) / picture.series.length;
  return Math.min(BOX_MAX, room * 0.85);
}

/** Points of print between the two x that are closest to each other. */
function leastGap({ panels, x: { domain, scale } }: PlotPicture, panelWidth: number): number {
  const points = panels.flatMap((panel) =>
    panel.series.flatMap((one) => [...one.points, ...one.boxes].map(({ x }) => x)),
  );
  const xs = [...new Set(points)].sort((one, other) => one - other);
  const gaps = xs.slice(1).map((x, at) => x - xs[at]);
  const least = scale === "places" ? 1 : Math.min(...gaps, domain[1] - domain[0]);
  return (least / (domain[1] - domain[0])) * panelWidth;
}

/** Lines do not cross the break of an axis. */
function withPieces(parts: readonly Part[], breakAt: number | undefined): (At<PlotPoint> & { piece: string })[] {
  return parts.flatMap(({ own, facet }, part) =>
    own.points.map((point) => ({
      ...point,
      ...facet,
      piece: `${part}/${breakAt !== undefined && point.x < breakAt ? 0 : 1}`,
    })),
  );
}

/** From nothing at the first value to the right edge. */
function stepsOf(points: readonly PlotPoint[], [, to]: readonly [number, number]): PlotPoint[] {
  const [first, last] = [points[0], points.at(-1)];
  if (first === undefined || last === undefined) return [];
  return [{ ...first, y: 0, low: first.low === null ? null : 0 }, ...points, { ...last, x: to }];
}
