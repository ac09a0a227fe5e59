/** Lines that are one thing: an array over several lines, a JSON object that was printed to be read. */
import { Line } from "./lines.ts";

const LETTERS_MAX = 64 * 1024;
const LINES_MAX = 4096;
/** Numbers, strings of escapes and what stands between and behind them. */
const ARRAY_LINE = /^[\s\da-fxhu,'"\\+-]*[\])}]*[;,)\s]*$/i;
const ESCAPES_LINE = /^\s*b?["'].*["']\s*[+)\];,]*\s*$/;
const OPENS_ARRAY = /(?:[[{(]|(?<![=<>!])=)\s*\\?$/;
const CLOSES = /[\])};]/;
/** A string that goes on in the next line, as C and Python have it. */
const GOES_ON = /["']\s*\\\s*$/;
/** Pieces of one string of escapes, below each other. */
const ESCAPES_END = /\\(?:x[\da-f]{1,2}|[0-7]{1,3})"\s*$/i;
/** Letters beside a dump may look like that; the next line tells. */
const GOES_ON_WITH = /^\s*[a-zA-Z]{0,2}["']/;
const OPENS_OBJECT = 0x7b;
const OPENS_LIST = 0x5b;
const BACKSLASH = 0x5c;
const QUOTE = 0x22;
/** A terminal or pager breaks lines at a width, wherever that is. */
const BROKEN_LETTERS_MIN = 60;
/** `[`, `{`, `(`, `=` and a backslash: behind them an array may begin. */
const MAY_OPEN: ReadonlySet<number> = new Set([OPENS_LIST, OPENS_OBJECT, 0x28, 0x3d, BACKSLASH]);
const isBlank = (code: number): boolean => code === 0x20 || (code >= 9 && code <= 13) || code === 0xa0;

/** Changes how deep a piece of JSON is; braces in strings do not count, one that was begun in the line before included. */
function depthOf(line: string, isInString = false): { depth: number; inString: boolean } {
  let depth = 0;
  let inString = isInString;
  for (let at = 0; at < line.length; at++) {
    const letter = line[at];
    if (letter === "\\") at++;
    else if (letter === '"') inString = !inString;
    else if (!inString && letter === "{") depth++;
    else if (!inString && letter === "}") depth--;
  }
  return { depth, inString };
}

const joined = (lines: readonly Line[], gap = " "): Line => Line.of(lines.map(({ text }) => text).join(gap));

/** Lines of one length but for the last one: what stands at their ends may be halves of a number. */
function areBroken(lines: readonly Line[]): boolean {
  const [{ length }] = lines;
  const last = lines.length - 1;
  return (
    length >= BROKEN_LETTERS_MIN &&
    lines.every((line, at) => (at === last ? line.length <= length : line.length === length))
  );
}

type RecordKind = "array" | "string" | "object";

export class RecordJoiner {
  readonly #onLine: (line: Line) => void;
  readonly #onObject: (text: Line, lines: readonly Line[]) => void;
  #lines: Line[] = [];
  #letters = 0;
  #kind: RecordKind | undefined;
  #depth = 0;
  #isInString = false;
  /** The lines so far are of one length, and long. */
  #areWide = false;

  /** @param onObject takes a whole object, and its lines for when it is better read line by line */
  constructor(onLine: (line: Line) => void, onObject: (text: Line, lines: readonly Line[]) => void) {
    this.#onLine = onLine;
    this.#onObject = onObject;
  }

  /** Lines are held back that may be part of something. */
  get isOpen(): boolean {
    return this.#kind !== undefined;
  }

  line(line: Line): void {
    if (this.#kind === undefined) return this.#begin(line);
    if (this.#kind === "string") return this.#string(line);
    return this.#kind === "array" ? this.#array(line) : this.#object(line);
  }

  end(): void {
    if (this.#kind === "object") for (const line of this.#taken()) this.#onLine(line);
    else this.#close();
  }

  #begin(line: Line): void {
    const { bytes, from, to } = line;
    let last = to - 1;
    while (last >= from && isBlank(bytes[last])) last--;
    if (last < from) return this.#onLine(line);
    let first = from;
    while (isBlank(bytes[first])) first++;
    const isObject = bytes[first] === OPENS_OBJECT || (bytes[first] === OPENS_LIST && bytes[last] === OPENS_OBJECT);
    if (isObject && depthOf(line.text).depth > 0) return this.#open("object", line);
    if (MAY_OPEN.has(bytes[last]) && OPENS_ARRAY.test(line.text)) return this.#open("array", line);
    if (bytes[last] === BACKSLASH && GOES_ON.test(line.text)) return this.#open("string", line);
    if (bytes[last] === QUOTE && ESCAPES_END.test(line.text)) return this.#open("string", line);
    this.#onLine(line);
  }

  #open(kind: RecordKind, line: Line): void {
    this.#kind = kind;
    this.#lines = [line];
    this.#letters = line.length;
    this.#depth = 0;
    this.#areWide = line.length >= BROKEN_LETTERS_MIN;
    if (kind === "object") this.#deepen(line, false);
  }

  #array(line: Line): void {
    const isPart = ARRAY_LINE.test(line.text) || ESCAPES_LINE.test(line.text);
    if (!isPart || this.#isTooLong(line)) {
      this.#close();
      return this.#begin(line);
    }
    this.#lines.push(line);
    if (CLOSES.test(line.text.replaceAll(/"(?:[^"\\]|\\.)*"/g, ""))) this.#close();
  }

  #string(line: Line): void {
    if (!GOES_ON_WITH.test(line.text) || this.#isTooLong(line)) {
      this.#close();
      return this.#begin(line);
    }
    this.#lines.push(line);
    if (!GOES_ON.test(line.text) && !ESCAPES_END.test(line.text)) this.#close();
  }

  #object(line: Line): void {
    if (this.#isTooLong(line)) {
      for (const one of this.#taken()) this.#onLine(one);
      return this.#onLine(line);
    }
    // A string ends with its line, unless a terminal broke it.
    const { length } = this.#lines[0];
    this.#deepen(line, this.#areWide && line.length <= length && this.#isInString);
    this.#areWide &&= line.length === length;
    this.#lines.push(line);
    if (this.#depth > 0) return;
    const lines = this.#taken();
    this.#onObject(joined(lines, areBroken(lines) ? "" : " "), lines);
  }

  #deepen(line: Line, isInString: boolean): void {
    const { depth, inString } = depthOf(line.text, isInString);
    this.#depth += depth;
    this.#isInString = inString;
  }

  #isTooLong(line: Line): boolean {
    this.#letters += line.length;
    return this.#letters > LETTERS_MAX || this.#lines.length >= LINES_MAX;
  }

  #close(): void {
    const lines = this.#taken();
    if (lines.length > 0) this.#onLine(joined(lines));
  }

  #taken(): Line[] {
    const lines = this.#lines;
    this.#lines = [];
    this.#letters = 0;
    this.#kind = undefined;
    return lines;
  }
}

/** Objects in objects in an object. */
const LEVELS_MAX = 3;

/** Reads what is in an object, its first line left off: objects of their own where there are any, at some levels below each other. */
export function unwrap(
  lines: readonly Line[],
  level: number,
  onLine: (line: Line) => void,
  onObject: (text: Line, lines: readonly Line[], level: number) => void,
): void {
  if (level >= LEVELS_MAX) return lines.forEach(onLine);
  const inner = new RecordJoiner(onLine, (text, parts) => onObject(text, parts, level + 1));
  onLine(lines[0]);
  for (const line of lines.slice(1)) inner.line(line);
  inner.end();
}
