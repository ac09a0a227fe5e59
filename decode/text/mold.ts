/**
 * Rows of a dump that look as one that was read before: their digits stand where its digits stood. Whatever is not quite so is
 * read as any other line.
 */
import type { Line } from "./lines.ts";
import { namesOnu } from "./row-names.ts";
import type { DumpRow } from "./rows.ts";
import { digitValue, isHexDigit, isWordLetter } from "./letters.ts";
import type { HexRuns } from "./runs.ts";

/** Rows that are shorter may be what stands behind a frame, longer ones hold one. */
const ROW_BYTES_MIN = 10;
export const ROW_BYTES_MAX = 32;
const BLANK = 0x20;
const DOT = 0x2e;
const NONE = -1;
const ZERO = 0x30;

export const isDecimal = (code: number): boolean => code >= ZERO && code <= ZERO + 9;
export const isPrintable = (byte: number): boolean => byte > BLANK && byte < 0x7f;

/** Where the bytes of a row, and the letters beside them, stand. */
export interface RowPlaces {
  bytes: readonly number[];
  /** -1: there are none. */
  letters: number;
}

/** Where everything stands in a row, counted from its front. */
interface Places {
  offset: number;
  offsetEnd: number;
  /** Of each byte of a whole row. */
  bytes: readonly number[];
  /** Of the letters beside them; -1: there are none. */
  letters: number;
}

export class DumpMold {
  /** The row that it was taken from. */
  readonly #row: Uint8Array;
  readonly #places: Places;
  /** What its first row is, but for bytes and prefix. */
  readonly #first: DumpRow;
  /** What stands behind the letters. */
  readonly #behind: Uint8Array;
  readonly #read = new Uint8Array(ROW_BYTES_MAX);
  /** What the offset of the row read last may be: as hexadecimal, decimal or octal digits. */
  #offsets: [hex: number, decimal: number, octal: number] = [NONE, NONE, NONE];

  private constructor(row: Uint8Array, places: Places, first: DumpRow) {
    this.#row = row;
    this.#first = { ...first, tail: "" };
    this.#places = places;
    const { letters, bytes } = places;
    this.#behind = letters < 0 ? new Uint8Array(0) : row.subarray(letters + bytes.length);
  }

  /** @param row the first one of a dump, as it was found in the runs of the line. @returns undefined where it is none to go by */
  static of(line: Line, row: DumpRow, runs: HexRuns): DumpMold | undefined {
    const { from, to } = line;
    const { bytes, width, digitCount } = row;
    if (bytes.length < ROW_BYTES_MIN || bytes.length > ROW_BYTES_MAX || digitCount !== 2 * bytes.length)
      return undefined;
    if (width % 2 !== 0 || !row.offsets.includes(0)) return undefined;
    // Rows of several ONUs may stand between one another: what names them is a number as a time is.
    if (namesOnu(row)) return undefined;
    for (let at = 0; at + 1 < runs.count; at++) {
      const run = runs.run(at + 1);
      if (run.start - from !== row.prefix.length || run.word(0) !== run.start) continue;
      const offset = runs.run(at);
      const words = Math.ceil(digitCount / width);
      const places = Array.from({ length: bytes.length }, (_, byte) => {
        const word = Math.floor((2 * byte) / width);
        return word < words ? run.word(word) - from + ((2 * byte) % width) : 0;
      });
      const text = line.bytes.subarray(from, to);
      const letters = lettersAt(text, bytes, places.at(-1)! + 2);
      const found = { offset: offset.word(0) - from, offsetEnd: offset.end - from, bytes: places, letters };
      const mold = new DumpMold(Uint8Array.from(text), found, row);
      return mold.read(line) === bytes.length && Buffer.compare(mold.bytes(bytes.length), bytes) === 0
        ? mold
        : undefined;
    }
    return undefined;
  }

  /** Where bytes and the letters beside them stand, counted from a row's front. @param count bytes of the row */
  placesOf(count: number): RowPlaces {
    const { bytes, letters } = this.#places;
    return { bytes: bytes.slice(0, count), letters };
  }

  /** Of a whole row. */
  get rowBytes(): number {
    return this.#places.bytes.length;
  }

  /** Bytes of the row read last, to be kept. */
  bytes(count: number): Uint8Array {
    return this.#read.slice(0, count);
  }

  /** Whether the offset of the row read last can be this one. */
  isAt(offset: number): boolean {
    return this.baseAt(offset) >= 0;
  }

