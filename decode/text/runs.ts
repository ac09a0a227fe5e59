/** Hexadecimal digits in a line of text: runs of words of one width and one kind of gap. What they mean is not known here. */
import { BLANK, DASH, gapOf, isSeparator, isTight, LOWER, NO_GAP, OTHER_GAP, UNSIGNED } from "./gaps.ts";
import { HEX, IS_HEX, KIND, LETTER, VALUE } from "./letters.ts";
import type { Line } from "./lines.ts";

const ZERO = 0x30;
const LOWER_X = 0x78;
const UPPER_X = 0x58;
/** Widths of groups of bytes, in digits. */
const GROUPS: ReadonlySet<number> = new Set([4, 8, 16, 32]);
const ROW_WORDS_MIN = 4;
const WORDS_MAX = 32 * 1024;
const NO_BYTES = new Uint8Array(0);

/** Where each word's digits begin, for all runs of a line. */
interface Words {
  at: Int32Array;
}

/** Words that belong together: bytes, or groups of them. One of the scanner's, until it scans the next line. */
export class HexRun {
  start = 0;
  end = 0;
  /** Digits of a word. */
  width = 0;
  /** How many words there are. */
  count = 0;
  readonly #words: Words;
  #line: Uint8Array = NO_BYTES;
  #lineEnd = 0;
  #first = 0;
  #gap = NO_GAP;
  /** Digits, an odd word of several filled up. */
  #digits = 0;
  #halves = 0;
  #isLastHalf = false;
  #isShort = false;
  /** Asked for more than once. */
  #bytes: Uint8Array | undefined;

  constructor(words: Words) {
    this.#words = words;
  }

  /** @param first where its words are noted */
  begin(line: Uint8Array, lineEnd: number, first: number, start: number, from: number, end: number): void {
    this.#line = line;
    this.#lineEnd = lineEnd;
    this.#first = first;
    this.#words.at[first] = from;
    this.start = start;
    this.width = end - from;
    this.count = 1;
    this.end = end;
    this.#gap = NO_GAP;
    this.#digits = this.width;
    this.#isLastHalf = this.width === 1;
    this.#halves = this.#isLastHalf ? 1 : 0;
    this.#isShort = false;
    this.#bytes = undefined;
  }

