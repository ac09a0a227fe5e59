/** Sizes, rates, times and shares as people write them, with a unit: the same on the command line and in files. */

/** What a number counts that has no unit behind it. */
export type Unit = "bytes" | "bytes/s" | "bit/s" | "s" | "ms" | "µs" | "share";
type Measure = "size" | "rate" | "time" | "share";

interface Written {
  /** Units for an error line. */
  units: string;
  example: string;
  /** Of whole units in the measure's smallest: bytes, bit/s, µs, hundredths. */
  factorOf: (unit: string) => number | undefined;
}

const POWERS: Readonly<Record<string, number>> = { "": 0, k: 1, m: 2, g: 3, t: 4 };
const prefixed = (prefix: string, isBinary: boolean): number =>
  (isBinary ? 1024 : 1000) ** POWERS[prefix.toLowerCase()];

const BITS_PER_BYTE = 8;
const TIMES: Readonly<Record<string, number>> = { us: 1, µs: 1, ms: 1e3, s: 1e6, min: 6e7, h: 3.6e9, d: 8.64e10 };

const MEASURES: Readonly<Record<Measure, Written>> = {
  size: {
    units: "B, kB, MB, GB, KiB, MiB, GiB",
    example: "8MiB",
    // Sizes are in bytes: upper or lower case says nothing.
    factorOf: (unit) => {
      const match = /^(?:([kmgt])(i)?)?b$/i.exec(unit);
      return match === null ? undefined : prefixed(match[1] ?? "", match[2] !== undefined);
    },
  },
  rate: {
    units: "bit/s, kbit/s, Mbit/s, Gbit/s (or Mbps), B/s, kB/s, MB/s, GB/s",
    example: "20Mbit/s",
    // Of a rate's b and B the one is a bit, the other a byte.
    factorOf: (unit) => {
      const match = /^(?:([kmgtKMGT])(i)?)?(bit|b|B)(?:\/s|ps)$/.exec(unit);
      if (match === null) return undefined;
      return prefixed(match[1] ?? "", match[2] !== undefined) * (match[3] === "B" ? BITS_PER_BYTE : 1);
    },
  },
  time: { units: "ms, s, min, h, d", example: "4h", factorOf: (unit) => TIMES[unit] },
  share: { units: "%", example: "0.1%", factorOf: (unit) => (unit === "%" ? 1 : undefined) },
};

/** Each in the measure's smallest unit. */
const UNITS: Readonly<Record<Unit, readonly [Measure, number]>> = {
  bytes: ["size", 1],
  "bytes/s": ["rate", BITS_PER_BYTE],
  "bit/s": ["rate", 1],
  s: ["time", TIMES["s"]],
  ms: ["time", TIMES["ms"]],
  µs: ["time", TIMES["µs"]],
  share: ["share", 100],
};

/** A number with a unit behind it. */
const QUANTITY = /^(\d+(?:\.\d+)?) *(\D.*)$/;
/** Digits that a double holds: what a factor adds behind them is no part of what was written. */
const DIGITS = 15;

/** @returns undefined where it is no number, or its unit none of this measure */
export function readQuantity(written: string, unit: Unit): number | undefined {
  const [measure, divisor] = UNITS[unit];
  const match = QUANTITY.exec(written.trim());
  const factor = match === null ? undefined : MEASURES[measure].factorOf(match[2]);
  if (match === null || factor === undefined) return undefined;
  const value = Number(((Number(match[1]) * factor) / divisor).toPrecision(DIGITS));
  return unit === "bytes" ? Math.round(value) : value;
}

/** Units that may stand behind a number, and a text that says how. */
export const unitWords = (unit: Unit): Pick<Written, "units" | "example"> => MEASURES[UNITS[unit][0]];
