/**
 * A record that programs write again and again: a line that tells when and whose, rows of bytes behind it. Of the next one of
 * the same shape nothing differs but the bytes and some digits of the time, and those stand in the same places.
 */
import { IS_HEX, VALUE } from "./letters.ts";
import { type Marks, marksOf } from "./marks.ts";
import { type DumpMold, isDecimal, isPrintable, type RowPlaces } from "./mold.ts";
import type { DumpRow } from "./rows.ts";
import type { FoundTime } from "./times.ts";

const BLANK = 0x20;
const COLON = 0x3a;
const DOT = 0x2e;
const ZERO = 0x30;
/** From an hour on it is seen to by whoever reads times. */
const WEIGHT_MAX_NS = 600_000_000_000n;
/** In front of a minute or a second. */
const SIXTIETHS_MAX = 5;
/** Numbers that are less may be the offset of a row, whatever their base. */
const NO_OFFSET_MIN = 40_000;

/** A digit of a time that may differ. */
interface TimeDigit {
  at: number;
  most: number;
  ns: number;
}

/** A record as it was read, line by line. */
export interface ReadRecord {
  text: Uint8Array;
  headerLetters: number;
  rows: readonly RowPlaces[];
  first: DumpRow;
  marks: Marks;
  mold: DumpMold | undefined;
  /** What the offset of its second row was taken for. */
  base: number | undefined;
  /** Where numbers by themselves stand in the header. */
  numbers: readonly (readonly [from: number, to: number])[];
  /** Bytes at the front that are those of the link, and always the same. */
  linkBytes: number;
}

export class RecordShape {
  readonly length: number;
  readonly first: DumpRow;
  readonly mold: DumpMold | undefined;
  readonly base: number | undefined;
  readonly rows: number;
  readonly firstBytes: number;
  readonly lastBytes: number;
  /** Where each row begins among the bytes. */
  readonly rowStarts: readonly number[];
  readonly isPacket: boolean;
  readonly read: Uint8Array;
  readonly #marks: Marks;
  readonly #time: FoundTime | undefined;
  readonly #text: Uint8Array;
  /** Letters that are as they are. */
  readonly #fixed: Int32Array;
  readonly #places: Int32Array;
  readonly #letters: Int32Array;
  readonly #digits: readonly TimeDigit[];
  readonly #numbers: ReadRecord["numbers"];
  #ns = 0;

  constructor(record: ReadRecord) {
    const { text, rows, first, marks, mold, base, linkBytes } = record;
    this.length = text.length;
    this.first = first;
    this.mold = mold;
    this.base = base;
    this.rows = rows.length;
    this.isPacket = linkBytes > 0;
    this.firstBytes = rows[0].bytes.length;
    this.lastBytes = rows.at(-1)!.bytes.length;
    this.#marks = marks;
    this.#time = marks.time;
    this.#text = text;
    const places = rows.flatMap(({ bytes }) => bytes);
    this.#places = Int32Array.from(places);
    this.read = new Uint8Array(places.length);
    this.#letters = Int32Array.from(
      rows.flatMap(({ bytes, letters }) => (letters < 0 ? [] : bytes.map((_, at) => letters + at))),
    );
    let start = 0;
    this.rowStarts = rows.map(({ bytes }) => (start += bytes.length) - bytes.length);
    this.#digits = digitsOf(record);
    const varying = new Set(this.#digits.map(({ at }) => at));
    this.#numbers = record.numbers.filter(([from, to]) => this.#digits.some(({ at }) => at >= from && at < to));
    const free = new Set([...varying, ...this.#letters]);
    for (const [index, place] of places.entries())
      if (index >= linkBytes) for (const at of [place, place + 1]) free.add(at);
    this.#fixed = Int32Array.from(text.keys()).filter((at) => !free.has(at));
  }

  get isTimed(): boolean {
    return this.#time !== undefined;
  }

  /** Digits of the header that may differ. */
  get places(): readonly number[] {
    return this.#digits.map(({ at }) => at);
  }

  /** Whether all that is the same in each record of this shape is there. */
  fits(text: Uint8Array, from: number): boolean {
    const fixed = this.#fixed;
    const own = this.#text;
    for (let index = 0; index < fixed.length; index++) {
      const at = fixed[index];
      if (text[from + at] !== own[at]) return false;
    }
    return true;
  }

  /** Whether the next record is one of this shape; its bytes are `read` then. */
  matches(text: Uint8Array, from: number): boolean {
    if (!this.fits(text, from)) return false;
    const own = this.#text;
    let ns = 0;
    for (const { at, most, ns: weight } of this.#digits) {
      const digit = text[from + at] - ZERO;
      if (!(digit >= 0 && digit <= most)) return false;
      ns += (digit - (own[at] - ZERO)) * weight;
    }
    this.#ns = ns;
    for (const [start, end] of this.#numbers) {
      let number = 0;
      for (let at = start; at < end; at++) number = 10 * number + text[from + at] - ZERO;
      if (number < NO_OFFSET_MIN) return false;
    }
    return this.#readBytes(text, from) && this.#areLetters(text, from);
  }

  /** Of the record read last. */
  get marks(): Marks {
    const time = this.#time;
    if (time === undefined) return this.#marks;
    const { start, end, isTimeOfDay } = time;
    return { ...this.#marks, time: { ns: time.ns + BigInt(this.#ns), start, end, isTimeOfDay } };
  }

  #readBytes(text: Uint8Array, from: number): boolean {
    const places = this.#places;
    const { read } = this;
    for (let index = 0; index < places.length; index++) {
      const at = from + places[index];
      const high = text[at];
      const low = text[at + 1];
      if ((IS_HEX[high] & IS_HEX[low]) === 0) return false;
      read[index] = (VALUE[high] << 4) | VALUE[low];
    }
    return true;
  }

  #areLetters(text: Uint8Array, from: number): boolean {
    const letters = this.#letters;
    const { read } = this;
    for (let index = 0; index < letters.length; index++) {
      const letter = text[from + letters[index]];
      const byte = read[index];
      if (isPrintable(byte) ? letter !== byte : letter !== DOT && letter !== BLANK) return false;
    }
    return true;
  }
}

/** Which digits of the time may differ, and how much each is worth: asked of whoever reads times, digit by digit. */
function digitsOf({ text, headerLetters, marks }: ReadRecord): TimeDigit[] {
  const { time } = marks;
  if (time === undefined) return [];
  const digits: TimeDigit[] = [];
  const header = Buffer.from(text.subarray(0, headerLetters)).toString("latin1");
  const nsWith = (at: number, digit: number): bigint | undefined => {
    const other = marksOf(`${header.slice(0, at)}${digit}${header.slice(at + 1)}`).time;
    const isSame = other?.start === time.start && other.end === time.end && other.isTimeOfDay === time.isTimeOfDay;
    return isSame ? other.ns : undefined;
  };
  for (let at = time.start; at < time.end; at++) {
    if (!isDecimal(text[at])) continue;
    const most = text[at - 1] === COLON ? SIXTIETHS_MAX : 9;
    const own = text[at] - ZERO;
    if (own > most) continue;
    const least = nsWith(at, 0);
    const one = nsWith(at, 1);
    if (least === undefined || one === undefined) continue;
    const weight = one - least;
    if (weight <= 0n || weight > WEIGHT_MAX_NS || nsWith(at, most) !== least + weight * BigInt(most)) continue;
    if (time.ns - least === weight * BigInt(own)) digits.push({ at, most, ns: Number(weight) });
  }
  return digits;
}
