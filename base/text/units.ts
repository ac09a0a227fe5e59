/** Numbers as people read them: sizes, rates, counts, durations, shares. For display only. */

const KIB = 1024;
const byteUnits = ["B", "KiB", "MiB", "GiB"] as const;
const rateUnits = ["bit/s", "kbit/s", "Mbit/s", "Gbit/s", "Tbit/s"] as const;

function scaled(value: number, base: number, units: readonly string[]): string {
  let at = 0;
  let rest = value;
  // What would be rounded up to the next unit is shown in it.
  while (at < units.length - 1 && rest >= base - 0.05) {
    rest /= base;
    at++;
  }
  return `${at === 0 ? Math.round(rest) : rest.toFixed(1)} ${units[at]}`;
}

/** Sizes as firmware sizes are given, in binary multiples: "16.0 MiB". */
export const bytesText = (bytes: number): string => scaled(bytes, KIB, byteUnits);

/** Rates as lines are rated, in decimal multiples of bits: "93.4 Mbit/s". */
export const rateText = (bitsPerSecond: number): string => scaled(bitsPerSecond, 1000, rateUnits);

/** "8,538"; not by `toLocaleString`, which loads its tables of languages first: 20 ms. */
export const countText = (count: number): string => String(Math.round(count)).replaceAll(/\B(?=(?:\d{3})+$)/g, ",");

/** "1 ONT", "2 ONTs" */
export const plural = (count: number, one: string, many = `${one}s`): string =>
  `${countText(count)} ${count === 1 ? one : many}`;

const two = (value: number): string => String(value).padStart(2, "0");

/** Longer times lose their fractions: "840 ms", "12.3 s", "3 min 04 s", "2 h 05 min". */
export function durationText(seconds: number): string {
  if (seconds < 0.9995) return `${Math.round(seconds * 1000)} ms`;
  if (seconds < 59.95) return `${seconds.toFixed(1)} s`;
  const whole = Math.round(seconds);
  if (whole < 3600) return `${Math.floor(whole / 60)} min ${two(whole % 60)} s`;
  const minutes = Math.round(seconds / 60);
  return `${Math.floor(minutes / 60)} h ${two(minutes % 60)} min`;
}

/** Never rounds up to 100: that is for what is done. */
export const percentText = (share: number): string => `${Math.floor(Math.min(1, Math.max(0, share)) * 100)} %`;

/** Copies of an image: "1.03"; of a delta, which is a small part of it, two figures that say something: "0.052". */
export const copiesText = (copies: number): string =>
  copies > 0 && copies < 0.1 ? copies.toPrecision(2) : copies.toFixed(2);