  /** @returns false when the word is none of this run */
  add(start: number, from: number, end: number): boolean {
    const width = end - from;
    if (this.#isShort) return false;
    const gap = gapOf(this.#line, this.end, start);
    if (gap === OTHER_GAP) return false;
    // Groups of eight bytes may stand apart by a dash.
    const isGroupGap = this.#gap === BLANK && gap === DASH && this.count % 8 === 0;
    if (this.#gap !== NO_GAP && gap !== this.#gap && !isGroupGap) return false;
    if (!this.#fits(width)) return false;
    if (this.#gap === NO_GAP) this.#gap = gap;
    this.#isShort = width < this.width && this.width > 2;
    this.#words.at[this.#first + this.count++] = from;
    this.end = end;
    this.#digits += width;
    this.#isLastHalf = width === 1;
    if (this.#isLastHalf) this.#halves++;
    return true;
  }

  /**
   * `48 81:01:49`, `12, 81 01 49`: the number in front of the colon, or behind the comma, belongs to what is behind it.
   *
   * @param start where a word begins that `add` did not take
   * @returns where that number begins; -1: it stays
   */
  giveLast(start: number): number {
    if (this.count < 2 || this.width > 2 || isTight(this.#gap)) return -1;
    const gap = gapOf(this.#line, this.end, start);
    // A column of a table ends with a comma, the bytes of the next one stand apart by blanks.
    if (!isTight(gap) && (gap !== BLANK || !isSeparator(this.#gap))) return -1;
    const last = this.word(--this.count);
    this.#digits -= this.end - last;
    if (this.#isLastHalf) this.#halves--;
    if (this.count === 1) this.#gap = NO_GAP;
    const from = this.word(this.count - 1);
    this.end = from + 1;
    while (this.end < last && IS_HEX[this.#line[this.end]] !== 0) this.end++;
    this.#isLastHalf = this.end - from === 1;
    return last;
  }

  /** Takes whole bytes with one blank in front of each, as most lines have them. */
  addBytes(): void {
    if (this.#gap !== BLANK || this.width !== 2) return;
    const line = this.#line;
    const words = this.#words.at;
    let { end } = this;
    let next = this.#first + this.count;
    while (
      end + 3 <= this.#lineEnd &&
      line[end] === BLANK &&
      (IS_HEX[line[end + 1]] & IS_HEX[line[end + 2]]) !== 0 &&
      (end + 3 === this.#lineEnd || (KIND[line[end + 3]] & LETTER) === 0)
    ) {
      words[next++] = end + 1;
      end += 3;
    }
    const added = next - this.#first - this.count;
    if (added === 0) return;
    this.end = end;
    this.count += added;
    this.#digits += 2 * added;
    this.#isLastHalf = false;
  }

  /** The first word is none of them; there are more than two. */
  dropFirst(): void {
    const width = this.#isFirstHalf ? 1 : this.width;
    this.#first++;
    this.count--;
    this.start = this.word(0);
    this.#digits -= width;
    if (width === 1) this.#halves--;
    this.#bytes = undefined;
  }

  /** Where the words of the next run may be noted. */
  get nextWord(): number {
    return this.#first + this.count;
  }

  /** Where a word's digits begin. */
  word(index: number): number {
    return this.#words.at[this.#first + index];
  }

  get #isFirstHalf(): boolean {
    const second = this.word(0) + 1;
    return second >= this.#lineEnd || (KIND[this.#line[second]] & LETTER) === 0;
  }

  /** The first word, or the last one, has one digit, where all others have two: half a byte of a line that was cut. */
  get isHalfAtFront(): boolean {
    if (this.count === 1) return this.#isLastHalf;
    return this.#halves > 0 && this.#isFirstHalf && this.#halves === (this.#isLastHalf ? 2 : 1);
  }

  get isHalfAtEnd(): boolean {
    if (this.count === 1) return this.width % 2 === 1;
    return this.#isLastHalf && this.#halves === (this.#isFirstHalf ? 2 : 1);
  }

  /** Digits of all words, an odd one filled up with a zero in front; only the last may stay half a byte. */
  get digitCount(): number {
    if (this.count === 1) return this.#digits;
    return this.#digits + this.#halves - (this.isHalfAtEnd ? 1 : 0);
  }

  /** The last digit, where that is half a byte. */
  get lastDigit(): number {
    return VALUE[this.#line[this.end - 1]];
  }

  /** The whole bytes; shared, not to be changed. */
  get bytes(): Uint8Array {
    return (this.#bytes ??= this.#read());
  }

  #read(): Uint8Array {
    const line = this.#line;
    const lineEnd = this.#lineEnd;
    const bytes = new Uint8Array(this.digitCount >> 1);
    const { count } = this;
    let out = 0;
    for (let word = 0; word < count; word++) {
      let at = this.#words.at[this.#first + word];
      if (count > 1 && (at + 1 >= lineEnd || (KIND[line[at + 1]] & LETTER) === 0)) {
        if (out < bytes.length) bytes[out++] = VALUE[line[at]];
        continue;
      }
      for (; out < bytes.length && at + 1 < lineEnd; at += 2) {
        const high = line[at];
        const low = line[at + 1];
        if ((IS_HEX[high] & IS_HEX[low]) === 0) break;
        bytes[out++] = (VALUE[high] << 4) | VALUE[low];
      }
    }
    return bytes;
  }

  #fits(width: number): boolean {
    if (width === this.width) return true;
    if (this.width <= 2 && width <= 2) {
      this.width = 2;
      return true;
    }
    return this.count > 1 && GROUPS.has(this.width) && width < this.width;
  }
}

/** `81U`, as C has it behind 0x: digits of whole bytes and a letter that is none of them. */
function isUnsigned(bytes: Uint8Array, from: number, to: number): boolean {
  if ((to - from) % 2 === 0 || to - from < 3 || (bytes[to - 1] | LOWER) !== UNSIGNED) return false;
  for (let at = from; at < to - 1; at++) if (IS_HEX[bytes[at]] === 0) return false;
  return true;
}

/** Finds the runs of one line after the other, in memory of its own. */
export class HexRuns {
  /** Of the line scanned last. */
  count = 0;
  /** Letters of `SEEN` that are in it. */
  seen = 0;
  readonly #words: Words = { at: new Int32Array(WORDS_MAX) };
  readonly #runs: HexRun[] = [];

  /** By its number, from the left. */
  run(index: number): HexRun {
    return this.#runs[index];
  }

  /** Words of runs that are rows: of more than a date's. */
  get wordsInRows(): number {
    let words = 0;
    for (let index = 0; index < this.count; index++) {
      const { count } = this.#runs[index];
      if (count >= ROW_WORDS_MIN) words += count;
    }
    return words;
  }

  scan(line: Line): void {
    const { bytes, from: lineStart, to: lineEnd } = line;
    if (lineEnd - lineStart > this.#words.at.length) this.#words.at = new Int32Array(2 * (lineEnd - lineStart));
    let run: HexRun | undefined;
    let words = 0;
    let seen = 0;
    this.count = 0;
    for (let at = lineStart; at < lineEnd;) {
      const first = bytes[at];
      seen |= KIND[first];
      if ((KIND[first] & LETTER) === 0) {
        at++;
        continue;
      }
      const start = at;
      const second = at + 1 < lineEnd ? bytes[at + 1] : 0;
      const from = first === ZERO && (second === LOWER_X || second === UPPER_X) ? at + 2 : at;
      let all = HEX | LETTER;
      for (at = from; at < lineEnd; at++) {
        const kind = KIND[bytes[at]];
        if ((kind & LETTER) === 0) break;
        all &= kind;
      }
      let end = at;
      if ((all & HEX) === 0 || at === from) {
        if (from === start || !isUnsigned(bytes, from, at)) {
          run = undefined;
          continue;
        }
        end--;
      }
      if (run === undefined || !run.add(start, from, end)) run = this.#next(line, run, words, start, from, end);
      run.addBytes();
      at = Math.max(at, run.end);
      words = run.nextWord;
    }
    this.seen = seen;
  }

  /** @param words where its words are noted; @param start where the word stands that the run before did not take */
  #next(line: Line, before: HexRun | undefined, words: number, start: number, from: number, end: number): HexRun {
    const givenEnd = before?.end ?? 0;
    const given = before?.giveLast(start) ?? -1;
    if (given < 0) return this.#begin(line, words, start, from, end);
    const run = this.#begin(line, words - 1, given, given, givenEnd);
    return run.add(start, from, end) ? run : this.#begin(line, words, start, from, end);
  }

  #begin({ bytes, to }: Line, words: number, start: number, from: number, end: number): HexRun {
    const run = this.#runs[this.count] ?? (this.#runs[this.count] = new HexRun(this.#words));
    this.count++;
    run.begin(bytes, to, words, start, from, end);
    return run;
  }
}
