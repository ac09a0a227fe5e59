/**
 * Lines that a terminal, a pager or a mail broke at a width, in the middle of a list, of a number or of a word: they are held
 * until what they are together holds a frame, or it shows that they are lines of their own.
 */
import { surelyBegins } from "../../pon/capture/index.ts";
import { type FrameInLine, mayGoOn } from "./found.ts";
import { SEEN } from "./letters.ts";
import type { Line } from "./lines.ts";

/** Nobody's window is narrower; a list in a bracket that is open is looked at from here on. */
const WIDTH_MIN = 60;
const OPEN_MIN = 16;
const LINES_MAX = 160;
/** Where so many lines wait, each one more is not tried by itself. */
const TRIED_MAX = 12;
/** And begin with in the next line. */
const DATA_IN_FRONT = /^[\s,;:.|\\"'_+-]*(?:[xX]?[0-9a-fA-F]|[xXhHuU][\s,])/;
const WORD_AT_END = /[\w+/-]{12,}={0,2}$/;
const WORD_IN_FRONT = /^[\w+/-]*={0,2}(?:["'\s,;)\]}]|$)/;
/** Letters, digits and signs of a string of escapes. */
const ESCAPES_AT_END = /\\(?:x[0-9a-f]{0,2}|[0-7]{1,3}|u?[0-9a-f]{0,4})?(?:[ -~]{0,12})$/i;
const ALL_DATA = /^[\s\d,;:.xXhHuUa-fA-F'"\\|+-]*[\])}]*[\s;,)\]}"'\w]{0,24}$/;
const ALL_WORD = /^[\w+/=-]+["')\]},;]*\s*$/;
/** A bracket that is open at the end, and nothing but numbers behind it. */
const OPEN_LIST = /[[({<]\s*(?:b?["'])?(?:[-+]?(?:0x)?[\da-f]{1,3}[,;\s]+){4,}(?:[-+]?(?:0x)?[\da-f]{0,3})$/i;

/** Base64 and nothing else, as mails have it. */
const ONE_WORD = /^\s*[\w+/]{16,}\s*$/;
/** So many letters of a list, or of a word, are at the end. */
const DATA_LETTERS_MIN = 6;
const WORD_LETTERS_MIN = 12;
const IS_DATA = tableOf("0123456789abcdefABCDEFxX \t,;:.|\\_\"'([{+-");
const IS_WORD = tableOf("0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ+/=_-");
/** By its code: whether a letter may be the last one of a line that goes on. */
const MAY_GO_ON = tableOf("0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ+/=,;:.-_ \t\\[({'\"|");

function tableOf(letters: string): Uint8Array {
  const table = new Uint8Array(256);
  for (const letter of letters) table[letter.charCodeAt(0)] = 1;
  return table;
}

/** A list from the first letter on, without an offset in front. */
const BARE_LIST = /^[\s[({]*(?:0x)?[\da-f]{1,3}[,\s]/i;

/** How lines of one program begin alike: letters as they are, digits as digits. */
const frontOf = (text: string): string => text.slice(0, 12).replaceAll(/[\da-f]/gi, "0");

export class WrappedLines {
  #lines: Line[] = [];
  #isOpenList = false;
  /** Why the next line may go on with this. */
  #kind: "data" | "word" | "escapes" = "data";

  get isHeld(): boolean {
    return this.#lines.length > 0;
  }

  /** Of the frame that the first line holds by itself. */
  ownBytes = 0;

  /** @param found what it holds by itself. @param seen signs that are in it. @returns whether more of a frame may be in the next line: then it is held */
  hold(line: Line, found: readonly FrameInLine[], seen: number): boolean {
    if (found.length > 0 && !mayGoOn(found)) return false;
    const hasBracket = (seen & SEEN.bracket) !== 0;
    const hasBackslash = (seen & SEEN.backslash) !== 0;
    if (!hasBracket && line.length < WIDTH_MIN && IS_WORD[line.bytes[line.from]] === 0) return false;
    const isBroken = line.length >= WIDTH_MIN && mayBeBroken(line, hasBackslash);
    const { text } = line;
    const isOpenList = hasBracket && OPEN_LIST.test(text);
    const isWord = !isBroken && ONE_WORD.test(text) && surelyBegins(Buffer.from(text.trim(), "base64"));
    if (!isOpenList && !isWord && !isBroken) return false;
    this.#isOpenList = isOpenList;
    this.#kind = ESCAPES_AT_END.test(text) ? "escapes" : WORD_AT_END.test(text) ? "word" : "data";
    this.#lines = [line];
    this.ownBytes = found[0]?.frames[0].frame.length ?? 0;
    return true;
  }

  /** @returns whether the line goes on with those that are held; then it is one of them */
  add(line: Line): boolean {
    if (this.#lines.length >= LINES_MAX || this.isEnded) return false;
    const { text } = line;
    const [first] = this.#lines;
    if (text.trim() === "") return false;
    if (!this.#isOpenList && text.length > first.length) return false;
    const isLike = frontOf(text) === frontOf(first.text) && !BARE_LIST.test(first.text);
    if (isLike || !this.#goesOn(text) || (this.ownBytes > 0 && !this.#isAllData(text))) return false;
    this.#lines.push(line);
    return true;
  }

  /** The last one is shorter than the others: nothing goes on behind it. */
  get isEnded(): boolean {
    const last = this.#lines.at(-1);
    return last !== undefined && !this.#isOpenList && last.length < this.#lines[0].length;
  }

  /** What they are together, the most likely first; nothing where that need not be tried yet. */
  textsNow(isEnd: boolean): string[] {
    const lines = this.#lines;
    if (lines.length < 2 || (lines.length > TRIED_MAX && !isEnd)) return [];
    const width = lines[0].length;
    const texts = lines.map(({ text }) => text);
    if (lines.every(({ length }, at) => length === width || (at === lines.length - 1 && length < width)))
      return [texts.join(""), texts.join(" ")];
    return this.#isOpenList ? [texts.map((text) => text.trim()).join(" ")] : [];
  }

  /** @returns the lines; they are held no longer */
  release(): Line[] {
    const lines = this.#lines;
    this.#lines = [];
    return lines;
  }

  #isAllData(text: string): boolean {
    return ALL_DATA.test(text) || (this.#kind === "word" && ALL_WORD.test(text));
  }

  #goesOn(text: string): boolean {
    if (this.#isOpenList) return ALL_DATA.test(text);
    if (this.#kind === "word") return WORD_IN_FRONT.test(text) || DATA_IN_FRONT.test(text);
    if (this.#kind === "escapes") return true;
    return DATA_IN_FRONT.test(text);
  }
}

/** Whether a line ends as one may that goes on: cheap, as all lines are asked. */
export function isOpenEnd({ bytes, from, to }: Line): boolean {
  return to - from >= OPEN_MIN && MAY_GO_ON[bytes[to - 1]] !== 0;
}

/** What is written there is ended by a sign. */
export const isClosed = (text: string): boolean => /["'\])}>]\s*$/.test(text);

/** Whether it ends in a list, in digits, in base64 or in a string of escapes. */
function mayBeBroken({ bytes, from, to }: Line, hasBackslash: boolean): boolean {
  let at = to - 1;
  while (at >= from && to - at <= DATA_LETTERS_MIN && IS_DATA[bytes[at]] !== 0) at--;
  if (to - at > DATA_LETTERS_MIN) return true;
  at = to - 1;
  while (at >= from && to - at <= WORD_LETTERS_MIN && IS_WORD[bytes[at]] !== 0) at--;
  return (
    to - at > WORD_LETTERS_MIN ||
    (hasBackslash && ESCAPES_AT_END.test(bytes.toString("latin1", Math.max(from, to - 32), to)))
  );
}
