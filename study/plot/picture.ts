/** From the rows of a table to a picture as data: panels, series, axes, notes. Pure; nothing is drawn here. */
import { RunInputError } from "../../run/index.ts";
import type { ColumnValue, TableData } from "../export/index.ts";
import { numberAxis, type Placed, placesAxis, scaleOf } from "./axes.ts";
import { type Chosen, choose, distinct, isNumeric, placeOf } from "./choose.ts";
import { labelText, type Scaled, scaledUnit, wordsOf } from "./labels.ts";
import { notesOf } from "./notes.ts";
import { boxOf, ecdfHalf, ecdfOf, summaryOf } from "./summary.ts";
import type { PlotAsk, PlotAxis, PlotBox, PlotPanel, PlotPicture, PlotPoint, PlotSeries, Spread } from "./types.ts";

/** From this ratio on an axis is logarithmic, as in reports. */
const LOGARITHMIC_RATIO = 20;
const SERIES_MAX = 8;
const PANELS_MAX = 12;

/** The model's y for x as the table has it; undefined where it says nothing. */
export type TheoryOf = (series: PlotValue, facet: PlotValue, xs: readonly PlotValue[]) => (number | undefined)[];
export type PlotValue = string | number | boolean;

/** Makes the model's curve for the columns that a plot is of. */
export type TheoryFor = (chosen: Chosen) => Theory;

export interface Theory {
  of: TheoryOf;
  /** x is counted. */
  isWhole: boolean;
  /** After the curves: what they are, and what they leave out. */
  notes: () => string[];
  /** Of an ECDF: where the model has its end. */
  upright?: (series: PlotValue) => number | undefined;
}

/** A series in the values of its table. */
interface Raw {
  index: number;
  facet: PlotValue;
  value: PlotValue;
  points: { x: number; y: number; low: number | null; high: number | null }[];
  boxes: PlotBox[];
}

/** @throws RunInputError for columns that are not there, or with nothing to draw */
export function pictureOf(
  whole: TableData,
  ask: PlotAsk,
  varied: readonly string[],
  theoryFor: TheoryFor | undefined,
): PlotPicture {
  const table = filtered(whole, ask.where);
  const chosen = choose(table, ask, varied);
  const spread = ask.spread ?? (chosen.kind === "ecdf" ? "none" : "bars");
  const [names, facets] = [distinct(table, chosen.series), distinct(table, chosen.facet)];
  refuseMany("--series", names.length, SERIES_MAX);
  refuseMany("--facet", facets.length, PANELS_MAX);
  const isPlaces = chosen.kind !== "ecdf" && (!isNumeric(table, chosen.x) || chosen.kind === "box");
  const places = isPlaces ? distinct(table, chosen.x) : [];
  const counts: number[] = [];
  const raw = facets.flatMap((facet) =>
    names.map((value, index): Raw => {
      const own = rowsOf(table, chosen, value, facet);
      return { index, facet, value, ...rawOf(own, chosen, { ask, spread, places, counts }) };
    }),
  );
  const model = theoryFor?.(chosen);
  const ends = raw.flatMap(({ value }) => model?.upright?.(value) ?? []);
  const xs = [...new Set([...raw.flatMap(({ points, boxes }) => [...points, ...boxes].map(({ x }) => x)), ...ends])];
  if (xs.length === 0) throw new RunInputError("nothing to draw: no row has a value in these columns");
  const xColumn = table.columns[chosen.x];
  const xScale = unitOf(xColumn, isPlaces ? [] : xs);
  const isLogX =
    !isPlaces &&
    (ask.logX ?? (["line", "ecdf"].includes(chosen.kind) && scaleOf(xs, LOGARITHMIC_RATIO) === "logarithmic"));
  const xLabel = ask.xLabel ?? xScale.label;
  const x: Placed = isPlaces
    ? { axis: placesAxis(xLabel, places.map(String)), at: (at) => at }
    : numberAxis(
        xs.map((value) => value / xScale.divisor),
        {
          label: xLabel,
          isLogarithmic: isLogX,
          hasOwnTicks: chosen.kind !== "ecdf" && chosen.kind !== "scatter",
          ...(chosen.kind === "ecdf" && !isLogX && Math.min(...xs) >= 0 && { from: 0 }),
        },
      );
  const curves = new Map<Raw, [number, number][][]>();
  if (model !== undefined)
    for (const one of raw)
      if (one.points.length > 0 || one.boxes.length > 0)
        curves.set(one, curveOf(one, model, { xs, isLogX, axis: x.axis, places }));
  const y = yOf(table, chosen, ask, raw, [...curves.values()].flat(2));
  const panels = facets.map((facet): PlotPanel => {
    const own = raw.filter((one) => one.facet === facet);
    const label = chosen.facet === undefined ? "" : facetText(table.columns[chosen.facet].name, facet);
    return {
      label,
      series: own.map((one) => placedSeries(one, curves.get(one) ?? [], [x, xScale], [y.placed, y.scale])),
    };
  });
  return {
    kind: chosen.kind,
    spread,
    x: x.axis,
    y: y.placed.axis,
    series: chosen.series === undefined ? [""] : names.map(String),
    seriesLabel: chosen.series === undefined ? "" : legendTitle(table.columns[chosen.series].name),
    panels,
    hasTheory: model !== undefined,
    notes: [...notesOf(table, chosen, ask, counts), ...(model?.notes() ?? [])],
  };
}

