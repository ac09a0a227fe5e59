/** What the commands print: no control character of anybody else's gets to the terminal. The live view and colours are in view/. */
import { harmlessLines } from "../base/terminal/index.ts";
import type { TextBytes } from "./view/text-bytes.ts";

/** Text with its line ends, or JSON. @returns false: the reader is slow, `drain` tells when he has caught up */
export const print = (text: string): boolean => process.stdout.write(harmlessLines(text));

/** The same for what is in `TextBytes`, which lets no control character in. */
export function printBytes(text: TextBytes): boolean {
  const isWritten = process.stdout.write(text.take());
  if (process.stdout.writableLength === 0) text.again();
  return isWritten;
}

/** Beside the results: warnings, where things are, what went wrong. */
export const tell = (text: string): boolean => process.stderr.write(harmlessLines(text));
