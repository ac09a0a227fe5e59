/** The letters beside a dump's bytes, where they look like more of them. */
import { swapped } from "./found.ts";
import type { Line } from "./lines.ts";
import type { HexRun } from "./runs.ts";

/**
 * Bytes of a dump's row without the letters beside them, where those look like digits: letters that stand for the bytes of
 * the row are no bytes.
 *
 * @returns how many words of the run are bytes
 */
export function wordsBeforeGutter(line: Line, run: HexRun): number {
  const { count, width } = run;
  if (width % 2 !== 0) return count;
  for (let words = 1; words < count; words++) {
    const gap = run.word(words) - run.word(words - 1) - width;
    if (gap < 2) continue;
    const bytes = run.bytes.subarray(0, (words * width) / 2);
    const inMemory = swapped(bytes, width);
    for (let front = 0; front < gap; front++) {
      const letters = line.behind(run.word(words) - front).trimEnd();
      if (areLettersOf(bytes, letters) || (inMemory !== undefined && areLettersOf(inMemory, letters))) return words;
    }
  }
  return count;
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
