/** Which field of a sweep is compared, which runs along the axis, and which make charts of their own. */
import { valueWords } from "../../base/text/index.ts";
import { type Axis, axisOf } from "./sweep-axis.ts";
import type { ComparedCell } from "./sweep-data.ts";

type Values = ComparedCell["values"];

/** Fields that name a way of doing it: the first of them that a matrix has is what is compared. */
const compared = ["olt.recovery", "case", "olt.mode", "olt.messageSet", "olt.instance"];

/** Stands for a field that a sweep does not have. */
const NO_FIELD = "";

/** By which values are told apart; people read `valueWords`. */
const keyOf = (value: unknown): string => JSON.stringify(value) ?? "";

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
  readonly xAxis: Axis;
  /** "field value, field value" for the other fields. */
  readonly panels: readonly string[];
  readonly #panelFields: readonly string[];
  readonly #seriesKeys: readonly string[];
  readonly #xKeys: readonly string[];
  readonly #panelKeys: readonly string[];

  /** @param asked fields that somebody wants compared, and along the axis; where they vary */
  constructor(cells: readonly { values: Values }[], asked: { series?: string; x?: string } = {}) {
    const valuesOf = (field: string): unknown[] => distinct(cells.map(({ values }) => values[field]));
    const isNumeric = (field: string): boolean => valuesOf(field).every((value) => typeof value === "number");
    const varying = Object.keys(cells[0]?.values ?? {}).filter((field) => valuesOf(field).length > 1);
    const free = varying.filter((field) => field !== asked.x);
    this.seriesField =
      asked.series ??
      compared.find((field) => free.includes(field)) ??
      free.find((field) => !isNumeric(field)) ??
      (varying.length > 1 ? free.at(-1)! : NO_FIELD);
    const rest = varying.filter((field) => field !== this.seriesField);
    const most = rest.toSorted((a, b) => valuesOf(b).length - valuesOf(a).length);
    this.xField = asked.x ?? most.find(isNumeric) ?? most[0] ?? NO_FIELD;
    const along = valuesOf(this.xField);
    if (this.xField !== NO_FIELD && isNumeric(this.xField)) (along as number[]).sort((a, b) => a - b);
    this.xAxis = axisOf(along);
    this.#xKeys = along.map(keyOf);
    this.xLabels = along.map(valueWords);
    const series = valuesOf(this.seriesField);
    this.#seriesKeys = series.map(keyOf);
    // A number alone says nothing of what it is.
    this.series = series.map((value) =>
      typeof value === "string" || series.length < 2 ? valueWords(value) : `${this.seriesField} ${valueWords(value)}`,
    );
    this.#panelFields = rest.filter((field) => field !== this.xField);
    const panels = new Map(cells.map(({ values }) => [this.#panelKey(values), this.#panelWords(values)]));
    this.#panelKeys = [...panels.keys()];
    this.panels = [...panels.values()];
  }

  /** Where a combination stands: indices into series, places along the axis, and panels. */
  place(values: Values): { series: number; x: number; panel: number } {
    return {
      series: this.#seriesKeys.indexOf(keyOf(values[this.seriesField])),
      x: this.#xKeys.indexOf(keyOf(values[this.xField])),
      panel: this.#panelKeys.indexOf(this.#panelKey(values)),
    };
  }

  #panelKey(values: Values): string {
    return keyOf(this.#panelFields.map((field) => values[field]));
  }

  #panelWords(values: Values): string {
    return this.#panelFields.map((field) => `${field} ${valueWords(values[field])}`).join(", ");
  }
}

/** Each value once, in the order in which they come. */
const distinct = <Value>(values: readonly Value[]): Value[] => [
  ...new Map(values.map((value) => [keyOf(value), value])).values(),
];
