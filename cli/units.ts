/** Sizes, rates, durations, numbers and addresses as people type them. */
import { UsageError } from "./errors.ts";

const SIZE_UNITS: Readonly<Record<string, number>> = {
  "": 1,
  B: 1,
  kB: 1e3,
  MB: 1e6,
  GB: 1e9,
  KiB: 1024,
  MiB: 1024 ** 2,
  GiB: 1024 ** 3,
};

const RATE_UNITS: Readonly<Record<string, number>> = {
  "B/s": 1,
  "kB/s": 1e3,
  "MB/s": 1e6,
  "GB/s": 1e9,
  "KiB/s": 1024,
  "MiB/s": 1024 ** 2,
  "bit/s": 1 / 8,
  "kbit/s": 1e3 / 8,
  "Mbit/s": 1e6 / 8,
  "Gbit/s": 1e9 / 8,
};

function scaled(option: string, value: string, units: Readonly<Record<string, number>>, example: string): number {
  const match = /^(\d+(?:\.\d+)?)\s*([A-Za-z/]*)$/.exec(value.trim());
  const factor = match ? units[match[2]] : undefined;
  if (!match || factor === undefined) {
    const names = Object.keys(units).filter(Boolean).join(", ");
    throw new UsageError(`${option}: ${value} is not allowed; a number with one of ${names}, such as ${example}`);
  }
  return Number(match[1]) * factor;
}

/** Bytes of a text such as 8MiB. @throws UsageError */
export const parseSize = (option: string, value: string): number =>
  Math.round(scaled(option, value, SIZE_UNITS, "8MiB"));

/** Bytes per second of a text such as 20Mbit/s. @throws UsageError */
export const parseRate = (option: string, value: string): number => scaled(option, value, RATE_UNITS, "20Mbit/s");

/** A number as the schema is to judge it; what is no number at all is told at once. @throws UsageError */
export function parseNumber(option: string, value: string): number {
  const number = Number(value);
  if (value.trim() === "" || Number.isNaN(number)) throw new UsageError(`${option}: ${value} is not a number`);
  return number;
}

const TIME_UNITS: Readonly<Record<string, number>> = { ms: 1e-3, s: 1, min: 60, h: 3600 };

/** Seconds of a text such as 4h. @throws UsageError */
export const parseDuration = (option: string, value: string): number => scaled(option, value, TIME_UNITS, "4h");

/** A whole number from 1 on. @throws UsageError */
export function parseCount(option: string, value: string): number {
  if (!/^[1-9]\d{0,8}$/.test(value))
    throw new UsageError(`${option}: ${value} is not allowed; a whole number from 1 on`);
  return Number(value);
}

/** A UDP or TCP port; 0 = any. @throws UsageError */
export function parsePort(option: string, value: string): number {
  const port = /^\d+$/.test(value) ? Number(value) : -1;
  if (port < 0 || port > 65_535) throw new UsageError(`${option}: ${value} is not allowed; a port, 0 to 65535`);
  return port;
}

/** An IPv6 address stands in brackets before its port, and without them in the answer. @throws UsageError */
export function parseAddress(option: string, value: string): { host: string; port: number } {
  const match = /^(?:(.+):)?(\d+)$/.exec(value);
  const port = match ? Number(match[2]) : -1;
  if (!match || port > 65_535)
    throw new UsageError(`${option}: ${value} is not allowed; host:port, such as 127.0.0.1:9464`);
  return { host: (match[1] ?? "127.0.0.1").replace(/^\[(.*)\]$/, "$1"), port };
}

/** Port of OpenOLT where none is given. */
const OPENOLT_PORT = 50_060;

/**
 * host:port of openolt://host:port, as --target takes it.
 *
 * @param others what else is allowed there, for the refusal
 * @throws UsageError
 */
export function openOltAddress(target: string, others = ""): string {
  const match = /^openolt:\/\/([^/:\s]+)(?::(\d{1,5}))?\/?$/.exec(target);
  const port = Number(match?.[2] ?? OPENOLT_PORT);
  if (!match || port < 1 || port > 65_535)
    throw new UsageError(
      `--target: ${target} is not allowed; openolt://host:port, such as openolt://127.0.0.1:50060${others}`,
    );
  return `${match[1]}:${port}`;
}
