/** Scales of pictures: where a value stands along an axis, and which values have a name there. Pure. */
import { tickTexts, timeText } from "../../../charts/axes.ts";

export interface Tick {
  at: number;
  text: string;
}

export interface Scale {
  least: number;
  most: number;
  isLogarithmic: boolean;
  ticks: Tick[];
}

const STEPS = [1, 2, 5, 10];
/** Of times, seconds. */
const TIME_STEPS = [1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 900, 1800, 3600, 7200, 10_800, 21_600, 43_200, 86_400];
/** Room above the largest value. */
const ROOM_SHARE = 0.06;
const LOGARITHMIC_ROOM = 1.25;

/** The step of 1, 2 or 5 times a power of ten that gives about so many ticks. */
function stepOf(span: number, count: number): number {
  const least = span / Math.max(1, count);
  const power = 10 ** Math.floor(Math.log10(least));
  return power * (STEPS.find((step) => step * power >= least) ?? STEPS.at(-1)!);
}

function between(least: number, most: number, step: number): number[] {
  const first = Math.ceil(least / step - 1e-9);
  const last = Math.floor(most / step + 1e-9);
  return Array.from({ length: Math.max(0, last - first + 1) }, (_, index) => (first + index) * step);
}

/** Of figures: from zero, unless the values would then all look alike. */
export function figureScale(values: readonly number[], count: number): Scale {
  const [least, most] = [Math.min(...values, Infinity), Math.max(...values, -Infinity)];
  if (!Number.isFinite(least)) return { least: 0, most: 1, isLogarithmic: false, ticks: [] };
  const span = most - least || Math.abs(most) || 1;
  const from = least - span < most / 2 ? Math.min(0, least) : least - span * ROOM_SHARE;
  const to = most + (most - from || 1) * ROOM_SHARE;
  const at = between(from, to, stepOf(to - from, count));
  const texts = tickTexts(at);
  return {
    least: from,
    most: to,
    isLogarithmic: false,
    ticks: at.map((value, tick) => ({ at: value, text: texts[tick] })),
  };
}

/** 1, 2, 5, 10, 20, … where the values lie far apart. */
export function logarithmicScale(values: readonly number[]): Scale {
  const least = Math.min(...values) / LOGARITHMIC_ROOM;
  const most = Math.max(...values) * LOGARITHMIC_ROOM;
  const [first, last] = [Math.floor(Math.log10(least)), Math.ceil(Math.log10(most))];
  const factors = last - first > 4 ? [1] : [1, 2, 5];
  const at = Array.from({ length: last - first + 1 }, (_, index) => 10 ** (first + index))
    .flatMap((decade) => factors.map((factor) => Number((factor * decade).toPrecision(1))))
    .filter((value) => value >= least && value <= most);
  return { least, most, isLogarithmic: true, ticks: at.map((value) => ({ at: value, text: tickTexts([value])[0] })) };
}

/** Of times from a beginning on, seconds. */
export function timeScale(mostSeconds: number, count: number): Scale {
  const most = mostSeconds > 0 ? mostSeconds : 1;
  const least = most / Math.max(1, count);
  const step = least < 1 ? stepOf(most, count) : (TIME_STEPS.find((each) => each >= least) ?? stepOf(most, count));
  const ticks = between(0, most, step).map((at) => ({ at, text: timeText(at, step, most) }));
  return { least: 0, most, isLogarithmic: false, ticks };
}

/** Where a value stands, 0 to 1. */
export function shareAt({ least, most, isLogarithmic }: Scale, value: number): number {
  if (!isLogarithmic) return (value - least) / (most - least || 1);
  const from = Math.log(least);
  return (Math.log(Math.max(value, least)) - from) / (Math.log(most) - from || 1);
}
