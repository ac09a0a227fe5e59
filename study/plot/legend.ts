/** The legend above a plot: signs, lines and names in as many rows as they need. */
import { COLOURS, DASHES, short, signPath } from "./style.ts";
import type { PlotPicture } from "./types.ts";

/** Where names are set. */
export interface LegendForm {
  width: number;
  /** Size of the text. */
  size: number;
  measure: (text: string) => number;
}

export interface LegendDrawing {
  /** Elements of an SVG, from 0 down. */
  markup: string;
  height: number;
}

interface Entry {
  /** Begins a row where not all fit into one. */
  isBreak?: true;
  name: string;
  /** Of the sample in front of the name, around its left end. */
  sample: (x: number, y: number) => string;
}

const SAMPLE_WIDTH = 16;
const GAP = 3;
const BETWEEN = 9;

export function legendOf(picture: PlotPicture, { width, size, measure }: LegendForm): LegendDrawing {
  const entries = entriesOf(picture);
  if (entries.length === 0) return { markup: "", height: 0 };
  const line = size * 1.45;
  const lead = picture.seriesLabel === "" ? 0 : measure(`${picture.seriesLabel}:`) + BETWEEN;
  const rows: { entries: { entry: Entry; x: number }[]; width: number }[] = [];
  let x = lead;
  const widthOf = ({ name }: Entry): number => SAMPLE_WIDTH + GAP + measure(name);
  const fitsOneRow = entries.reduce((sum, entry) => sum + widthOf(entry) + BETWEEN, lead - BETWEEN) <= width;
  for (const entry of entries) {
    const own = widthOf(entry);
    let row = rows.at(-1);
    const isFull = x + own > width || (entry.isBreak === true && !fitsOneRow);
    if (row === undefined || (isFull && row.entries.length > 0)) {
      x = lead;
      row = { entries: [], width: 0 };
      rows.push(row);
    }
    row.entries.push({ entry, x });
    row.width = x + own;
    x += own + BETWEEN;
  }
  // With a name in front all rows begin alike, else each is in the middle.
  const widest = Math.max(...rows.map((row) => row.width));
  const from = (rowWidth: number): number => Math.max(0, (width - (lead === 0 ? rowWidth : widest)) / 2);
  const text = (at: number, y: number, words: string): string =>
    `<text x="${short(at)}" y="${short(y)}" dy="0.34em" text-anchor="start">${escaped(words)}</text>`;
  const markup = rows.map((row, at) => {
    const y = line * (at + 0.5);
    return row.entries
      .map(({ entry, x: place }) => {
        const left = from(row.width) + place;
        return entry.sample(left, y) + text(left + SAMPLE_WIDTH + GAP, y, entry.name);
      })
      .join("");
  });
  const title = lead === 0 ? "" : text(from(widest), line / 2, `${picture.seriesLabel}:`);
  return {
    markup: `<g font-size="${short(size)}" fill="#000">${title}${markup.join("")}</g>`,
    height: rows.length * line + 2,
  };
}

function entriesOf({ series, kind, hasTheory, spread }: PlotPicture): Entry[] {
  const named = series.length > 1 || series[0] !== "";
  const hasLine = kind === "ecdf" || (kind === "line" && !hasTheory);
  const hasSign = kind !== "ecdf" && kind !== "box";
  const own = named
    ? series.map((name, index): Entry => ({
        name,
        sample: (x, y) => {
          const colour = COLOURS[index];
          const line =
            hasLine || (hasTheory && kind !== "box") ? stroke(x, y, colour, kind === "ecdf" ? DASHES[index] : "") : "";
          const box =
            kind === "box"
              ? `<rect x="${short(x + 4)}" y="${short(y - 3)}" width="8" height="6" fill="${colour}" fill-opacity="0.35" stroke="${colour}" stroke-width="0.8"/>`
              : "";
          const sign = hasSign
            ? `<path d="${signPath(index, x + SAMPLE_WIDTH / 2, y, 2.2)}" fill="${colour}" stroke="#fff" stroke-width="0.4"/>`
            : "";
          return line + box + sign;
        },
      }))
    : [];
  if (!hasTheory) return own;
  const model: Entry = { isBreak: true, name: "model", sample: (x, y) => stroke(x, y, "#555", "") };
  const runs: Entry = {
    name: spread === "none" ? "runs" : "runs, 95 % interval",
    sample: (x, y) => `<path d="${signPath(0, x + SAMPLE_WIDTH - 3, y, 2.2)}" fill="#555"/>`,
  };
  // Of a distribution the curves are the runs.
  return kind === "ecdf" ? [...own, { ...model, name: "model, last ONT" }] : [...own, model, runs];
}

const stroke = (x: number, y: number, colour: string, dashes: string): string =>
  `<line x1="${short(x)}" x2="${short(x + SAMPLE_WIDTH)}" y1="${short(y)}" y2="${short(y)}" stroke="${colour}" stroke-width="1.1"${
    dashes === "" ? "" : ` stroke-dasharray="${dashes}"`
  }/>`;

const ESCAPES: Readonly<Record<string, string>> = { "&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;" };
export const escaped = (text: string): string => text.replaceAll(/[&<>"]/g, (sign) => ESCAPES[sign]);
