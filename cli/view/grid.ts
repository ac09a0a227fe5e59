/** The grid with a sign for every ONT, and its legend. */
import { type Paint } from "../../base/terminal/index.ts";
import { plural } from "../../base/text/index.ts";
import { stateLook, stateLooks } from "./states.ts";
import type { CellState } from "../../run/states/index.ts";
import type { OntRow } from "./types.ts";

/** Cells stand in groups, so that a cell's number can be counted off. */
const GROUP_CELLS = 8;

/** Cells that fit a line: a power of two of groups, so that lines begin at round numbers. */
export function cellsPerLine(columns: number): number {
  let groups = 1;
  while (groups < 8 && groups * 2 * (GROUP_CELLS + 1) - 1 <= columns) groups *= 2;
  return groups * GROUP_CELLS;
}

const lookText = (state: CellState, unicode: boolean): string => {
  const { glyph, letter } = stateLook(state);
  return unicode ? glyph : letter;
};

/** Lines with ports apart; where that took more, cells stand close. */
const PORT_LINES_MAX = 16;

/**
 * One cell per ONT, in the order given, at most as wide as `columns` (at least 8); each port on lines of its own, with its number in
 * front.
 *
 * @param perPort ONTs of a port
 */
export function gridLines(
  onts: readonly OntRow[],
  columns: number,
  paint: Paint,
  unicode: boolean,
  perPort = onts.length,
): string[] {
  const ports = Math.ceil(onts.length / Math.max(1, perPort));
  const close = (): string[] => cellLines(onts, columns, paint, unicode);
  if (ports <= 1 || ports > PORT_LINES_MAX) return close();
  const width = String(ports - 1).length;
  const lines = Array.from({ length: ports }, (_, port) => {
    const own = onts.slice(port * perPort, (port + 1) * perPort);
    return cellLines(own, columns - width - 1, paint, unicode).map((line, at) => {
      const label = (at === 0 ? String(port) : "").padStart(width);
      return `${paint(label, "dim")} ${line}`;
    });
  }).flat();
  return lines.length > PORT_LINES_MAX ? close() : lines;
}

function cellLines(onts: readonly OntRow[], columns: number, paint: Paint, unicode: boolean): string[] {
  const perLine = cellsPerLine(columns);
  const lines: string[] = [];
  for (let from = 0; from < onts.length; from += perLine) {
    const groups: string[] = [];
    const to = Math.min(onts.length, from + perLine);
    for (let at = from; at < to; at += GROUP_CELLS)
      groups.push(runsOf(onts.slice(at, Math.min(to, at + GROUP_CELLS)), paint, unicode));
    lines.push(groups.join(" "));
  }
  return lines;
}

/** Equal neighbours share one colour change: a picture of 128 cells stays short. */
function runsOf(onts: readonly OntRow[], paint: Paint, unicode: boolean): string {
  let out = "";
  for (let at = 0; at < onts.length;) {
    const { state } = onts[at]!;
    let end = at + 1;
    while (end < onts.length && onts[end]!.state === state) end++;
    out += paint(lookText(state, unicode).repeat(end - at), stateLook(state).style);
    at = end;
  }
  return out;
}

/** How many ONTs are in each state, for states that have any. */
export function countStates(onts: readonly OntRow[]): Map<CellState, number> {
  const counts = new Map<CellState, number>();
  for (const { state } of onts) counts.set(state, (counts.get(state) ?? 0) + 1);
  return counts;
}

/** The legend, with counts, broken between entries. */
export function legendLines(onts: readonly OntRow[], columns: number, paint: Paint, unicode: boolean): string[] {
  const counts = countStates(onts);
  const lines: string[] = [];
  let line = "";
  let width = 0;
  for (const { state, label, style } of stateLooks) {
    const count = counts.get(state);
    if (count === undefined) continue;
    const entry = `${lookText(state, unicode)} ${label} ${count}`;
    const gap = width === 0 ? 0 : 2;
    if (width > 0 && width + gap + entry.length > columns) {
      lines.push(line);
      line = "";
      width = 0;
    }
    line += `${width === 0 ? "" : "  "}${paint(entry, style)}`;
    width += (width === 0 ? 0 : 2) + entry.length;
  }
  return width === 0 ? lines : [...lines, line];
}

/** "128 ONTs" */
export const ontsText = (count: number): string => plural(count, "ONT");
