/** Axes that charts share: how times and figures are written along them. */
import type uPlot from "uplot";
import { colour } from "./theme.ts";

const FONT = "12px system-ui, sans-serif";
/** Steps of a time axis, seconds. */
const timeSteps = [
  1e-4, 2e-4, 5e-4, 1e-3, 2e-3, 5e-3, 0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 900,
  1800, 3600, 7200, 14_400, 28_800, 86_400, 172_800,
];
const SECONDS_A_MINUTE = 60;
const SECONDS_AN_HOUR = 3600;

const two = (value: number): string => String(Math.floor(value)).padStart(2, "0");

/** "1.5 s", "2:30 min", "1:05 h": one unit for a whole axis. */
export function timeText(seconds: number, stepSeconds: number, mostSeconds: number): string {
  if (mostSeconds < 3 * SECONDS_A_MINUTE) {
    const digits = Math.max(0, Math.ceil(-Math.log10(stepSeconds) - 1e-9));
    return `${seconds.toFixed(digits)} s`;
  }
  if (mostSeconds < 3 * SECONDS_AN_HOUR)
    return `${Math.floor(seconds / SECONDS_A_MINUTE)}:${two(seconds % SECONDS_A_MINUTE)} min`;
  return `${Math.floor(seconds / SECONDS_AN_HOUR)}:${two((seconds % SECONDS_AN_HOUR) / SECONDS_A_MINUTE)} h`;
}

function base(): uPlot.Axis {
  return {
    font: FONT,
    stroke: () => colour("muted"),
    grid: { stroke: () => colour("rule"), width: 1 },
    ticks: { stroke: () => colour("rule"), width: 1, size: 4 },
  };
}

export function timeAxis(): uPlot.Axis {
  return {
    ...base(),
    size: 32,
    incrs: timeSteps,
    space: 72,
    values: (chart, splits, _axis, _space, step) =>
      splits.map((seconds) => timeText(seconds, step, chart.scales.x.max ?? seconds)),
  };
}

const WIDTH_LEAST = 38;
/** Of a digit in FONT, at most; ticks and their distance to the labels. */
const DIGIT_WIDTH = 7;
const BESIDE_LABELS = 12;

/** An axis is as wide as its longest label. */
const widthOf = (_chart: uPlot, labels: string[] | null): number =>
  Math.max(WIDTH_LEAST, BESIDE_LABELS + DIGIT_WIDTH * Math.max(0, ...(labels ?? []).map(({ length }) => length)));

/** An axis of figures; `unit` divides them and names what is left. */
export function figureAxis(unit: { divisor: number; name: string }, whole = false): uPlot.Axis {
  const { divisor, name } = unit;
  return {
    ...base(),
    size: widthOf,
    ...(name !== "" && { label: name, labelFont: FONT, labelSize: 18, labelGap: 0 }),
    values: (_chart, splits) => tickTexts(splits, divisor, whole),
  };
}

const DECIMALS_MAX = 12;

/**
 * Ticks with as many decimals as tell them apart. A logarithmic axis leaves out the names of steps for which there is no room:
 * null.
 */
export function tickTexts(splits: readonly (number | null)[], divisor = 1, whole = false): string[] {
  const shown = splits.map((value) => (value === null ? null : value / divisor));
  const apart = shown.flatMap((value) => value ?? []).map((value, at, all) => (at === 0 ? NaN : value - all[at - 1]));
  const step = Math.min(...apart.filter((difference) => difference > 0));
  const decimals = Number.isFinite(step) ? Math.min(DECIMALS_MAX, Math.max(3, 1 - Math.floor(Math.log10(step)))) : 6;
  return shown.map((value) => {
    if (value === null || (whole && !Number.isInteger(value))) return "";
    return Number(value.toFixed(decimals)).toLocaleString("en-US", { maximumFractionDigits: decimals });
  });
}

/** Decimal multiple of bit/s that suits the largest rate. */
export function rateUnit(mostBitsPerSecond: number): { divisor: number; name: string } {
  const units = ["bit/s", "kbit/s", "Mbit/s", "Gbit/s"];
  const step = Math.min(units.length - 1, Math.max(0, Math.floor(Math.log10(Math.max(1, mostBitsPerSecond)) / 3)));
  return { divisor: 1000 ** step, name: units[step] };
}