  /** As what: hexadecimal, decimal or octal digits, by their place in that list; -1: as none. */
  baseAt(offset: number): number {
    return this.#offsets.indexOf(offset);
  }

  /** The row read last as the first one of a dump, whole. The letters beside it tell nothing. */
  row(line: Line): DumpRow {
    const bytes = this.bytes(this.rowBytes);
    const prefix = line.before(line.from + this.#places.bytes[0]);
    return { ...this.#first, bytes, prefix };
  }

  /** @returns how many bytes are in the row; 0: it is none of this form */
  read({ bytes: text, from, to }: Line): number {
    const { offset, offsetEnd, bytes: places, letters } = this.#places;
    const row = this.#row;
    const first = places[0];
    if (to - from < first + 2) return 0;
    for (let at = 0; at < offset; at++) {
      const code = text[from + at];
      if (code !== row[at] && !(isDecimal(code) && isDecimal(row[at]))) return 0;
    }
    if (!this.#readOffset(text, from + offset, from + offsetEnd)) return 0;
    for (let at = offsetEnd; at < first; at++) if (text[from + at] !== row[at]) return 0;
    const count = this.#readBytes(text, from, to);
    if (count === 0) return 0;
    let rest = from + places[count - 1] + 2;
    const end = letters < 0 ? to : from + letters;
    if (end > to) return 0;
    const wholeEnd = from + places[places.length - 1] + 2;
    for (; rest < end; rest++) if (text[rest] !== (rest < wholeEnd ? BLANK : row[rest - from])) return 0;
    return letters < 0 || this.#areLetters(text, rest, to, count) ? count : 0;
  }

  /** Whether a line is nothing but an offset in the rows' form: that of the end. */
  isEndAt({ bytes: text, from, to }: Line, offset: number): boolean {
    const { offset: start, offsetEnd } = this.#places;
    if (start !== 0 || to - from !== offsetEnd) return false;
    return this.#readOffset(text, from, to) && this.isAt(offset);
  }

  #readOffset(text: Uint8Array, from: number, to: number): boolean {
    let [hex, decimal, octal, highest] = [0, 0, 0, 0];
    for (let at = from; at < to; at++) {
      if (!isHexDigit(text[at])) return false;
      const digit = digitValue(text[at]);
      hex = hex * 16 + digit;
      decimal = decimal * 10 + digit;
      octal = octal * 8 + digit;
      if (digit > highest) highest = digit;
    }
    const offsets = this.#offsets;
    offsets[0] = hex;
    offsets[1] = highest > 9 ? NONE : decimal;
    offsets[2] = highest > 7 ? NONE : octal;
    return true;
  }

  /** @returns how many there are, up to those of a whole row; 0: something else stands among them */
  #readBytes(text: Uint8Array, from: number, to: number): number {
    const { bytes: places } = this.#places;
    const row = this.#row;
    const read = this.#read;
    let count = 0;
    let behind = from + places[0];
    for (; count < places.length; count++) {
      const place = places[count];
      const at = from + place;
      if (at + 2 > to) break;
      const high = text[at];
      const low = text[at + 1];
      if (!isHexDigit(high) || !isHexDigit(low)) break;
      for (; behind < at; behind++) if (text[behind] !== row[behind - from]) return 0;
      read[count] = (digitValue(high) << 4) | digitValue(low);
      behind = at + 2;
    }
    return behind < to && isWordLetter(text[behind]) ? 0 : count;
  }

  /** Whether the rest of the line are the letters that stand for the bytes, and what stood behind those. */
  #areLetters(text: Uint8Array, from: number, to: number, count: number): boolean {
    const behind = this.#behind;
    if (to - from !== count + behind.length) return false;
    for (let at = 0; at < count; at++) {
      const byte = this.#read[at];
      const letter = text[from + at];
      if (isPrintable(byte) ? letter !== byte : letter !== DOT && letter !== BLANK) return false;
    }
    for (let at = 0; at < behind.length; at++) if (text[from + count + at] !== behind[at]) return false;
    return true;
  }
}

/** Where the letters that stand for the bytes begin, a blank or a sign in front; -1: nothing of the kind stands there. */
function lettersAt(text: Uint8Array, bytes: Uint8Array, from: number): number {
  const last = text.length - bytes.length;
  for (let at = last; at >= from; at--) {
    const stands = bytes.every((byte, index) => {
      const letter = text[at + index];
      return isPrintable(byte) ? letter === byte : letter === DOT || letter === BLANK;
    });
    if (stands) return at;
  }
  return NONE;
}
