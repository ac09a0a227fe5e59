/** Bytes that are not written as hexadecimal digits: decimal lists, escaped strings, base64, the other forms of od. */
import { IS_HEX } from "./letters.ts";
import { dressed, fields } from "./dressed.ts";
import type { Line } from "./lines.ts";

/** Fewest numbers of a list that may be a frame, and letters of base64: an extended header. */
const LIST_MIN = 10;
const BASE64_MIN = 16;
/** Pairs of hexadecimal digits apart from one another that may be more than a date and a time. */
const PAIRS_MIN = 10;
const LIST = /-?\b\d{1,3}(?:[\s,;]+-?\d{1,3}\b){9,}/g;
const BASE64 = /(?<![\w+/])[A-Za-z0-9+/_-]{16,}={0,2}(?![\w+/=])/g;
/** Nothing that may be one. */
export const NO_FORMS: readonly Uint8Array[] = [];
const OTHER = 0;
const LETTER = 1;
const DIGIT = 2;
/** What may stand between two numbers of a list. */
const SEPARATOR = 3;
/** The same, and a letter of base64. */
const DASH = 4;
/** What a letter is in base64, by its code. */
const KINDS = new Uint8Array(256);
for (const letter of "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz+/_") KINDS[letter.charCodeAt(0)] = LETTER;
for (const letter of "0123456789") KINDS[letter.charCodeAt(0)] = DIGIT;
for (const letter of "\t\n\v\f\r \u00a0,;") KINDS[letter.charCodeAt(0)] = SEPARATOR;
KINDS["-".charCodeAt(0)] = DASH;
const ALL_HEX = /^[0-9a-f]+$/i;
/** A string in quotes with something escaped in it, or a word that begins with an escape. */
const QUOTED =
  /b?"((?:[^"\\]|\\.)*\\(?:[^"\\]|\\.)*)"|b?'((?:[^'\\]|\\.)*\\(?:[^'\\]|\\.)*)'|((?:\\\\?x[0-9a-f]{2}[^\s\\"']*){4,})/gi;
/** Pieces of one string, on one line or several. */
const SEAM = /(["'])\s*\\?\s*b?\1/g;
const NAMED_ESCAPES: Readonly<Record<string, number>> = {
  a: 7,
  b: 8,
  t: 9,
  n: 10,
  v: 11,
  f: 12,
  r: 13,
  e: 27,
};
const ESCAPE = /\\+(?:x([0-9a-f]{1,2})|u00([0-9a-f]{2})|([0-7]{1,3})|([^]))|([^\\])/giy;

/**
 * Bytes that a line holds in a form other than hexadecimal digits, the most likely first.
 *
 * @param words of hexadecimal digits that stand in rows as dumps have them: nothing else is looked for in those
 */
export function otherForms(line: Line, hasBackslash: boolean, words: number): Iterable<Uint8Array> {
  const { numbers, letters, pairs: all } = longestIn(line);
  const pairs = all - words;
  if (!hasBackslash && numbers < LIST_MIN && letters < BASE64_MIN && pairs < PAIRS_MIN) return NO_FORMS;
  return formsOf(line.text, { isEscaped: hasBackslash, isList: numbers >= LIST_MIN, letters, pairs });
}

interface FormsInLine {
  isEscaped: boolean;
  isList: boolean;
  letters: number;
  pairs: number;
}

function* formsOf(text: string, { isEscaped, isList, letters, pairs }: FormsInLine): Generator<Uint8Array> {
  if (isEscaped) yield* escaped(text);
  if (isList) yield* decimals(text);
  if (letters >= BASE64_MIN) yield* encoded(text);
  if (letters >= BASE64_MIN) yield* fields(text);
  if (pairs >= PAIRS_MIN) yield* dressed(text);
}

/** Most lines hold neither: this costs less than looking for the forms. @returns numbers of the longest list, letters of the longest word, pairs of hexadecimal digits that end there */
function longestIn({ bytes, from, to }: Line): { numbers: number; letters: number; pairs: number } {
  let numbers = 0;
  let letters = 0;
  let isDigit = false;
  let list = 0;
  let word = 0;
  let digits = 0;
  let pairs = 0;
  for (let at = from; at < to; at++) {
    if (IS_HEX[bytes[at]] !== 0) digits++;
    else {
      if (digits >= 2) pairs++;
      digits = 0;
    }
    const kind = KINDS[bytes[at]];
    if (kind < DIGIT) list = 0;
    else if (kind === DIGIT && !isDigit && ++list > numbers) numbers = list;
    isDigit = kind === DIGIT;
    if (kind === OTHER || kind === SEPARATOR) word = 0;
    else if (++word > letters) letters = word;
  }
  if (digits >= 2) pairs++;
  return { numbers, letters, pairs };
}

function* decimals(line: string): Generator<Uint8Array> {
  for (const [list] of line.matchAll(LIST)) {
    const numbers = list.split(/[\s,;]+/).map(Number);
    if (numbers.length >= LIST_MIN && numbers.every((number) => number >= -128 && number <= 255))
      yield Uint8Array.from(numbers);
  }
}

function* escaped(line: string): Generator<Uint8Array> {
  for (const [, double, single, bare] of line.replaceAll(SEAM, "").matchAll(QUOTED)) {
    const bytes = unescaped(double ?? single ?? bare);
    if (bytes.length >= LIST_MIN) yield bytes;
  }
}

function unescaped(text: string): Uint8Array {
  const bytes: number[] = [];
  for (const [, hex, unicode, octal, other, letter] of text.matchAll(new RegExp(ESCAPE, "gi"))) {
    if (letter !== undefined) bytes.push(letter.charCodeAt(0));
    else if (hex !== undefined) bytes.push(Number.parseInt(hex, 16));
    else if (unicode !== undefined) bytes.push(Number.parseInt(unicode, 16));
    else if (octal !== undefined) bytes.push(Number.parseInt(octal, 8));
    else bytes.push(NAMED_ESCAPES[other] ?? other.charCodeAt(0));
  }
  return Uint8Array.from(bytes);
}

function* encoded(line: string): Generator<Uint8Array> {
  for (const [word] of line.matchAll(BASE64)) {
    if (word.length % 4 === 1 || ALL_HEX.test(word)) continue;
    yield Buffer.from(word, "base64");
  }
}

/** A row of od in octal or decimal digits, as hexadecimal ones. */
export interface OctalRow {
  offset: number;
  digits: string;
}

const OD_ROW = /^\s?([0-7]{6,8})((?:\s+-?\d{1,6})+)\s*$/;
/** Decimal numbers are filled up with blanks, not with zeros. */
const UNPADDED = /^(?:0|-?[1-9]\d*)$/;
const hex2 = (byte: number): string => (byte & 0xff).toString(16).padStart(2, "0");

/**
 * Rows of `od -b`, `od` and `od -t u1`: their fields are all of one width, three, six or as wide as the largest number.
 *
 * @returns undefined for any other line, those of `od -t x1` among them
 */
export function odRow(line: string): OctalRow | undefined {
  const row = OD_ROW.exec(line);
  if (row === null) return undefined;
  const fields = row[2].trim().split(/\s+/);
  const fieldLetters = row[2].trimEnd().length / fields.length;
  const isOctal = fields.every((field) => field.length === fields[0].length && /^[0-7]+$/.test(field));
  const offset = Number.parseInt(row[1], 8);
  if (isOctal && fields[0].length === 3 && fieldLetters === 4)
    return { offset, digits: fields.map((field) => hex2(Number.parseInt(field, 8))).join("") };
  if (isOctal && fields[0].length === 6) {
    const words = fields.map((field) => Number.parseInt(field, 8));
    return { offset, digits: words.map((word) => hex2(word) + hex2(word >> 8)).join("") };
  }
  if (fieldLetters !== 4 && fieldLetters !== 5) return undefined;
  const numbers = fields.map(Number);
  if (!fields.every((field) => UNPADDED.test(field)) || numbers.some((number) => number < -128 || number > 255))
    return undefined;
  return { offset, digits: numbers.map(hex2).join("") };
}
