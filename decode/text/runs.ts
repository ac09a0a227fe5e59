/** Hexadecimal digits in a line of text: runs of words of one width and one kind of gap. What they mean is not known here. */

const HEX = 1;
const LETTER = 2;
/** What a letter is, by its code. */
const KIND = new Uint8Array(256);
/** What a digit is worth, by its code. */
const VALUE = new Uint8Array(256);
for (const letter of "ghijklmnopqrstuvwxyzGHIJKLMNOPQRSTUVWXYZ_") KIND[letter.charCodeAt(0)] = LETTER;
for (const letter of "0123456789abcdefABCDEF") {
  KIND[letter.charCodeAt(0)] = HEX | LETTER;
  VALUE[letter.charCodeAt(0)] = Number.parseInt(letter, 16);
}

const BLANK = 0x20;
const TAB = 9;
const ZERO = 0x30;
const COMMA = 0x2c;
const SEMICOLON = 0x3b;
const COLON = 0x3a;
const DASH = 0x2d;
const DOT = 0x2e;
const LOWER_X = 0x78;
const UPPER_X = 0x58;
const NO_GAP = -1;
const OTHER_GAP = -2;
/** Widths of groups of bytes, in digits. */
const GROUPS: ReadonlySet<number> = new Set([4, 8, 16, 32]);

/** Words that belong together: bytes, or groups of them. */
export class HexRun {
  readonly start: number;
  /** Where each word's digits begin. */
  readonly words: number[];
  /** Digits of a word. */
  width: number;
  end: number;
  readonly #line: string;
  #gap = NO_GAP;
  /** Digits, an odd word of several filled up. */
  #digits: number;
  #halves: number;
  #isLastHalf: boolean;
  #isShort = false;
  /** Asked for more than once. */
  #bytes: Uint8Array | undefined;
  #hex: string | undefined;

  constructor(line: string, start: number, from: number, end: number) {
    this.#line = line;
    this.start = start;
    this.words = [from];
    this.width = end - from;
    this.end = end;
    this.#digits = this.width;
    this.#isLastHalf = this.width === 1;
    this.#halves = this.#isLastHalf ? 1 : 0;
  }

