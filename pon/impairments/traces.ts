/** Losses and latencies as somebody recorded them, instead of a model of them: how their files read, and how they strike. */
import type { RandomStream } from "../random.ts";
import { ImpairmentError, type ImpairmentSpec, type LossTrace } from "./spec.ts";
import { type Delay, EFFECT, type Mark } from "./types.ts";

/** Numbers that a trace may have: each ONT is told all of its own. */
export const TRACE_ENTRIES_MAX = 200_000;
const NS_PER_SECOND = 1e9;
const NS_PER_MS = 1e6;

/** A file of rows: names in the first line, or none. */
interface Rows {
  names: readonly string[];
  rows: readonly (readonly number[])[];
}

const FORMS =
  "0 and 1 for each frame (1: lost), or CSV with at_seconds,for_seconds of times without light, or with passed,lost as lengths in frames";

/**
 * A trace of losses: a text of 0 and 1, one for each frame, or CSV.
 *
 * @throws ImpairmentError naming line and what is allowed
 */
export function parseLossTrace(text: string): LossTrace {
  const plain = text.replaceAll(/#.*$/gm, "");
  if (/^[\s01]*$/.test(plain)) return { by: "frames", stretches: within(stretchesOf(plain.replaceAll(/\s/g, ""))) };
  const { names, rows } = rowsOf(plain);
  const column = (name: string): number => names.indexOf(name);
  if (column("passed") >= 0 && column("lost") >= 0)
    return { by: "frames", stretches: within(rows.flatMap((row) => [row[column("passed")], row[column("lost")]])) };
  if (names.length === 1 && column("lost") === 0)
    return { by: "frames", stretches: within(stretchesOf(rows.map(([lost]) => (lost === 0 ? "0" : "1")).join(""))) };
  const [at, length] = [column("at_seconds"), column("for_seconds")];
  if (at < 0 || length < 0) throw new ImpairmentError(`no trace of losses; possible: ${FORMS}`);
  return outagesOf(rows.map((row) => [row[at], row[length]]));
}

function outagesOf(rows: readonly (readonly [at: number, length: number])[]): LossTrace {
  let end = 0;
  const outagesNs = rows.map(([at, length], index): [number, number] => {
    if (at < end || length <= 0)
      throw new ImpairmentError(
        `row ${index + 1}: at ${at} s for ${length} s; possible: one behind the other, longer than 0`,
      );
    end = at + length;
    return [Math.round(at * NS_PER_SECOND), Math.round(length * NS_PER_SECOND)];
  });
  if (outagesNs.length === 0) throw new ImpairmentError("no row; possible: one for each time without light");
  // As much light behind the last as there is before the first, so that the end joins the beginning.
  return {
    by: "time",
    outagesNs: within(outagesNs),
    periodNs: Math.round((end + Math.max(rows[0][0], 1e-6)) * NS_PER_SECOND),
  };
}

/** Lengths of what passed and what was lost, in turn, from one letter for each frame. */
export function stretchesOf(bits: string): number[] {
  const stretches = [0];
  let [before, at] = ["0", 0];
  for (const bit of bits) {
    if (bit !== before) [before, at] = [bit, stretches.push(0) - 1];
    stretches[at]++;
  }
  if (bits.length === 0) throw new ImpairmentError(`an empty trace; possible: ${FORMS}`);
  return stretches;
}

/**
 * A trace of latencies: CSV with a column `ms` or `seconds`, or a number of milliseconds a line.
 *
 * @returns nanoseconds, one for each frame. @throws ImpairmentError
 */
export function parseLatencyTrace(text: string): number[] {
  const { names, rows } = rowsOf(text.replaceAll(/#.*$/gm, ""));
  const found = ["ms", "latency_ms", "seconds", "latency_seconds"].find((name) => names.includes(name));
  if (names.length > 0 && found === undefined)
    throw new ImpairmentError(`columns ${names.join(", ")}; possible: one of them ms or seconds`);
  const unit = found?.endsWith("seconds") === true ? NS_PER_SECOND : NS_PER_MS;
  const at = found === undefined ? 0 : names.indexOf(found);
  if (rows.length === 0) throw new ImpairmentError("no latency; possible: a number of milliseconds a line");
  return within(rows.map((row) => Math.round(row[at] * unit)));
}

function rowsOf(text: string): Rows {
  const lines = text.split(/\r?\n/);
  let names: readonly string[] = [];
  const rows: number[][] = [];
  lines.forEach((line, index) => {
    if (line.trim() === "") return;
    const cells = line.split(/[,;\t]/).map((cell) => cell.trim());
    const numbers = cells.map(Number);
    const isNumbers = numbers.every((value, at) => cells[at] !== "" && value >= 0 && value < Infinity);
    if (!isNumbers && rows.length === 0 && names.length === 0) names = cells.map((cell) => cell.toLowerCase());
    else if (isNumbers && (names.length === 0 || numbers.length === names.length)) rows.push(numbers);
    else
      throw new ImpairmentError(
        `line ${index + 1}: "${line.slice(0, 40)}"; possible: numbers, 0 or more, as many as there are columns`,
      );
  });
  return { names, rows };
}

function within<T>(entries: T[]): T[] {
  if (entries.length <= TRACE_ENTRIES_MAX) return entries;
  throw new ImpairmentError(
    `${entries.length} entries; possible: ${TRACE_ENTRIES_MAX}; a shorter part, or a model (poncast trace fit)`,
  );
}

/** Frame by frame as recorded. Draws once: where it begins. */
export function lossTraceMark(
  { trace, isSame }: Extract<ImpairmentSpec, { kind: "lossTrace" }>,
  stream: RandomStream,
): Mark {
  const beginsAt = isSame ? 0 : stream.nextFloat();
  const walk = trace.by === "frames" ? frameWalk(trace.stretches, beginsAt) : timeWalk(trace, beginsAt);
  return { kind: "lossTrace", effect: EFFECT.lost, lateNs: () => 0, framesUntilHit: walk };
}

function frameWalk(stretches: readonly number[], beginsAt: number): Mark["framesUntilHit"] {
  const total = stretches.reduce((sum, length) => sum + length, 0);
  let at = 0;
  let left = stretches[0];
  const next = (): void => {
    at = (at + 1) % stretches.length;
    left = stretches[at];
  };
  for (let skip = Math.floor(beginsAt * total); skip > 0;) {
    const step = Math.min(left, skip);
    skip -= step;
    left -= step;
    if (left === 0) next();
  }
  return (limit) => {
    let seen = 0;
    while (seen < limit) {
      while (left === 0) next();
      if ((at & 1) === 1) {
        left--;
        return seen;
      }
      const pass = Math.min(left, limit - seen);
      seen += pass;
      left -= pass;
    }
    return limit;
  };
}

function timeWalk(
  { outagesNs, periodNs }: Extract<LossTrace, { by: "time" }>,
  beginsAt: number,
): Mark["framesUntilHit"] {
  const shiftNs = Math.floor(beginsAt * periodNs);
  const untilDarkNs = (nowNs: number): number => {
    const into = (nowNs + shiftNs) % periodNs;
    let [low, high] = [0, outagesNs.length];
    while (low < high) {
      const middle = (low + high) >> 1;
      const [fromNs, forNs] = outagesNs[middle];
      if (fromNs + forNs <= into) low = middle + 1;
      else high = middle;
    }
    if (low === outagesNs.length) return periodNs - into + outagesNs[0][0];
    return Math.max(0, outagesNs[low][0] - into);
  };
  return (limit, _frameBytes, firstNs, spacingNs) => {
    let seen = 0;
    while (seen < limit) {
      const waitNs = untilDarkNs(firstNs + seen * spacingNs);
      if (waitNs === 0) return seen;
      seen = spacingNs > 0 ? seen + Math.ceil(waitNs / spacingNs) : limit;
    }
    return limit;
  };
}

/** A frame after the other as recorded; none overtakes the one before. */
export function latencyTraceDelay(
  { delaysNs, isSame }: Extract<ImpairmentSpec, { kind: "latencyTrace" }>,
  stream: RandomStream,
): Delay {
  let at = isSame ? 0 : Math.floor(stream.nextFloat() * delaysNs.length);
  let lastNs = 0;
  return {
    kind: "latencyTrace",
    constantNs: undefined,
    pass: (nowNs) => {
      lastNs = Math.max(lastNs, nowNs + delaysNs[at]);
      at = (at + 1) % delaysNs.length;
      return lastNs;
    },
  };
}
