/** JSON from outside: read with bounds, and refused where a value would come out as another one. */
import { ImageError } from "../error.ts";

export type Json = null | boolean | number | string | Json[] | JsonObject;
export type JsonObject = { [key: string]: Json };

/** Longest configuration or migration, bytes. */
export const JSON_BYTES_MAX = 256 * 1024;
/** Objects and arrays within one another. */
const DEPTH_MAX = 64;
/** Digits that a double holds exactly, whatever they are. */
const DIGITS_MAX = 15;

/** Strings first, so that digits in them are none of the numbers. */
const TOKENS = /"(?:[^"\\]|\\.)*"|-?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?/g;

const isExact = (number: string): boolean => {
  const value = Number(number);
  if (!Number.isFinite(value)) return false;
  if (/^-?\d+$/.test(number)) return Number.isSafeInteger(value) && !Object.is(value, -0);
  const digits = number.replace(/[eE].*/, "").replaceAll(/^-?0*\.?0*|\./g, "");
  return digits.length <= DIGITS_MAX && (value !== 0 || digits === "");
};

export const isObject = (value: Json | undefined): value is JsonObject =>
  typeof value === "object" && value !== null && !Array.isArray(value);

/** What it must not hold, in one line. */
function problemOf(value: Json, depth = 0): string | undefined {
  if (typeof value !== "object" || value === null) return undefined;
  if (depth >= DEPTH_MAX) return `more than ${DEPTH_MAX} objects and arrays within one another`;
  if (Object.hasOwn(value, "__proto__")) return "has a key __proto__";
  for (const item of Object.values(value)) {
    const problem = problemOf(item, depth + 1);
    if (problem !== undefined) return problem;
  }
  return undefined;
}

/**
 * @param what names it in errors, such as "configuration"
 * @throws ImageError when it is no JSON, too long or too deep, or holds what is not taken
 */
export function readJson(bytes: Uint8Array | string, what: string): Json {
  const length = typeof bytes === "string" ? Buffer.byteLength(bytes) : bytes.length;
  if (length > JSON_BYTES_MAX) throw new ImageError(`${what} of ${length} bytes; at most ${JSON_BYTES_MAX} are read`);
  let text: string;
  let value: Json;
  try {
    text = typeof bytes === "string" ? bytes : new TextDecoder("utf-8", { fatal: true }).decode(bytes);
    value = JSON.parse(text) as Json;
  } catch {
    throw new ImageError(`${what} is no JSON`);
  }
  const inexact = text.match(TOKENS)?.find((token) => !token.startsWith('"') && !isExact(token));
  const problem = inexact === undefined ? problemOf(value) : `number ${inexact.slice(0, 40)} has no exact value here`;
  if (problem !== undefined) throw new ImageError(`${what}: ${problem}`);
  return value;
}

/** The same object gives the same bytes; keys stay in their order. */
export const jsonBytes = (value: Json): Uint8Array => Buffer.from(`${JSON.stringify(value, undefined, 2)}\n`);
