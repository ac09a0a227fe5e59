/** Hexadecimal digits in a line of text: runs of words of one width and one kind of gap. What they mean is not known here. */

/** Words that belong together: bytes, or groups of them. */
export interface HexRun {
  /** Digits of all words, an odd word filled up with a zero in front; only the last one may stay half a byte. */
  digits: string;
  /** Where it stands in the line. */
  start: number;
  end: number;
  /** Where each word begins. */
  words: number[];
  /** Digits of a word. */
  width: number;
  /** The first word, or the last one, has one digit, where all others have two: half a byte of a line that was cut. */
  isHalfAtFront: boolean;
  isHalfAtEnd: boolean;
}

const HEX = 1;
const LETTER = 2;
/** What a letter is, by its code. */
const KIND = new Uint8Array(256);
for (const letter of "0123456789abcdefABCDEF") KIND[letter.charCodeAt(0)] = HEX | LETTER;
for (const letter of "ghijklmnopqrstuvwxyzGHIJKLMNOPQRSTUVWXYZ_") KIND[letter.charCodeAt(0)] = LETTER;

const BLANK = 0x20;
const TAB = 9;
const ZERO = 0x30;
const LOWER_X = 0x78;
const UPPER_X = 0x58;
/** Widths of groups of bytes, in digits. */
const GROUPS: ReadonlySet<number> = new Set([4, 8, 16, 32]);

interface Word {
  /** Behind 0x. */
  digitsAt: number;
  start: number;
  end: number;
}

/** What stands between two words: blanks, one sign with or without blanks, or something else. */
function gapOf(line: string, from: number, to: number): string {
  let sign = "";
  for (let at = from; at < to; at++) {
    const code = line.charCodeAt(at);
    if (code === BLANK || code === TAB) continue;
    if (sign !== "") return "other";
    sign = line[at];
  }
  if (sign === "") return " ";
  if (sign === "," || sign === ";") return sign;
  return to - from === 1 && (sign === ":" || sign === "-" || sign === ".") ? sign : "other";
}

class RunBuilder {
  readonly #line: string;
  readonly #words: Word[] = [];
  readonly #width: number;
  #gap = "";
  #isShort = false;

  constructor(line: string, word: Word) {
    this.#line = line;
    this.#words.push(word);
    this.#width = word.end - word.digitsAt;
  }

  /** @returns false when the word is none of this run */
  add(word: Word): boolean {
    const width = word.end - word.digitsAt;
    const before = this.#words.at(-1)!;
    if (this.#isShort || !this.#fits(width)) return false;
    const gap = gapOf(this.#line, before.end, word.start);
    if (gap === "other") return false;
    // Groups of eight bytes may stand apart by a dash.
    const isGroupGap = this.#gap === " " && gap === "-" && this.#words.length % 8 === 0;
    if (this.#gap !== "" && gap !== this.#gap && !isGroupGap) return false;
    if (this.#gap === "") this.#gap = gap;
    this.#isShort = width < this.#width && this.#width > 2;
    this.#words.push(word);
    return true;
  }

  #fits(width: number): boolean {
    if (width === this.#width) return true;
    if (this.#width <= 2) return width <= 2;
    return this.#words.length > 1 && GROUPS.has(this.#width) && width < this.#width;
  }

  done(): HexRun {
    const words = this.#words;
    const line = this.#line;
    const last = words.length - 1;
    const base = {
      start: words[0].start,
      end: words[last].end,
      words: words.map(({ start }) => start),
      width: this.#width,
    };
    if (last === 0) {
      const digits = line.slice(words[0].digitsAt, words[0].end);
      return { ...base, digits, isHalfAtFront: digits.length === 1, isHalfAtEnd: digits.length % 2 === 1 };
    }
    const isHalf = ({ digitsAt, end }: Word): boolean => end - digitsAt === 1;
    let halves = 0;
    for (const word of words) if (isHalf(word)) halves++;
    const isHalfAtFront = isHalf(words[0]) && halves === (isHalf(words[last]) ? 2 : 1);
    const isHalfAtEnd = isHalf(words[last]) && halves === (isHalf(words[0]) ? 2 : 1);
    let digits = "";
    for (const [index, word] of words.entries()) {
      const isPart = index === last && isHalfAtEnd;
      digits += (isHalf(word) && !isPart ? "0" : "") + line.slice(word.digitsAt, word.end);
    }
    return { ...base, width: Math.max(2, this.#width), digits, isHalfAtFront, isHalfAtEnd };
  }
}

/** All runs of a line, in their order. */
export function hexRuns(line: string): HexRun[] {
  const runs: HexRun[] = [];
  let builder: RunBuilder | undefined;
  for (let at = 0; at < line.length;) {
    if ((KIND[line.charCodeAt(at)] & LETTER) === 0 || line.charCodeAt(at) > 255) {
      at++;
      continue;
    }
    const word = wordAt(line, at);
    at = word.end;
    if (word.isHex && builder?.add(word) === true) continue;
    if (builder) runs.push(builder.done());
    builder = word.isHex ? new RunBuilder(line, word) : undefined;
  }
  if (builder) runs.push(builder.done());
  return runs;
}

function wordAt(line: string, start: number): Word & { isHex: boolean } {
  const second = line.charCodeAt(start + 1);
  const isPrefixed = line.charCodeAt(start) === ZERO && (second === LOWER_X || second === UPPER_X);
  const digitsAt = isPrefixed ? start + 2 : start;
  let end = digitsAt;
  let isHex = true;
  for (; end < line.length; end++) {
    const code = line.charCodeAt(end);
    const kind = code < 256 ? KIND[code] : 0;
    if (kind === 0) break;
    if (kind === LETTER) isHex = false;
  }
  return { start, digitsAt, end, isHex: isHex && end > digitsAt };
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
    const bytes = Buffer.from(run.digits.slice(0, count * width), "hex");
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
