/** What stands between two words of hexadecimal digits. */

export const NO_GAP = -1;
export const OTHER_GAP = -2;
export const BLANK = 0x20;
export const DASH = 0x2d;
const TAB = 9;
const COMMA = 0x2c;
const SEMICOLON = 0x3b;
const COLON = 0x3a;
const DOT = 0x2e;
const BAR = 0x7c;
/** Of small letters, and of the one behind an unsigned number in C. */
export const LOWER = 0x20;
export const UNSIGNED = 0x75;
const QUOTE = 0x22;
const APOSTROPHE = 0x27;

/** What stands between two words: blanks (or the U of a number in C), one sign with or without blanks or quotes, or something else. */
export function gapOf(line: Uint8Array, from: number, to: number): number {
  let sign = BLANK;
  let quotes = 0;
  for (let at = from; at < to; at++) {
    const code = line[at];
    if (code === BLANK || code === TAB || (code | LOWER) === UNSIGNED) continue;
    if (code === QUOTE || code === APOSTROPHE) {
      quotes++;
      continue;
    }
    if (sign !== BLANK) return OTHER_GAP;
    sign = code;
  }
  if (quotes > 0) return quotes === 2 && sign === COMMA ? COMMA : OTHER_GAP;
  if (sign === BLANK || sign === COMMA || sign === SEMICOLON) return sign;
  return to - from === 1 && isTight(sign) ? sign : OTHER_GAP;
}

/** What binds two words without blanks more than blanks bind those in front. */
export const isTight = (gap: number): boolean => gap === COLON || gap === DASH || gap === DOT || gap === BAR;

export const isSeparator = (gap: number): boolean => gap === COMMA || gap === SEMICOLON;
