/** Rows of bytes: which part of a line is bytes, and which is an offset in front or letters behind. */
import { odRow } from "./forms.ts";
import { wordsBeforeGutter } from "./gutter.ts";
import type { Line } from "./lines.ts";
import { digitValue } from "./letters.ts";
import type { HexRun, HexRuns } from "./runs.ts";

/** A line's bytes, as far as they may be a row of a dump or a piece of a frame. */
export interface DumpRow {
  /** The whole bytes; not to be changed. */
  bytes: Uint8Array;
  /** Digits that are there: of half a byte at the end one. */
  digitCount: number;
  /** That one. */
  lastDigit: number;
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
/** `=`, `/`, `#`, `[` and `(`. */
const VALUE_SIGNS: ReadonlySet<number> = new Set([0x3d, 0x2f, 0x23, 0x5b, 0x28]);
const ONU_WORD = /(?:on[ut]|pon|port)[-_ ]?(?:id|no|num|idx)?[ :=#]*$/i;
/** Digits from 0 to 7 have these bits in common. */
const OCTAL_MASK = 0xf8;
const OCTAL_SIGN = 0x30;
const NO_OFFSETS: readonly number[] = [];
/** What the beginnings of two prefixes have to have in common. */
const PREFIX_LETTERS_MIN = 2;
const ZERO = 0x30;

/** What a number may be: hexadecimal; decimal and octal, where its digits allow it. */
function offsetsOf({ bytes }: Line, from: number, to: number): number[] {
  let hex = 0;
  let decimal = 0;
  let octal = 0;
  let highest = 0;
  for (let at = from; at < to; at++) {
    const digit = digitValue(bytes[at]);
    hex = hex * 16 + digit;
    decimal = decimal * 10 + digit;
    octal = octal * 8 + digit;
    if (digit > highest) highest = digit;
  }
  if (highest > 9) return [hex];
  return highest > 7 ? [hex, decimal] : [hex, decimal, octal];
}

/** A row of od in octal or decimal digits. */
export function octalRow(line: Line): DumpRow | undefined {
  // It begins with an offset in octal digits, perhaps behind a blank.
  const { bytes, from } = line;
  if ((bytes[from] & OCTAL_MASK) !== OCTAL_SIGN && (bytes[from + 1] & OCTAL_MASK) !== OCTAL_SIGN) return undefined;
  const od = odRow(line.text);
  if (od === undefined) return undefined;
  const none = { prefix: "", tail: "", width: 2, isHalfAtFront: false, isHalfAtEnd: false, lastDigit: 0 };
  return { ...none, bytes: Buffer.from(od.digits, "hex"), digitCount: od.digits.length, offsets: [od.offset] };
}

/** The row that a line may be: the bytes behind what looks like an offset, else the longest run of them. */
export function rowOf(line: Line, runs: HexRuns): DumpRow | undefined {
  for (let at = 0; at + 1 < runs.count; at++) {
    const offset = runs.run(at);
    if (offset.count > 1 || offset.width < OFFSET_DIGITS_MIN || offset.width > OFFSET_DIGITS_MAX) continue;
    const next = runs.run(at + 1);
    if (next.width === 1 || !isOffsetGap(line, offset.end, next.start)) continue;
    if (isLongerBehind(runs, at + 1)) continue;
    return rowAt(line, next, offsetsOf(line, offset.word(0), offset.end));
  }
  let longest: HexRun | undefined;
  for (let at = 0; at < runs.count; at++)
    if (longest === undefined || runs.run(at).digitCount > longest.digitCount) longest = runs.run(at);
  return longest && rowAt(line, longest, NO_OFFSETS);
}

export function isOffsetGap({ bytes, text, from }: Line, start: number, end: number): boolean {
  // As most dumps have it: a colon, a blank or two.
  let at = start;
  if (bytes[at] === 0x3a) at++;
  while (at < end && bytes[at] === 0x20) at++;
  return (at === end && end > start) || OFFSET_GAP.test(text.slice(start - from, end - from));
}

function isLongerBehind(runs: HexRuns, index: number): boolean {
  const { digitCount } = runs.run(index);
  for (let at = index + 1; at < runs.count; at++) if (runs.run(at).digitCount > digitCount) return true;
  return false;
}

/** `onu_id=1 81 01 49`: a digit in front of the bytes that is a value of its own, as what stands before it tells. */
function isValueInFront(line: Line, run: HexRun): boolean {
  if (!run.isHalfAtFront || run.count < 3 || run.start === line.from) return false;
  return VALUE_SIGNS.has(line.bytes[run.start - 1]) || ONU_WORD.test(line.before(run.start));
}

function rowAt(line: Line, run: HexRun, offsets: readonly number[]): DumpRow {
  if (isValueInFront(line, run)) run.dropFirst();
  const words = wordsBeforeGutter(line, run);
  const isWhole = words === run.count;
  return {
    bytes: isWhole ? run.bytes : run.bytes.subarray(0, (words * run.width) >> 1),
    digitCount: isWhole ? run.digitCount : words * run.width,
    lastDigit: run.lastDigit,
    offsets,
    prefix: line.before(run.start),
    tail: line.behind(isWhole ? run.end : run.word(words - 1) + run.width),
    width: run.width,
    isHalfAtFront: run.isHalfAtFront,
    isHalfAtEnd: isWhole && run.isHalfAtEnd,
  };
}

const isDigitOrBlank = (code: number): boolean =>
  (code >= ZERO && code <= ZERO + 9) || code === 0x20 || (code >= 9 && code <= 13) || code === 0xa0;

/** Behind numbers and blanks. */
function behindNumbers(text: string, at: number): number {
  let next = at;
  while (next < text.length && isDigitOrBlank(text.charCodeAt(next))) next++;
  return next;
}

/**
 * What a prefix is beside its numbers and blanks, rows of one frame have in common: all of it, or rows behind the first one
 * the beginning of it.
 */
export function isOfShape(prefix: string, first: string): boolean {
  if (prefix === first) return true;
  let letters = 0;
  let [at, atFirst] = [behindNumbers(prefix, 0), behindNumbers(first, 0)];
  while (at < prefix.length) {
    if (atFirst >= first.length || prefix.charCodeAt(at) !== first.charCodeAt(atFirst)) return false;
    const [next, nextFirst] = [behindNumbers(prefix, at + 1), behindNumbers(first, atFirst + 1)];
    letters++;
    if (next >= prefix.length) return letters > PREFIX_LETTERS_MIN || nextFirst >= first.length;
    if (next > at + 1 !== nextFirst > atFirst + 1) return false;
    if (next > at + 1) letters++;
    [at, atFirst] = [next, nextFirst];
  }
  return atFirst >= first.length;
}

/** The same with a piece left out: words in the middle, or in front, that the first row alone has. */
export function isPartOfShape(prefix: string, first: string): boolean {
  const [letters, all] = [prefix, first].map((text) => text.replaceAll(/[\d\s]+/g, ""));
  if (letters.length <= PREFIX_LETTERS_MIN || letters.length >= all.length) return false;
  let front = 0;
  while (front < letters.length && letters[front] === all[front]) front++;
  return all.endsWith(letters.slice(front)) && /[\])}:>|]$/.test(letters);
}

/** Signs, and no words. */
export const isBlankPrefix = (prefix: string): boolean => !/[a-z0-9]/i.test(prefix);

/** An offset, and nothing else but signs. */
export const isOffsetPrefix = (prefix: string): boolean => /^\W*(?:0x)?[0-9a-f]+\W*$/i.test(prefix);

/** Nothing behind the bytes but signs or the letters beside a dump. */
export const isOpenTail = (tail: string): boolean => !/["'}\]<]/.test(tail.slice(0, 3)) || /^\s*$/.test(tail);

function digitsOf({ bytes, digitCount, lastDigit }: DumpRow): string {
  const whole = Buffer.from(bytes).toString("hex");
  return digitCount % 2 === 1 ? whole + lastDigit.toString(16) : whole;
}

/** What an offset on a line of its own may be. */
export function endOffsets(row: DumpRow): number[] {
  const digits = digitsOf(row);
  const offsets = [Number.parseInt(digits, 16)];
  if (/^\d+$/.test(digits)) offsets.push(Number.parseInt(digits, 10));
  if (/^[0-7]+$/.test(digits)) offsets.push(Number.parseInt(digits, 8));
  return offsets;
}
