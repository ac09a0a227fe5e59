/** Axes: where values stand, which ticks there are and what is written at them. */
import { countText } from "../../base/text/index.ts";
import type { PlotAxis, PlotScale, PlotTick } from "./types.ts";

/** Room for zero before the smallest value of a logarithmic axis, in decades, at least. */
const ZERO_DECADES = 0.6;
/** Share of an axis that stays free beyond the outermost values: for signs, and for series beside one another. */
const MARGIN = 0.055;
/** So many different values have a tick each. */
const OWN_TICKS_MAX = 7;
const TICKS_WANTED = 5;

/** Puts values on an axis. */
export interface Placed {
  axis: PlotAxis;
  /** @returns undefined for what has no place, such as a negative number on a logarithmic axis */
  at: (value: number) => number | undefined;
}

export interface AxisAsk {
  label: string;
  isLogarithmic: boolean;
  /** The axis begins at 0, or ends at 1. */
  from?: number;
  to?: number;
  /** Few values have their own ticks. */
  hasOwnTicks: boolean;
}

/** Names side by side, each in the middle of its place. */
export function placesAxis(label: string, names: readonly string[]): PlotAxis {
  const ticks = names.map((text, at) => ({ at, text }));
  return { label, scale: "places", domain: [-0.5, names.length - 0.5], ticks };
}

/** @param values all that is on the axis, in any order */
export function numberAxis(values: readonly number[], ask: AxisAsk): Placed {
  const distinct = [...new Set(values)].sort((one, other) => one - other);
  return ask.isLogarithmic ? logarithmic(distinct, ask) : linear(distinct, ask);
}

function linear(values: readonly number[], { label, from, to, hasOwnTicks }: AxisAsk): Placed {
  const [least, most] = [from ?? values[0] ?? 0, to ?? values.at(-1) ?? 1];
  const ownTicks = hasOwnTicks && values.length > 1 && values.length <= OWN_TICKS_MAX && areApart(values);
  const room = most > least ? (most - least) * MARGIN : Math.abs(most) * 0.1 || 1;
  const low = from ?? (least >= 0 && least < room ? least - (ownTicks ? room : 0) : least - room);
  const high = to ?? most + room;
  const ticks = ownTicks ? values : roundTicks(low, high);
  const axis: PlotAxis = { label, scale: "linear", domain: [low, high], ticks: ticksOf(ticks) };
  return { axis, at: (value) => value };
}

function logarithmic(values: readonly number[], { label, hasOwnTicks }: AxisAsk): Placed {
  const positive = values.filter((value) => value > 0);
  const hasZero = values[0] === 0;
  const [least, most] = [Math.log10(positive[0] ?? 1), Math.log10(positive.at(-1) ?? 10)];
  const span = most - least || 1;
  // As many decades before the first value as there are between the others, so that zero looks like one of them.
  const zeroAt = least - Math.max(ZERO_DECADES, span / Math.max(1, positive.length - 1) / 1.5);
  const low = (hasZero ? zeroAt : least) - span * MARGIN;
  const domain = [low, most + span * MARGIN] as const;
  const logs = positive.map(Math.log10);
  const own = hasOwnTicks && positive.length <= OWN_TICKS_MAX && areApart(logs);
  const ticks = own ? ticksOf(positive) : decadeTicks(hasZero ? least : low, domain[1]);
  const axis: PlotAxis = {
    label,
    scale: "logarithmic",
    domain,
    ticks: [
      ...(hasZero ? [{ at: zeroAt, text: "0" }] : []),
      ...ticks.map(({ at, text }) => ({ at: Math.log10(at), text })),
    ],
    ...(hasZero && { breakAt: zeroAt + (least - zeroAt) / 2 }),
  };
  return { axis, at: (value) => (value > 0 ? Math.log10(value) : value === 0 && hasZero ? zeroAt : undefined) };
}

/** Neighbours are far enough from each other for a number each. */
function areApart(values: readonly number[]): boolean {
  const span = values.at(-1)! - values[0];
  return values.every((value, at) => at === 0 || value - values[at - 1] > span / 12);
}

