/** The map of ONTs as an SVG: the cells of the canvas, with its title, its ports and what its shapes say in it. */
import { CELL_STATES, cellLabels, type CellState } from "../../../run/states/index.ts";
import { hatched } from "../../charts/theme.ts";
import type { ShownRun } from "../model/apply.ts";
import { BAR, BAR_BACK, BLOCK_GAP, blockAt, cellAt, type CellLayout, DOWNLOADING, SHARE_WHOLE } from "./cell-layout.ts";
import { type CellPen, drawShape, inkOf } from "./cell-shapes.ts";

const FONT = `font-family="system-ui, sans-serif" font-size="12"`;
const MARGIN = 12;
const TITLE_Y = 16;
const LEGEND_LINE = 20;
const LETTER = 6.6;
const WIDTH_LEAST = 320;
/** Of a mark of the legend. */
const MARK = 14;
const TURN = 2 * Math.PI;

interface Painted {
  shown: ShownRun;
  layout: CellLayout;
  title: string;
  /** Of the page: by the names of its style sheet. */
  colour: (name: string) => string;
}

export function cellPicture({ shown, layout, title, colour }: Painted): string {
  const { states, shares, counts, facts } = shown;
  const mapWidth = layout.blocksAcross * (layout.blockWidth + BLOCK_GAP) - BLOCK_GAP;
  const width = Math.ceil(Math.max(WIDTH_LEAST, mapWidth) + 2 * MARGIN);
  const used = CELL_STATES.filter((_, code) => counts[code] > 0);
  const legend = legendOf(used, (state) => counts[CELL_STATES.indexOf(state)], width, colour);
  const top = TITLE_Y + MARGIN + legend.height;
  const side = layout.pitch - 1;
  const isDark = colour("page") !== "#ffffff";
  const cells = Array.from(states, (code, ont) => {
    const { x, y } = cellAt(layout, ont);
    const use = `<use href="#${CELL_STATES[code]}" x="${x}" y="${y}"/>`;
    if (code !== DOWNLOADING) return use;
    const bar = (ink: string, long: number): string =>
      `<rect x="${x + 1}" y="${y + side - 3}" width="${long.toFixed(1)}" height="2" fill="${ink}"/>`;
    return use + bar(BAR_BACK, side - 2) + bar(BAR, ((side - 2) * shares[ont]) / SHARE_WHOLE);
  });
  const ports = Array.from({ length: facts.pons > 1 ? facts.pons : 0 }, (_, port) => {
    const { x, y } = blockAt(layout, port);
    return `<text x="${x}" y="${y + 12}" fill="${colour("muted")}">port ${port}</text>`;
  });
  const height = Math.ceil(top + layout.height + MARGIN);
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}" viewBox="0 0 ${width} ${height}" ${FONT}>`,
    `<title>${escaped(title)}</title>`,
    `<defs>${hatching(colour)}${used.map((state) => symbolOf(state, side, isDark, colour)).join("")}</defs>`,
    `<rect width="${width}" height="${height}" fill="${colour("page")}"/>`,
    `<text x="${MARGIN}" y="${TITLE_Y}" font-weight="600" fill="${colour("text")}">${escaped(title)}</text>`,
    legend.text,
    `<g transform="translate(${MARGIN} ${top})">`,
    ...ports,
    ...cells,
    "</g></svg>",
  ].join("\n");
}

function legendOf(
  states: readonly CellState[],
  countOf: (state: CellState) => number,
  width: number,
  colour: Painted["colour"],
): { text: string; height: number } {
  let [x, line] = [MARGIN, 0];
  const rows = states.map((state) => {
    const words = `${cellLabels[state]} ${countOf(state)}`;
    const long = MARK + 6 + words.length * LETTER + MARGIN;
    if (x > MARGIN && x + long > width) [x, line] = [MARGIN, line + 1];
    const [left, down] = [x, TITLE_Y + 10 + line * LEGEND_LINE];
    x += long;
    return (
      `<use href="#${state}-mark" x="${left}" y="${down}"/>` +
      `<text x="${left + MARK + 6}" y="${down + 11}" fill="${colour("text")}">${escaped(words)}</text>`
    );
  });
  return { text: rows.join("\n"), height: (line + 1) * LEGEND_LINE };
}

/** A cell of a state, for the map and for the legend. */
function symbolOf(state: CellState, side: number, isDark: boolean, colour: Painted["colour"]): string {
  const at = (id: string, size: number): string => {
    const pen = new PathPen(inkOf(state, isDark, colour));
    drawShape(state, pen);
    const fill = `<rect width="${size}" height="${size}" fill="${colour(`state-${state}`)}"/>`;
    const hatch = hatched.has(state) ? `<rect width="${size}" height="${size}" fill="url(#hatch)"/>` : "";
    const place = `transform="translate(${size / 2} ${size / 2}) scale(${(size * 0.36).toFixed(3)})"`;
    const line = `stroke-width="0.3" stroke-linecap="round" stroke-linejoin="round"`;
    return `<g id="${id}">${fill}${hatch}<g ${place} ${line}>${pen.paths.join("")}</g></g>`;
  };
  return at(state, side) + at(`${state}-mark`, MARK);
}

const hatching = (colour: Painted["colour"]): string =>
  `<pattern id="hatch" width="6" height="6" patternUnits="userSpaceOnUse">` +
  `<path d="M-6 6L0 0M0 6L6 0M6 6L12 0" stroke="${colour("hatch")}" stroke-width="1.2"/></pattern>`;

/** Draws as a canvas does, into paths. */
class PathPen implements CellPen {
  readonly paths: string[] = [];
  readonly #ink: string;
  #path = "";

  constructor(ink: string) {
    this.#ink = ink;
  }

  beginPath(): void {
    this.#path = "";
  }

  lineTo(x: number, y: number): void {
    this.#path += `${this.#path === "" ? "M" : "L"}${x} ${y}`;
  }

  arc(x: number, y: number, radius: number, from: number, to: number): void {
    const at = (angle: number): string =>
      `${(x + radius * Math.cos(angle)).toFixed(3)} ${(y + radius * Math.sin(angle)).toFixed(3)}`;
    const half = (from + to) / 2;
    // In two halves: one arc could not come back to where it begins.
    const arc = (end: number): string => `A${radius} ${radius} 0 ${half - from > TURN / 2 ? 1 : 0} 1 ${at(end)}`;
    this.#path += `M${at(from)}${arc(half)}${arc(to)}`;
  }

  closePath(): void {
    this.#path += "Z";
  }

  fill(): void {
    this.paths.push(`<path d="${this.#path}" fill="${this.#ink}"/>`);
  }

  stroke(): void {
    this.paths.push(`<path d="${this.#path}" fill="none" stroke="${this.#ink}"/>`);
  }
}

const escaped = (text: string): string => text.replaceAll("&", "&amp;").replaceAll("<", "&lt;");
