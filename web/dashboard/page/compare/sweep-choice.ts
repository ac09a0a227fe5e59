/** Which figure of a sweep is drawn, along which field, in which series and facets, and what is held fixed. Pure. */
import { valueWords } from "../../../../base/text/index.ts";
import type { Figure } from "../../../../run/result/index.ts";
import { SweepLayout } from "../../../report/sweep-layout.ts";
import type { ComparedCell } from "../../../report/sweep-data.ts";
import type { Curve, PictureSpec } from "../picture/picture.tsx";
import { figureScale, logarithmicScale, type Scale } from "../picture/scale.ts";
import { FIGURE_WORDS } from "./figure-words.ts";

const TICKS_UP = 5;
/** From this ratio on an axis is logarithmic. */
const LOGARITHMIC_RATIO = 20;
/** Of a place's width over which its points stand side by side. */
const SPREAD = 0.5;
/** Of an axis with numbers, at either end. */
const END_ROOM = 0.05;
/** Facets beyond these are not drawn. */
export const FACETS_MAX = 24;
export const NO_FIELD = "";

/** A field that takes several values in this sweep. */
export interface VaryingField {
  field: string;
  values: { key: string; text: string }[];
}

export interface SweepChoice {
  figure: Figure;
  x: string;
  series: string;
  /** Empty: none. */
  facets: string;
  /** Of the other fields, keys of values. */
  fixed: Readonly<Record<string, string>>;
}

const keyOf = (value: unknown): string => JSON.stringify(value) ?? "";

export function varyingFields(stats: readonly ComparedCell[]): VaryingField[] {
  return Object.keys(stats[0]?.values ?? {}).flatMap((field) => {
    const values = new Map(stats.map(({ values: { [field]: value } }) => [keyOf(value), valueWords(value)]));
    return values.size > 1 ? [{ field, values: [...values].map(([key, text]) => ({ key, text })) }] : [];
  });
}

/** As a report lays it out, the first of the other fields as facets. */
export function usualChoice(stats: readonly ComparedCell[]): SweepChoice {
  const { seriesField, xField } = new SweepLayout(stats);
  const rest = varyingFields(stats).filter(({ field }) => field !== seriesField && field !== xField);
  return completed(
    { figure: "imageCopies", x: xField, series: seriesField, facets: rest[0]?.field ?? NO_FIELD, fixed: {} },
    stats,
  );
}

/** Each field has one part only, and those that have none are held at a value. */
export function completed(choice: SweepChoice, stats: readonly ComparedCell[]): SweepChoice {
  const { x, series, facets } = choice;
  const fixed = Object.fromEntries(
    varyingFields(stats)
      .filter(({ field }) => field !== x && field !== series && field !== facets)
      .map(({ field, values }) => [field, choice.fixed[field] ?? values[0].key]),
  );
  return { ...choice, fixed };
}

/** A field goes to a part; the field that was there goes where this one came from. */
export function withPart(
  choice: SweepChoice,
  part: "x" | "series" | "facets",
  field: string,
  stats: readonly ComparedCell[],
): SweepChoice {
  const next = { ...choice, [part]: field };
  for (const other of ["x", "series", "facets"] as const)
    if (other !== part && field !== NO_FIELD && choice[other] === field) next[other] = choice[part];
  return completed(next, stats);
}

/** Combinations that are drawn. */
export const chosenCells = (stats: readonly ComparedCell[], { fixed }: SweepChoice): ComparedCell[] =>
  stats.filter(({ values }) => Object.entries(fixed).every(([field, key]) => keyOf(values[field]) === key));