interface RawMaking {
  ask: PlotAsk;
  spread: Spread;
  places: readonly PlotValue[];
  /** Of each statistic, how many values it is of. */
  counts: number[];
}

function rawOf(
  rows: readonly (readonly ColumnValue[])[],
  { kind, x, y }: Chosen,
  { ask, spread, places, counts }: RawMaking,
): Pick<Raw, "points" | "boxes"> {
  const plain = (px: number, py: number): Raw["points"][number] => ({ x: px, y: py, low: null, high: null });
  if (kind === "ecdf") {
    const values = rows.map((row) => row[x]).filter((value): value is number => typeof value === "number");
    counts.push(values.length);
    const half = spread === "none" ? null : ecdfHalf(rows.length);
    const points = ecdfOf(values, rows.length).map(({ x: px, y: py }) => ({
      x: px,
      y: py,
      low: half === null ? null : Math.max(0, py - half),
      high: half === null ? null : Math.min(1, py + half),
    }));
    return { points, boxes: [] };
  }
  const atX = (value: ColumnValue): number =>
    places.length > 0 ? places.indexOf(value as PlotValue) : (value as number);
  const known = rows.filter((row) => row[x] !== null && typeof row[y!] === "number");
  if (kind === "scatter") return { points: known.map((row) => plain(atX(row[x]), row[y!] as number)), boxes: [] };
  const byX = new Map<number, number[]>();
  for (const row of known) {
    const at = atX(row[x]);
    byX.set(at, [...(byX.get(at) ?? []), row[y!] as number]);
  }
  const sorted = [...byX].sort(([one], [other]) => one - other);
  const groups = sorted.map(([at, values]) => ({ at, values }));
  for (const { values } of groups) counts.push(values.length);
  if (kind === "box") return { points: [], boxes: groups.map(({ at, values }) => ({ x: at, ...boxOf(values)! })) };
  return { points: groups.map(({ at, values }) => ({ x: at, ...summaryOf(values, ask.statistic)! })), boxes: [] };
}

/** y's axis with room for intervals, whiskers and the model. */
function yOf(
  table: TableData,
  chosen: Chosen,
  ask: PlotAsk,
  raw: readonly Raw[],
  curve: readonly (readonly [number, number])[],
): { placed: Placed; scale: { divisor: number } } {
  if (chosen.y === undefined) {
    const what = table.name === "onts" ? "Share of ONTs" : "Share of runs";
    const asked = { label: ask.yLabel ?? what, isLogarithmic: false, from: 0, to: 1, hasOwnTicks: false };
    return { placed: numberAxis([0, 1], asked), scale: { divisor: 1 } };
  }
  const ends = raw.flatMap(({ points, boxes }) => [
    ...points.flatMap(({ y, low, high }) => [y, low ?? y, high ?? y]),
    ...boxes.flatMap(({ low, high, outliers }) => [low, high, ...outliers]),
  ]);
  const values = [...ends, ...curve.map(([, y]) => y)];
  const scale = unitOf(table.columns[chosen.y], values);
  const isLogarithmic = ask.logY ?? scaleOf(values, LOGARITHMIC_RATIO) === "logarithmic";
  const label = ask.yLabel ?? `${scale.label}`;
  const scaled = values.map((value) => value / scale.divisor);
  return { placed: numberAxis(scaled, { label, isLogarithmic, hasOwnTicks: false }), scale };
}

const unitOf = (column: TableData["columns"][number], values: readonly number[]): Scaled & { label: string } => {
  const { words, unit } = wordsOf(column);
  const scaled = scaledUnit(unit, Math.max(0, ...values));
  return { ...scaled, label: labelText(words, scaled.unit) };
};

/** Half the width of the model's level at a name. */
const LEVEL = 0.35;
/** Points of the model's curve, from the first x to the last. */
const CURVE_POINTS = 14;

