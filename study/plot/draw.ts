/** Draws a picture as SVG with Observable Plot: a unit is a point of print, the size is in millimetres. */
import * as Plot from "@observablehq/plot";
import { parseHTML } from "linkedom";
import { FAMILIES, Measure } from "./fonts.ts";
import { escaped, legendOf } from "./legend.ts";
import { gridOf, type PanelGrid } from "./panels.ts";
import { marksOf } from "./marks.ts";
import { short } from "./style.ts";
import type { PlotAxis, PlotForm, PlotPicture } from "./types.ts";

const POINTS_PER_MM = 72 / 25.4;
/** Of ticks, legends and panels, beside the labels of axes. */
const SMALL = 0.88;
const TICK = 3;

export interface DrawnPlot {
  svg: string;
  widthPoints: number;
  heightPoints: number;
}

export function drawPlot(picture: PlotPicture, form: PlotForm): DrawnPlot {
  const measure = new Measure(form.font);
  const size = form.fontPoints;
  const small = size * SMALL;
  const width = form.widthMm * POINTS_PER_MM;
  const legend = legendOf(picture, { width: width - 4, size: small, measure: (text) => measure.width(text, small) });
  const titleHeight = form.title === undefined ? 0 : size * 1.7;
  const head = legend.height + titleHeight;
  const tickWidth = Math.max(...picture.y.ticks.map(({ text }) => measure.width(text, small)), 4);
  const tickTail = measure.width(picture.x.ticks.at(-1)?.text ?? "", small) / 2;
  const left = tickWidth + TICK + 4 + size * (picture.y.label === "" ? 0.3 : 1.5);
  const right = Math.max(5, Math.min(tickTail, 14));
  const grid = gridOf(picture.panels.length, { width: width - left - right, small });
  const x = inLines(picture.x, grid.panelWidth, (text) => measure.width(text, small));
  const lines = x.ticks.some(({ text }) => text.includes("\n")) ? 2 : 1;
  const margins = {
    left,
    right,
    bottom: TICK + 3 + small * lines * 1.05 + size * (x.label === "" ? 0.3 : 1.5),
    top: picture.panels.length > 1 ? small * 1.5 : 4,
  };
  const heightOf = grid.panelHeight * grid.rows + margins.top + margins.bottom + head;
  const height = form.heightMm === undefined ? heightOf : form.heightMm * POINTS_PER_MM;
  const plot = plotOf(
    { ...picture, x },
    {
      width,
      height: height - head,
      margins,
      size,
      small,
      grid,
      family: FAMILIES[form.font],
    },
  );
  const title =
    form.title === undefined
      ? ""
      : `<text x="${short(width / 2)}" y="${short(size * 0.95)}" text-anchor="middle" font-size="${short(size * 1.1)}">${escaped(form.title)}</text>`;
  const heightMm = height / POINTS_PER_MM;
  const svg = [
    `<svg xmlns="http://www.w3.org/2000/svg" width="${short(form.widthMm)}mm" height="${short(heightMm)}mm" viewBox="0 0 ${short(width)} ${short(height)}" font-family="${escaped(FAMILIES[form.font])}" fill="#000">`,
    title,
    `<g transform="translate(2,${short(titleHeight)})">${legend.markup}</g>`,
    `<g transform="translate(0,${short(head)})">${plot}</g>`,
    "</svg>\n",
  ].join("");
  return { svg, widthPoints: width, heightPoints: height };
}

/** Names that are wider than their places go over two lines, as even as they can be. */
function inLines(axis: PlotAxis, panelWidth: number, measure: (text: string) => number): PlotAxis {
  if (axis.scale !== "places") return axis;
  const room = (panelWidth / axis.ticks.length) * 0.96;
  const ticks = axis.ticks.map(({ at, text }) => {
    if (measure(text) <= room) return { at, text };
    const breaks = [...text.matchAll(/[- _]/g)].map(({ index }) => index + 1);
    const halves = breaks.map((place) => [text.slice(0, place).trimEnd(), text.slice(place)] as const);
    const widest = (half: readonly string[]): number => Math.max(...half.map(measure));
    const [best] = halves.toSorted((one, other) => widest(one) - widest(other));
    return { at, text: best === undefined ? text : best.join("\n") };
  });
  return { ...axis, ticks };
}

interface Frame {
  width: number;
  height: number;
  margins: Record<"left" | "right" | "top" | "bottom", number>;
  size: number;
  small: number;
  grid: PanelGrid;
  family: string;
}

/** What is within Plot's own SVG. */
function plotOf(picture: PlotPicture, frame: Frame): string {
  const { document } = parseHTML("<html></html>");
  const { width, height, margins, size, small, grid, family } = frame;
  const { x, y } = picture;
  const ticks = (axis: PlotPicture["x"]): { ticks: number[]; tickFormat: (at: number) => string } => {
    const texts = new Map(axis.ticks.map(({ at, text }) => [at, text]));
    return { ticks: [...texts.keys()], tickFormat: (at) => texts.get(at) ?? "" };
  };
  const label = { labelAnchor: "center", labelArrow: "none", fontSize: size, tickSize: 0 } as const;
  const sign = {
    tickSize: TICK,
    fontSize: small,
    label: null,
    tickPadding: 2.5,
    stroke: "#000",
    strokeWidth: 0.5,
    fill: "#000",
  } as const;
  const svg = Plot.plot({
    document,
    width,
    height,
    marginLeft: margins.left,
    marginRight: margins.right,
    marginTop: margins.top,
    marginBottom: margins.bottom,
    style: { fontFamily: family, fontSize: `${small}px` },
    x: { domain: [...x.domain], axis: null, type: "linear" },
    y: { domain: [...y.domain], axis: null, type: "linear" },
    ...(grid.columns > 1 && { fx: { domain: range(grid.columns), axis: null, padding: grid.gapX } }),
    ...(grid.rows > 1 && { fy: { domain: range(grid.rows), axis: null, padding: grid.gapY } }),
    marks: [
      Plot.gridY(
        y.ticks.filter(({ text }) => text !== "").map(({ at }) => at),
        { stroke: "#dddddd", strokeOpacity: 1, strokeWidth: 0.4 },
      ),
      ...marksOf(picture, grid, { small, panelWidth: grid.panelWidth }),
      Plot.axisX({ anchor: "bottom", ...ticks(x), ...sign }),
      Plot.axisY({ anchor: "left", ...ticks(y), ...sign }),
      Plot.axisX({ anchor: "bottom", ticks: [], label: x.label, labelOffset: margins.bottom - 3, ...label }),
      Plot.axisY({ anchor: "left", ticks: [], label: y.label, labelOffset: margins.left - 3, ...label }),
    ],
  } as Plot.PlotOptions & { document: unknown });
  return plain(svg.innerHTML, { family, small });
}

const range = (count: number): number[] => Array.from({ length: count }, (_, at) => at);

/** Without what only browsers read. */
const plain = (markup: string, { family, small }: { family: string; small: number }): string =>
  `<g font-family="${escaped(family)}" font-size="${short(small)}" text-anchor="middle" fill="#000">${markup
    .replaceAll(/<style>[^]*?<\/style>/g, "")
    .replaceAll("currentColor", "#000")
    .replaceAll(/ (?:aria-\w+|font-variant)="[^"]*"/g, "")}</g>`;
