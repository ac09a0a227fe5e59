/** Sizes, rates, durations, numbers and addresses as people type them. */
import { readQuantity, type Unit, unitWords } from "../base/quantities/index.ts";
import { UsageError } from "./errors.ts";

/** A number with a unit. @throws UsageError */
function quantity(option: string, value: string, unit: Unit): number {
  const read = readQuantity(value, unit);
  if (read !== undefined) return read;
  const { units, example } = unitWords(unit);
  throw new UsageError(`${option}: ${value} is not allowed; a number with one of ${units}, such as ${example}`);
}

const isBareNumber = (value: string): boolean => /^\s*\d+(?:\.\d+)?\s*$/.test(value);

/** Bytes of a text such as 8MiB. @throws UsageError */
export const parseSize = (option: string, value: string): number =>
  isBareNumber(value) ? Math.round(Number(value)) : quantity(option, value, "bytes");

/** Bytes per second of a text such as 20Mbit/s. @throws UsageError */
export const parseRate = (option: string, value: string): number => quantity(option, value, "bytes/s");

/** A part of a whole: 0.001, or 0.1%. @throws UsageError */
export function parseShare(option: string, value: string): number {
  const share = readQuantity(value, "share") ?? (value.trim() === "" ? Number.NaN : Number(value));
  if (!(share >= 0 && share <= 1))
    throw new UsageError(`${option}: ${value} is not allowed; 0 to 1, or a percentage, such as 0.1%`);
  return share;
}

/** A number as the schema is to judge it; what is no number at all is told at once. @throws UsageError */
export function parseNumber(option: string, value: string): number {
  const number = Number(value);
  if (value.trim() === "" || Number.isNaN(number)) throw new UsageError(`${option}: ${value} is not a number`);
  return number;
}

/** Seconds of a text such as 4h. @throws UsageError */
export const parseDuration = (option: string, value: string): number => quantity(option, value, "s");

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