  /** @returns false when the word is none of this run */
  add(start: number, from: number, end: number): boolean {
    const width = end - from;
    if (this.#isShort || !this.#fits(width)) return false;
    const gap = gapOf(this.#line, this.end, start);
    if (gap === OTHER_GAP) return false;
    // Groups of eight bytes may stand apart by a dash.
    const isGroupGap = this.#gap === BLANK && gap === DASH && this.words.length % 8 === 0;
    if (this.#gap !== NO_GAP && gap !== this.#gap && !isGroupGap) return false;
    if (this.#gap === NO_GAP) this.#gap = gap;
    this.#bytes = undefined;
    this.#hex = undefined;
    this.#isShort = width < this.width && this.width > 2;
    this.words.push(from);
    this.end = end;
    this.#digits += width;
    this.#isLastHalf = width === 1;
    if (this.#isLastHalf) this.#halves++;
    return true;
  }

  /** The first word, or the last one, has one digit, where all others have two: half a byte of a line that was cut. */
  get isHalfAtFront(): boolean {
    if (this.words.length === 1) return this.#isLastHalf;
    const isFirstHalf = (KIND[this.#line.charCodeAt(this.words[0] + 1)] & LETTER) === 0;
    return isFirstHalf && this.#halves === (this.#isLastHalf ? 2 : 1);
  }

  get isHalfAtEnd(): boolean {
    if (this.words.length === 1) return this.width % 2 === 1;
    const isFirstHalf = (KIND[this.#line.charCodeAt(this.words[0] + 1)] & LETTER) === 0;
    return this.#isLastHalf && this.#halves === (isFirstHalf ? 2 : 1);
  }

  /** Digits of all words, an odd one filled up with a zero in front; only the last may stay half a byte. */
  get digitCount(): number {
    if (this.words.length === 1) return this.#digits;
    return this.#digits + this.#halves - (this.isHalfAtEnd ? 1 : 0);
  }

  /** The whole bytes; shared, not to be changed. */
  get bytes(): Uint8Array {
    return (this.#bytes ??= this.#read());
  }

  #read(): Uint8Array {
    const line = this.#line;
    const bytes = new Uint8Array(this.digitCount >> 1);
    let out = 0;
    for (const word of this.words) {
      let at = word;
      if (this.words.length > 1 && (at + 1 >= line.length || (KIND[line.charCodeAt(at + 1)] & LETTER) === 0)) {
        if (out < bytes.length) bytes[out++] = VALUE[line.charCodeAt(at)];
        continue;
      }
      for (; out < bytes.length && at + 1 < line.length; at += 2) {
        const high = line.charCodeAt(at);
        const low = line.charCodeAt(at + 1);
        if ((KIND[high] & KIND[low] & HEX) === 0) break;
        bytes[out++] = (VALUE[high] << 4) | VALUE[low];
      }
    }
    return bytes;
  }

  get digits(): string {
    return (this.#hex ??= this.#written());
  }

  #written(): string {
    const { bytes } = this;
    const whole = Buffer.from(bytes.buffer, 0, bytes.length).toString("hex");
    return this.digitCount % 2 === 1 ? whole + this.#line[this.end - 1].toLowerCase() : whole;
  }

  #fits(width: number): boolean {
    if (width === this.width) return true;
    if (this.width <= 2 && width <= 2) {
      this.width = 2;
      return true;
    }
    return this.words.length > 1 && GROUPS.has(this.width) && width < this.width;
  }
}

/** What stands between two words: blanks, one sign with or without blanks, or something else. */
function gapOf(line: string, from: number, to: number): number {
  let sign = BLANK;
  for (let at = from; at < to; at++) {
    const code = line.charCodeAt(at);
    if (code === BLANK || code === TAB) continue;
    if (sign !== BLANK) return OTHER_GAP;
    sign = code;
  }
  if (sign === BLANK || sign === COMMA || sign === SEMICOLON) return sign;
  return to - from === 1 && (sign === COLON || sign === DASH || sign === DOT) ? sign : OTHER_GAP;
}

/** All runs of a line, in their order. */
export function hexRuns(line: string): HexRun[] {
  const runs: HexRun[] = [];
  const { length } = line;
  let run: HexRun | undefined;
  for (let at = 0; at < length;) {
    const first = line.charCodeAt(at);
    if (first > 255 || KIND[first] === 0) {
      at++;
      continue;
    }
    const start = at;
    const second = line.charCodeAt(at + 1);
    const from = first === ZERO && (second === LOWER_X || second === UPPER_X) ? at + 2 : at;
    let all = HEX | LETTER;
    for (at = from; at < length; at++) {
      const code = line.charCodeAt(at);
      if (code > 255 || KIND[code] === 0) break;
      all &= KIND[code];
    }
    if ((all & HEX) === 0 || at === from) run = undefined;
    else if (run === undefined || !run.add(start, from, at)) {
      run = new HexRun(line, start, from, at);
      runs.push(run);
    }
  }
  return runs;
}

/**
 * Bytes of a dump's row without the letters beside them, where those look like digits: letters that stand for the bytes of
 * the row are no bytes.
 *
 * @returns how many words of the run are bytes
 */
export function wordsBeforeGutter(line: string, run: HexRun): number {
  const { words, width } = run;
  if (width % 2 !== 0) return words.length;
  for (let count = 1; count < words.length; count++) {
    const gap = words[count] - words[count - 1] - width;
    if (gap < 2) continue;
    const bytes = run.bytes.subarray(0, (count * width) / 2);
    for (let front = 0; front < gap; front++)
      if (areLettersOf(bytes, line.slice(words[count] - front).trimEnd())) return count;
  }
  return words.length;
}

function areLettersOf(bytes: Uint8Array, letters: string): boolean {
  if (letters.length > bytes.length || letters.length < bytes.length - 4) return false;
  for (let at = 0; at < bytes.length; at++) {
    const isPrintable = bytes[at] > 0x20 && bytes[at] < 0x7f;
    const letter = letters[at] ?? " ";
    if (isPrintable ? letter !== String.fromCharCode(bytes[at]) : letter !== "." && letter !== " ") return false;
  }
  return true;
}