/** Round numbers within a range. */
export function roundTicks(low: number, high: number, wanted = TICKS_WANTED): number[] {
  const raw = (high - low) / wanted;
  const power = 10 ** Math.floor(Math.log10(raw));
  const step = [1, 2, 5, 10].map((factor) => factor * power).find((candidate) => candidate >= raw * 0.999) ?? raw;
  const first = Math.ceil(low / step - 1e-9);
  const last = Math.floor(high / step + 1e-9);
  return Array.from({ length: Math.max(0, last - first + 1) }, (_, at) => +((first + at) * step).toPrecision(12));
}

/** Decades; within few of them, 2 and 5 as well; the others as marks without a number. */
function decadeTicks(low: number, high: number): PlotTick[] {
  const decades = high - low;
  const written = decades < 1.3 ? [1, 2, 3, 5, 7] : decades < 2.6 ? [1, 2, 5] : [1];
  const every = Math.ceil(decades / 6);
  const ticks: PlotTick[] = [];
  for (let power = Math.floor(low); power <= high; power++)
    for (let factor = 1; factor < 10; factor++) {
      const value = +(factor * 10 ** power).toPrecision(12);
      const at = Math.log10(value);
      if (at < low - 1e-9 || at > high + 1e-9) continue;
      const isWritten = written.includes(factor) && (factor > 1 || power % every === 0);
      if (isWritten || decades < 5) ticks.push({ at: value, text: isWritten ? numberText(value) : "" });
    }
  return ticks;
}

function ticksOf(values: readonly number[]): PlotTick[] {
  const digits = Math.max(0, ...values.map((value) => decimalsOf(value)));
  const isSmall = values.some((value) => value !== 0 && Math.abs(value) < 1e-4);
  // Of one axis all numbers have as many digits, unless they are far apart.
  const text = (value: number): string =>
    isSmall || digits > 3 || Math.abs(value) >= 1e4 ? numberText(value) : value === 0 ? "0" : value.toFixed(digits);
  const areAlike = values.length > 2 && new Set(steps(values)).size === 1;
  return values.map((at) => ({ at, text: areAlike ? text(at) : numberText(at) }));
}

const steps = (values: readonly number[]): number[] =>
  values.slice(1).map((value, at) => +(value - values[at]).toPrecision(6));

const decimalsOf = (value: number): number => /\.(\d+)$/.exec(String(+value.toPrecision(10)))?.[1].length ?? 0;

const SUPERSCRIPTS: Readonly<Record<string, string>> = {
  "-": "⁻",
  0: "⁰",
  1: "¹",
  2: "²",
  3: "³",
  4: "⁴",
  5: "⁵",
  6: "⁶",
  7: "⁷",
  8: "⁸",
  9: "⁹",
};

/** As papers write it: "0.001", "12,000", "2 × 10⁻⁶". */
export function numberText(value: number): string {
  const size = Math.abs(value);
  if (value === 0) return "0";
  if (size >= 1e-4 && size < 1e6) {
    const short = +value.toPrecision(6);
    return size >= 1e4 && Number.isInteger(short)
      ? signed(value, countText(size))
      : signed(value, String(Math.abs(short)));
  }
  const power = Math.floor(Math.log10(size) + 1e-12);
  const factor = +(size / 10 ** power).toPrecision(3);
  const tens = `10${String(power).replaceAll(/[-\d]/g, (digit) => SUPERSCRIPTS[digit])}`;
  return signed(value, factor === 1 ? tens : `${factor} × ${tens}`);
}

const signed = (value: number, text: string): string => (value < 0 ? `−${text}` : text);

/** Which scale a column of numbers asks for when nobody says it: far apart and never below zero. */
export function scaleOf(values: readonly number[], ratio: number): Exclude<PlotScale, "places"> {
  const positive = values.filter((value) => value > 0);
  if (positive.length < 2 || values.some((value) => value < 0)) return "linear";
  return Math.max(...positive) / Math.min(...positive) >= ratio ? "logarithmic" : "linear";
}