/** One picture for each facet, all with the same scales. */
export function sweepPictures(stats: readonly ComparedCell[], choice: SweepChoice, title: string): PictureSpec[] {
  const cells = chosenCells(stats, choice).filter(({ figures }) => figures[choice.figure] !== null);
  if (cells.length === 0) return [];
  const layout = new SweepLayout(cells, choice);
  const { label, unit } = FIGURE_WORDS[choice.figure];
  const x = { ...xScale(layout), label: axisLabel(layout) };
  const y = { ...yScale(cells, choice.figure), label: unit };
  const held = heldWords(cells, choice);
  return layout.panels.slice(0, FACETS_MAX).map((panel, at) => {
    const curves = curvesOf(cells, choice.figure, layout, at);
    return {
      title: [`${title}: ${label}`, panel, held].filter((part) => part !== "").join(" · "),
      x,
      y,
      curves,
      readouts: layout.xLabels.map((text, place) => ({
        x: layout.xAxis.at[place],
        text: [
          choice.x === NO_FIELD ? "" : `${choice.x} ${text}`,
          ...curves.flatMap(({ name, means }) => (means[place] === undefined ? [] : [`${name} ${means[place]}`])),
        ]
          .filter((part) => part !== "")
          .join(" · "),
      })),
    };
  });
}

const axisLabel = ({ xField, xAxis }: SweepLayout): string =>
  xAxis.scale === "logarithmic" ? `${xField} (logarithmic)` : xField;

/** What is the same in all pictures, though the sweep has other values of it. */
const heldWords = (cells: readonly ComparedCell[], { fixed }: SweepChoice): string =>
  Object.keys(fixed)
    .map((field) => `${field} ${valueWords(cells[0].values[field])}`)
    .join(", ");

function xScale({ xAxis: { scale, at }, xLabels }: SweepLayout): Scale {
  const ticks = at.map((value, place) => ({ at: value, text: xLabels[place] }));
  const room = scale === "places" ? 0.5 : (at.at(-1)! - at[0]) * END_ROOM;
  return { least: at[0] - room, most: at.at(-1)! + room, isLogarithmic: false, ticks };
}

function yScale(cells: readonly ComparedCell[], figure: Figure): Scale {
  const all = cells.flatMap(({ figures: { [figure]: of } }) => (of === null ? [] : [of]));
  const means = all.map(({ mean }) => mean);
  const [least, most] = [Math.min(...means), Math.max(...means)];
  const highest = all.map(({ mean, ci95 }) => mean + (ci95 ?? 0));
  if (least > 0 && most / least >= LOGARITHMIC_RATIO) return logarithmicScale([...means, ...highest]);
  const lowest = all.map(({ mean, ci95 }) => mean - (ci95 ?? 0));
  return figureScale([...lowest, ...highest], TICKS_UP);
}

interface SweepCurve extends Curve {
  /** By place: mean and interval in words. */
  means: (string | undefined)[];
}

function curvesOf(cells: readonly ComparedCell[], figure: Figure, layout: SweepLayout, panel: number): SweepCurve[] {
  const { series, xAxis, xLabels } = layout;
  const isNumeric = xAxis.scale !== "places";
  const text = FIGURE_WORDS[figure];
  return series.map((name, number) => {
    const aside = isNumeric || series.length < 2 ? 0 : (number / (series.length - 1) - 0.5) * SPREAD;
    const means: SweepCurve["means"] = xLabels.map(() => undefined);
    const points = cells
      .flatMap(({ values, figures }) => {
        const [place, of] = [layout.place(values), figures[figure]];
        if (of === null || place.panel !== panel || place.series !== number) return [];
        const interval = of.ci95 === null || of.ci95 === 0 ? "" : ` ± ${text.text(of.ci95)}`;
        means[place.x] = `${text.text(of.mean)}${interval}`;
        const ends = of.ci95 === null ? {} : { low: of.mean - of.ci95, high: of.mean + of.ci95 };
        return [{ x: xAxis.at[place.x] + aside, y: of.mean, ...ends }];
      })
      .sort((a, b) => a.x - b.x);
    return { name: name || "all runs", points, line: isNumeric ? "straight" : "none", hasMarks: true, means };
  });
}