function curveOf(
  { value, facet, points, boxes }: Raw,
  model: Theory,
  {
    xs,
    isLogX,
    axis,
    places,
  }: { xs: readonly number[]; isLogX: boolean; axis: PlotAxis; places: readonly PlotValue[] },
): [number, number][][] {
  const own = [...points, ...boxes].map(({ x }) => x);
  const known = (tried: readonly number[]): [number, number][] =>
    model.of(value, facet, tried).flatMap((y, at): [number, number][] => (y === undefined ? [] : [[tried[at], y]]));
  if (model.upright !== undefined) {
    const end = model.upright(value);
    return end === undefined ? [] : [[0, 1].map((y): [number, number] => [end, y])];
  }
  // Names have nothing between them: a level for each.
  if (places.length > 0)
    return own.flatMap((at) => {
      const [y] = model.of(value, facet, [places[at]]);
      return y === undefined ? [] : [[-LEVEL, LEVEL].map((aside): [number, number] => [at + aside, y])];
    });
  const positive = xs.filter((x) => !isLogX || x > 0).toSorted((one, other) => one - other);
  const [least, most] = [positive[0], positive.at(-1)!];
  const at = (step: number): number => {
    const part = step / (CURVE_POINTS - 1);
    return isLogX ? least * (most / least) ** part : least + (most - least) * part;
  };
  const spaced = Array.from({ length: CURVE_POINTS }, (_, step) => at(step));
  const tried = model.isWhole
    ? [...new Set([...spaced.map(Math.round), ...positive])]
    : [...spaced, ...positive.slice(1, -1)];
  const curve = known(tried.toSorted((one, other) => one - other));
  const apart = isLogX && axis.breakAt !== undefined && own.includes(0) ? known([0]) : [];
  return [apart, curve].filter((piece) => piece.length > 0);
}

function placedSeries(
  raw: Raw,
  curve: readonly (readonly [number, number])[][],
  [x, { divisor: ofX }]: readonly [Placed, { divisor: number }],
  [y, { divisor: ofY }]: readonly [Placed, { divisor: number }],
): PlotSeries {
  const atX = (value: number): number | undefined => x.at(value / ofX);
  const atY = (value: number | null): number | null => (value === null ? null : (y.at(value / ofY) ?? null));
  const points = raw.points.flatMap((point): PlotPoint[] => {
    const [px, py] = [atX(point.x), atY(point.y)];
    if (px === undefined || py === null) return [];
    // An interval that reaches below zero has no lower end on a logarithmic axis: it goes to the edge.
    const low = point.low !== null && atY(point.low) === null ? y.axis.domain[0] : atY(point.low);
    return [{ x: px, y: py, low, high: atY(point.high) }];
  });
  const boxes = raw.boxes.flatMap((box): PlotBox[] => {
    const px = atX(box.x);
    const ends = [box.low, ...box.quartiles, box.high].map(atY);
    if (px === undefined || ends.includes(null)) return [];
    const [low, first, second, third, high] = ends as number[];
    const outliers = box.outliers.flatMap((value) => atY(value) ?? []);
    return [{ x: px, low, quartiles: [first, second, third], high, outliers }];
  });
  const theory = curve.map((piece) =>
    piece.flatMap(([vx, vy]): [number, number][] => {
      const [px, py] = [atX(vx), atY(vy)];
      return px === undefined || py === null ? [] : [[px, py]];
    }),
  );
  return { index: raw.index, points, boxes, theory };
}

function filtered(table: TableData, where: PlotAsk["where"]): TableData {
  const tests = where.map(([name, value]) => ({ at: placeOf(table, name, "--where"), value }));
  const rows = table.rows.filter((row) => tests.every(({ at, value }) => isSame(row[at], value)));
  if (table.rows.length > 0 && rows.length === 0)
    throw new RunInputError(`--where ${where.map((pair) => pair.join("=")).join(" ")}: no row is so`);
  return { ...table, rows };
}

const isSame = (value: ColumnValue, text: string): boolean =>
  typeof value === "number" ? value === Number(text) : String(value ?? "") === text;

const rowsOf = (
  { rows }: TableData,
  { series, facet }: Chosen,
  seriesValue: PlotValue,
  facetValue: PlotValue,
): (readonly ColumnValue[])[] =>
  rows.filter(
    (row) =>
      (series === undefined || row[series] === seriesValue) && (facet === undefined || row[facet] === facetValue),
  );

function refuseMany(option: string, count: number, most: number): void {
  if (count > most)
    throw new RunInputError(`${option}: ${count} different values; at most ${most}, choose with --where or "none"`);
}

const legendTitle = (name: string): string => (name === "case" ? "" : wordsOf({ name }).words);

const facetText = (name: string, value: PlotValue): string => {
  const { words, unit } = wordsOf({ name });
  if (words === "" || typeof value === "string") return String(value);
  return `${words} ${value}${unit === "" ? "" : ` ${unit}`}`;
};
