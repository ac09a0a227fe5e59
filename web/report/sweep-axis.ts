/** Where the values of a sweep's field stand along the axis of its charts. */

/** From this ratio on an axis is logarithmic: on a plain one the small values would all lie in a corner. */
export const LOGARITHMIC_RATIO = 20;
/** Room for zero before the smallest value of a logarithmic axis, in decades, at least. */
const ZERO_DECADES = 0.5;

/** Places stand side by side; numbers are at their value, or at its logarithm. */
export type AxisScale = "places" | "linear" | "logarithmic";

export interface Axis {
  scale: AxisScale;
  /** One for each value, ascending. */
  at: number[];
  /** The first value is zero, which a logarithmic axis has no place for: it stands apart before the others. */
  hasZeroApart: boolean;
}

/** @param values ascending where all are numbers */
export function axisOf(values: readonly unknown[]): Axis {
  const numbers = values.filter((value) => typeof value === "number");
  if (values.length < 2 || numbers.length < values.length)
    return { scale: "places", at: values.map((_, place) => place), hasZeroApart: false };
  const positive = numbers.filter((value) => value > 0);
  const [least, most] = [positive[0], positive.at(-1)!];
  const isLogarithmic = positive.length > 1 && numbers[0] >= 0 && most / least >= LOGARITHMIC_RATIO;
  if (!isLogarithmic) return { scale: "linear", at: numbers, hasZeroApart: false };
  const at = positive.map(Math.log10);
  const hasZeroApart = numbers[0] === 0;
  const step = Math.max(ZERO_DECADES, (at.at(-1)! - at[0]) / positive.length);
  return { scale: "logarithmic", at: hasZeroApart ? [at[0] - step, ...at] : at, hasZeroApart };
}
