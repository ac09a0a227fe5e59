/** What stands at axes and in legends: columns in words, with their units. */
import type { ColumnFacts } from "../export/index.ts";

/** Words, and the unit. */
export interface AxisWords {
  words: string;
  unit: string;
}

const WORDS: Readonly<Record<string, AxisWords>> = {
  image_copies: { words: "Copies of the image sent", unit: "" },
  model_copies: { words: "Copies of the image, model", unit: "" },
  download_seconds: { words: "Download time", unit: "s" },
  model_seconds: { words: "Download time, model", unit: "s" },
  activate_seconds: { words: "Activation time", unit: "s" },
  total_seconds: { words: "Time of the run", unit: "s" },
  p50_seconds: { words: "Download time, median ONT", unit: "s" },
  p95_seconds: { words: "Download time, 95 % of ONTs", unit: "s" },
  p99_seconds: { words: "Download time, 99 % of ONTs", unit: "s" },
  downstream_gem_bytes: { words: "Sent downstream", unit: "bytes" },
  upstream_gem_bytes: { words: "Sent upstream", unit: "bytes" },
  upstream_frames: { words: "Frames upstream", unit: "" },
  repair_sections: { words: "Repair sections", unit: "" },
  sections: { words: "Sections sent", unit: "" },
  windows: { words: "Windows sent", unit: "" },
  onts: { words: "ONTs", unit: "" },
  onts_left_group: { words: "ONTs that left the group", unit: "" },
  onts_committed: { words: "ONTs committed", unit: "" },
  onts_failed: { words: "ONTs failed", unit: "" },
  loss: { words: "Frame loss probability", unit: "" },
  burst_loss: { words: "Share of frames lost in bursts", unit: "" },
  burst_frames: { words: "Mean burst", unit: "frames" },
  feeder_loss: { words: "Frame loss probability on the feeder", unit: "" },
  latency: { words: "Added latency, one way", unit: "ms" },
  jitter: { words: "Jitter", unit: "ms" },
  rate_limit: { words: "Rate limit", unit: "bytes/s" },
  case: { words: "", unit: "" },
};

const UNITS: Readonly<Record<string, string>> = {
  seconds: "s",
  ms: "ms",
  microseconds: "µs",
  bytes: "bytes",
  sections: "sections",
  frames: "frames",
  bits_per_second: "bit/s",
  bytes_per_second: "bytes/s",
  km: "km",
};

/** Rooms of a scenario whose names say nothing at an axis. */
const PREFIX = /^(?:varied|olt|ont|image|pon|depot|campaign)_/;
const UNIT = new RegExp(
  `_(${Object.keys(UNITS)
    .toSorted((one, other) => other.length - one.length)
    .join("|")})$`,
);

export function wordsOf({ name }: Pick<ColumnFacts, "name">): AxisWords {
  const known = WORDS[name];
  if (known !== undefined) return known;
  const unit = UNIT.exec(name)?.[1];
  const words = name.replace(UNIT, "").replace(PREFIX, "").replaceAll("_", " ");
  return { words: words.charAt(0).toUpperCase() + words.slice(1), unit: unit === undefined ? "" : UNITS[unit] };
}

/** A unit that keeps numbers short, and by what values are divided. */
export interface Scaled {
  unit: string;
  divisor: number;
}

const STEPS: Readonly<Record<string, readonly Scaled[]>> = {
  bytes: [
    { unit: "kB", divisor: 1e3 },
    { unit: "MB", divisor: 1e6 },
    { unit: "GB", divisor: 1e9 },
    { unit: "TB", divisor: 1e12 },
  ],
  "bytes/s": [
    { unit: "kB/s", divisor: 1e3 },
    { unit: "MB/s", divisor: 1e6 },
    { unit: "GB/s", divisor: 1e9 },
  ],
  "bit/s": [
    { unit: "kbit/s", divisor: 1e3 },
    { unit: "Mbit/s", divisor: 1e6 },
    { unit: "Gbit/s", divisor: 1e9 },
  ],
  s: [{ unit: "h", divisor: 3600 }],
};
/** From so many of the larger unit on it is taken. */
const ENOUGH: Readonly<Record<string, number>> = { h: 2 };

/** @param most greatest value */
export function scaledUnit(unit: string, most: number): Scaled {
  const fitting = STEPS[unit]?.findLast((step) => most >= step.divisor * (ENOUGH[step.unit] ?? 1));
  return fitting ?? { unit, divisor: 1 };
}

export const labelText = (words: string, unit: string): string => (unit === "" ? words : `${words} (${unit})`);
