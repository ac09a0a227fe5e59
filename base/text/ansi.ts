/** Text on a terminal: colours, widths, cutting and wrapping. What comes from outside cannot control the terminal. */

/** Select graphic rendition codes (ECMA-48 8.3.117), the sixteen every terminal has. */
const codes = {
  bold: 1,
  dim: 2,
  red: 31,
  green: 32,
  yellow: 33,
  blue: 34,
  magenta: 35,
  cyan: 36,
  grey: 90,
} as const;

export type Style = keyof typeof codes;
export type Paint = (text: string, ...styles: Style[]) => string;

const ESCAPE = "\u001b[";

/** Colours text, or leaves it as it is. */
export function painter(colour: boolean): Paint {
  if (!colour) return (text) => text;
  return (text, ...styles) => {
    if (text === "" || styles.length === 0) return text;
    return `${ESCAPE}${styles.map((style) => codes[style]).join(";")}m${text}${ESCAPE}0m`;
  };
}

export const cursor = {
  hide: `${ESCAPE}?25l`,
  show: `${ESCAPE}?25h`,
  up: (rows: number): string => (rows > 0 ? `${ESCAPE}${rows}A\r` : "\r"),
  eraseLineRight: `${ESCAPE}K`,
  eraseBelow: `${ESCAPE}J`,
  /** Terminals that know synchronized output show a frame at once; others pass over it. */
  beginFrame: `${ESCAPE}?2026h`,
  endFrame: `${ESCAPE}?2026l`,
} as const;

const RENDITION = "\u001b\\[[0-9;]*m";
const rendition = new RegExp(RENDITION, "g");
const renditionOrCharacter = new RegExp(`${RENDITION}|.`, "gsu");
const controls = /\p{Cc}+/gu;

/** Columns a text takes; all characters of the view take one. */
export const widthOf = (text: string): number => Array.from(text.replace(rendition, "")).length;

/** Cuts a text to `columns`, with an ellipsis where something is missing; colours end where the text does. */
export function clip(text: string, columns: number): string {
  if (widthOf(text) <= columns) return text;
  let out = "";
  let width = 0;
  let painted = false;
  for (const [part] of text.matchAll(renditionOrCharacter)) {
    if (part.startsWith(ESCAPE)) {
      painted = part !== `${ESCAPE}0m`;
      out += part;
      continue;
    }
    if (width >= columns - 1) break;
    out += part;
    width++;
  }
  return `${out}${columns > 0 ? "…" : ""}${painted ? `${ESCAPE}0m` : ""}`;
}

/** Breaks a text without colours at spaces into lines of at most `columns`; a longer word is cut. */
export function wrap(text: string, columns: number): string[] {
  const width = Math.max(1, columns);
  const lines: string[] = [];
  let line = "";
  for (const word of text.split(" ")) {
    const joined = line === "" ? word : `${line} ${word}`;
    if (joined.length <= width) {
      line = joined;
      continue;
    }
    if (line !== "") lines.push(line);
    line = word;
    while (line.length > width) {
      lines.push(line.slice(0, width));
      line = line.slice(width);
    }
  }
  return [...lines, line];
}

/** The first text that fits, they go from long to short; the last where none does. */
export function firstFitting(texts: readonly string[], columns: number): string {
  return texts.find((text) => widthOf(text) <= columns) ?? texts.at(-1) ?? "";
}

/** Control characters in what came from outside (serial numbers, causes) must not reach the terminal. */
export const harmless = (text: string): string => text.replace(controls, " ");
