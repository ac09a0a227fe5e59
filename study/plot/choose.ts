/** Which columns a plot is of: what was asked for, else what the folder was made to show. */
import { RunInputError } from "../../run/index.ts";
import type { TableData } from "../export/index.ts";
import type { PlotAsk, PlotKind } from "./types.ts";

/** The columns of a plot by their places in the table. */
export interface Chosen {
  kind: PlotKind;
  x: number;
  /** Of an ECDF none: its y is a share. */
  y: number | undefined;
  series: number | undefined;
  facet: number | undefined;
}

/**
 * @param varied names of the columns that a sweep varied, or that set runs apart; the first may be x
 * @throws RunInputError for a column that is not there or is no number
 */
export function choose(table: TableData, ask: PlotAsk, varied: readonly string[]): Chosen {
  const isSweep = table.name === "sweep";
  const kind = ask.kind ?? defaultKind(table, ask, isSweep);
  const free = varied.filter((name) => distinct(table, placeOf(table, name)).length > 1);
  const take = (asked: string | undefined, fits: (name: string) => boolean = () => true): string | undefined => {
    if (asked !== undefined) return asked === "none" ? undefined : asked;
    return free.find((name) => fits(name) && !used.includes(name));
  };
  const used = [ask.x, ask.series, ask.facet].filter((name) => name !== undefined);
  const isNumber = (name: string): boolean => isNumeric(table, placeOf(table, name));
  const x =
    kind === "ecdf"
      ? (ask.x ?? "download_seconds")
      : (take(ask.x, isNumber) ?? take(undefined) ?? (isSweep ? "seed" : undefined));
  if (x === undefined) throw new RunInputError(`--x: name a column of ${table.name}; ${namesOf(table)}`);
  used.push(x);
  const series = take(ask.series);
  if (series !== undefined) used.push(series);
  const facet = take(ask.facet);
  const y = kind === "ecdf" ? undefined : (ask.y ?? (isSweep ? "image_copies" : undefined));
  if (kind === "ecdf" && ask.y !== undefined)
    throw new RunInputError("--y: of an ECDF it is the share of the rows; its column is --x");
  if (kind !== "ecdf" && y === undefined)
    throw new RunInputError(`--y: name a column of ${table.name}; ${namesOf(table)}`);
  const place = (option: string, name: string | undefined): number | undefined =>
    name === undefined ? undefined : placeOf(table, name, option);
  const chosen: Chosen = {
    kind,
    x: place("--x", x)!,
    y: place("--y", y),
    series: place("--series", series),
    facet: place("--facet", facet),
  };
  const numbers: [string, number | undefined][] = [
    ["--y", chosen.y],
    ["--x", kind === "ecdf" || kind === "scatter" ? chosen.x : undefined],
  ];
  for (const [option, at] of numbers)
    if (at !== undefined && !isNumeric(table, at))
      throw new RunInputError(
        `${option}: ${table.columns[at].name} of ${table.name} is ${table.columns[at].kind}, no number`,
      );
  return chosen;
}

function defaultKind(table: TableData, { x, y }: PlotAsk, isSweep: boolean): PlotKind {
  if (!isSweep) return y === undefined ? "ecdf" : "scatter";
  const at = x === undefined ? -1 : table.columns.findIndex(({ name }) => name === x);
  return at >= 0 && !isNumeric(table, at) ? "points" : "line";
}

/** @throws RunInputError naming the columns that there are */
export function placeOf(table: TableData, name: string, option = ""): number {
  const at = table.columns.findIndex((column) => column.name === name);
  if (at >= 0) return at;
  const lead = option === "" ? "" : `${option}: `;
  throw new RunInputError(`${lead}there is no column "${name}" in ${table.name}; ${namesOf(table)}`);
}

const namesOf = ({ columns }: TableData): string => `there are ${columns.map(({ name }) => name).join(", ")}`;

export const isNumeric = ({ columns }: TableData, at: number): boolean =>
  columns[at].kind === "integer" || columns[at].kind === "number";

/** Values of a column: numbers ascending, others in the order of their coming. */
export function distinct({ columns, rows }: TableData, at: number | undefined): (string | number | boolean)[] {
  if (at === undefined) return [""];
  const values = new Set(rows.map((row) => row[at]).filter((value) => value !== null));
  const isText = columns[at].kind === "text" || columns[at].kind === "boolean";
  return isText ? [...values] : [...values].sort((one, other) => (one as number) - (other as number));
}
