/** Which field of a sweep is compared, which runs along the axis, and which make charts of their own. */
import type { ComparedCell } from "./sweep-data.ts";

type Values = ComparedCell["values"];

/** Fields that name a way of doing it: the first of them that a matrix has is what is compared. */
const compared = ["olt.recovery", "case", "olt.mode", "olt.messageSet", "olt.instance"];

/** Stands for a field that a sweep does not have. */
const NO_FIELD = "";

/** A value as it was written in the sweep file. */
export const valueText = (value: unknown): string =>
  value === undefined ? "" : typeof value === "string" ? value : JSON.stringify(value);

/**
 * How the combinations of a sweep are laid out: one field is compared, another runs along the axis, and each combination of
 * the others has charts of its own.
 */
export class SweepLayout {
  /** Empty where the sweep has one combination only. */
  readonly seriesField: string;
  readonly series: readonly string[];
  /** Empty where only one field varies. */
  readonly xField: string;
  readonly xLabels: readonly string[];
  /** The values along the axis are numbers. */
  readonly xIsOrdered: boolean;
  /** "field value, field value" for the other fields. */
  readonly panels: readonly string[];
  readonly #panelFields: readonly string[];

  constructor(cells: readonly { values: Values }[]) {
    const valuesOf = (field: string): unknown[] => distinct(cells.map(({ values }) => values[field]));
    const isNumeric = (field: string): boolean => valuesOf(field).every((value) => typeof value === "number");
    const varying = Object.keys(cells[0]?.values ?? {}).filter((field) => valuesOf(field).length > 1);
    this.seriesField =
      compared.find((field) => varying.includes(field)) ??
      varying.find((field) => !isNumeric(field)) ??
      (varying.length > 1 ? varying.at(-1)! : NO_FIELD);
    const rest = varying.filter((field) => field !== this.seriesField);
    const most = rest.toSorted((a, b) => valuesOf(b).length - valuesOf(a).length);
    this.xField = most.find(isNumeric) ?? most[0] ?? NO_FIELD;
    this.xIsOrdered = this.xField !== NO_FIELD && isNumeric(this.xField);
    const along = valuesOf(this.xField);
    if (this.xIsOrdered) (along as number[]).sort((a, b) => a - b);
    this.series = valuesOf(this.seriesField).map(valueText);
    this.xLabels = along.map(valueText);
    this.#panelFields = rest.filter((field) => field !== this.xField);
    this.panels = distinct(cells.map(({ values }) => this.#panelOf(values)));
  }

  /** Where a combination stands: indices into series, places along the axis, and panels. */
  place(values: Values): { series: number; x: number; panel: number } {
    return {
      series: this.series.indexOf(valueText(values[this.seriesField])),
      x: this.xLabels.indexOf(valueText(values[this.xField])),
      panel: this.panels.indexOf(this.#panelOf(values)),
    };
  }

  #panelOf(values: Values): string {
    return this.#panelFields.map((field) => `${field} ${valueText(values[field])}`).join(", ");
  }
}

/** Each value once, in the order in which they come; values that are written alike are one. */
const distinct = <Value>(values: readonly Value[]): Value[] => [
  ...new Map(values.map((value) => [valueText(value), value])).values(),
];
