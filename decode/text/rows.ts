/** Rows of bytes: which part of a line is bytes, and which is an offset in front or letters behind. */
import { type HexRun, wordsBeforeGutter } from "./runs.ts";

/** A line's bytes, as far as they may be a row of a dump or a piece of a frame. */
export interface DumpRow {
  digits: string;
  /** The whole bytes of them; not to be changed. */
  bytes: Uint8Array;
  /** What the number in front of them may be: as hexadecimal, decimal or octal digits. Empty: there is none. */
  offsets: readonly number[];
  /** What is in front of the bytes, an offset included. */
  prefix: string;
  /** What is behind them. */
  tail: string;
  /** Bytes of a group, for words that may be in the other order. */
  width: number;
  isHalfAtFront: boolean;
  isHalfAtEnd: boolean;
}

const OFFSET_DIGITS_MIN = 2;
const OFFSET_DIGITS_MAX = 16;
/** Between an offset and the bytes. */
const OFFSET_GAP = /^(?:[\])>|h]*:?[\])>|]*\s+|:|\s*[:|]\s*)$/;
const ALL_DECIMAL = /^\d+$/;
const ALL_OCTAL = /^[0-7]+$/;

function offsetsOf(digits: string): number[] {
  const offsets = [Number.parseInt(digits, 16)];
  if (ALL_DECIMAL.test(digits)) offsets.push(Number.parseInt(digits, 10));
  if (ALL_OCTAL.test(digits)) offsets.push(Number.parseInt(digits, 8));
  return offsets;
}

/** The row that a line may be: the bytes behind what looks like an offset, else the longest run of them. */
export function rowOf(line: string, runs: readonly HexRun[]): DumpRow | undefined {
  for (let at = 0; at + 1 < runs.length; at++) {
    const offset = runs[at];
    const next = runs[at + 1];
    if (offset.words.length > 1 || offset.width < OFFSET_DIGITS_MIN || offset.width > OFFSET_DIGITS_MAX) continue;
    if (next.width === 1 || !OFFSET_GAP.test(line.slice(offset.end, next.start))) continue;
    if (runs.some((run, index) => index > at + 1 && run.digitCount > next.digitCount)) continue;
    return rowAt(line, next, offsetsOf(offset.digits));
  }
  let longest: HexRun | undefined;
  for (const run of runs) if (longest === undefined || run.digitCount > longest.digitCount) longest = run;
  return longest && rowAt(line, longest, []);
}

function rowAt(line: string, run: HexRun, offsets: readonly number[]): DumpRow {
  const words = wordsBeforeGutter(line, run);
  const isWhole = words === run.words.length;
  const end = isWhole ? run.end : run.words[words - 1] + run.width;
  return {
    digits: isWhole ? run.digits : run.digits.slice(0, words * run.width),
    bytes: isWhole ? run.bytes : run.bytes.subarray(0, (words * run.width) >> 1),
    offsets,
    prefix: line.slice(0, run.start),
    tail: line.slice(end),
    width: run.width,
    isHalfAtFront: run.isHalfAtFront,
    isHalfAtEnd: isWhole && run.isHalfAtEnd,
  };
}

/** What a prefix is beside its numbers: rows of one frame have it in common. */
export const shapeOf = (prefix: string): string => prefix.replaceAll(/[\d\s]+/g, " ").trim();

/** Signs, and no words. */
export const isBlankPrefix = (prefix: string): boolean => !/[a-z0-9]/i.test(prefix);

/** An offset, and nothing else but signs. */
export const isOffsetPrefix = (prefix: string): boolean => /^\W*(?:0x)?[0-9a-f]+\W*$/i.test(prefix);

/** Nothing behind the bytes but signs or the letters beside a dump. */
export const isOpenTail = (tail: string): boolean => !/["'}\]<]/.test(tail.slice(0, 3)) || /^\s*$/.test(tail);
