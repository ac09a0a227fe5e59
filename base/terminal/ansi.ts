/** Text on a terminal: colours, widths, cutting and wrapping. What comes from outside cannot control the terminal. */

import { stripVTControlCharacters, styleText } from "node:util";

/** Of the sixteen colours that every terminal has (ECMA-48 8.3.117). */
export type Style = "bold" | "dim" | "red" | "green" | "yellow" | "blue" | "magenta" | "cyan" | "grey";
export type Paint = (text: string, ...styles: Style[]) => string;

const ESCAPE = "\u001b[";
const RESET = `${ESCAPE}0m`;

/** Colours text, or leaves it as it is: whoever knows the stream has decided that (NO_COLOR, pipes), so Node.js does not look again. */
export function painter(colour: boolean): Paint {
  if (!colour) return (text) => text;
  return (text, ...styles) => (text === "" ? text : styleText(styles, text, { validateStream: false }));
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
const RENDITION_OR_CHARACTER = new RegExp(`${RENDITION}|.`, "gsu");
/** C0 and C1, and what turns the direction of a line or breaks it. */
const CONTROL = "\\p{Cc}\\u061c\\u200e\\u200f\\u2028-\\u202e\\u2066-\\u2069";
const CONTROLS = new RegExp(`[${CONTROL}]+`, "gu");
/** The same without the end of a line, as a plain class: large outputs are looked through for it. */
const CONTROLS_IN_LINES = new RegExp(
  String.raw`[\0-\t\v-\u001f\u007f-\u009f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069]`,
  "g",
);

/** Columns a text takes; all characters of the view take one. */
export const widthOf = (text: string): number => Array.from(stripVTControlCharacters(text)).length;

/** Cuts a text to `columns`, with an ellipsis where something is missing; colours end where the text does. */
export function clip(text: string, columns: number): string {
  if (widthOf(text) <= columns) return text;
  let out = "";
  let width = 0;
  let isPainted = false;
  for (const [part] of text.matchAll(RENDITION_OR_CHARACTER)) {
    if (part.startsWith(ESCAPE)) {
      isPainted = true;
      out += part;
      continue;
    }
    if (width >= columns - 1) break;
    out += part;
    width++;
  }
  return `${out}${columns > 0 ? "…" : ""}${isPainted ? RESET : ""}`;
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

/**
 * Control characters in what came from outside (serial numbers, versions, causes, comments) must not reach the terminal: an ONT
 * could write to its title, to its clipboard, over lines that are there.
 */
export const harmless = (text: string): string => text.replace(CONTROLS, " ");

/** The same for a text of lines: each such character as an escape, which is what JSON has for it as well. */
export const harmlessLines = (text: string): string => text.replace(CONTROLS_IN_LINES, escaped);

const escaped = (character: string): string => `\\u${character.charCodeAt(0).toString(16).padStart(4, "0")}`;
