/** What letters of a line are: digits, letters of words, signs that a line is looked at more closely for. */

export const HEX = 1;
export const LETTER = 2;
/** Letters that a line is looked at more closely for. */
export const SEEN = { tag: 4, escape: 8, backslash: 16, something: 32, bracket: 64 } as const;
/** What a letter is, by its code. */
export const KIND = new Uint8Array(256).fill(SEEN.something);
/** What a digit is worth, by its code. */
export const VALUE = new Uint8Array(256);
for (const letter of "ghijklmnopqrstuvwxyzGHIJKLMNOPQRSTUVWXYZ_") KIND[letter.charCodeAt(0)] |= LETTER;
for (const letter of "0123456789abcdefABCDEF") {
  KIND[letter.charCodeAt(0)] |= HEX | LETTER;
  VALUE[letter.charCodeAt(0)] = Number.parseInt(letter, 16);
}
for (const blank of "\t\n\v\f\r \u00a0") KIND[blank.charCodeAt(0)] = 0;
KIND["<".charCodeAt(0)] |= SEEN.tag;
KIND[0x1b] |= SEEN.escape;
KIND["\\".charCodeAt(0)] |= SEEN.backslash;
for (const bracket of "[({<") KIND[bracket.charCodeAt(0)] |= SEEN.bracket;
export const IS_HEX = KIND.map((kind) => kind & HEX);

/** What a digit is worth, by its code. */
export const digitValue = (code: number): number => VALUE[code];
export const isHexDigit = (code: number): boolean => IS_HEX[code] !== 0;
/** One of a word: a digit as well. */
export const isWordLetter = (code: number): boolean => (KIND[code] & LETTER) !== 0;
