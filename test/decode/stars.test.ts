/** Dumps in which a star stands in for rows that are the same as the one before, up to the offset at the end. */
import { describe, expect, it } from "vitest";
import { readInput } from "../../decode/index.ts";
import { bytesOf, lettersOf, rowsOf, spaced, swappedWords } from "./written.ts";

/** A message of the extended set whose last rows are all zeros, and one of the baseline set without a trailer's digits. */
const FRAMES = {
  "96 bytes": `1234540b0007000000${(96 - 10).toString(16)}`.padEnd(2 * 96, "0"),
  "112 bytes": `1234540b0007000000${(112 - 10).toString(16)}`.padEnd(2 * 112, "0"),
  "128 bytes": `1234540b0007000000${(128 - 10).toString(16)}`.padEnd(2 * 128, "0"),
  "a baseline frame": "0001490a0100".padEnd(2 * 48, "0"),
};

const offset = (at: number, base: number, digits: number): string => at.toString(base).padStart(digits, "0");
const octals = (numbers: readonly number[], digits: number): string =>
  numbers.map((number) => offset(number, 8, digits)).join(" ");

/** Writes rows as programs do that leave out what repeats. */
function starred(hex: string, base: number, digits: number, write: (row: string) => string): string {
  const rows = rowsOf(hex);
  const lines: string[] = [];
  for (const [index, row] of rows.entries()) {
    if (row !== rows[index - 1]) lines.push(`${offset(16 * index, base, digits)} ${write(row)}`);
    else if (lines.at(-1) !== "*") lines.push("*");
  }
  return `${lines.join("\n")}\n${offset(hex.length / 2, base, digits)}\n`;
}

const PROGRAMS: Record<string, (hex: string) => string> = {
  "od -A x -t x1": (hex) => starred(hex, 16, 6, spaced),
  "od -t x1": (hex) => starred(hex, 8, 7, spaced),
  "od -A d -t x1": (hex) => starred(hex, 10, 7, spaced),
  "od -x": (hex) => starred(hex, 8, 7, (row) => swappedWords(row).join(" ")),
  "od -b": (hex) => starred(hex, 8, 7, (row) => octals([...Buffer.from(row, "hex")], 3)),
  od: (hex) =>
    starred(hex, 8, 7, (row) =>
      octals(
        swappedWords(row).map((word) => Number.parseInt(word, 16)),
        6,
      ),
    ),
  hexdump: (hex) => starred(hex, 16, 7, (row) => swappedWords(row).join(" ")),
  "hexdump -C": (hex) =>
    starred(hex, 16, 8, (row) => {
      const bytes = bytesOf(row);
      return ` ${bytes.slice(0, 8).join(" ")}  ${bytes.slice(8).join(" ")}  |${lettersOf(row)}|`;
    }),
};

const readBack = (text: string): string[] =>
  readInput(Buffer.from(text)).frames.map(({ frame }) => Buffer.from(frame).toString("hex"));

describe.each(Object.entries(FRAMES))("%s, rows up to the end left out", (_, hex) => {
  it.each(Object.entries(PROGRAMS))("by %s", (_program, write) => {
    expect(write(hex)).toContain("*\n");
    expect(readBack(write(hex) + write(hex))).toEqual([hex, hex]);
  });
});

it("a star in the middle: offsets are of the base that those before it are of", () => {
  const hex = `${FRAMES["128 bytes"].slice(0, 2 * 112)}${"5a".repeat(16)}`;
  expect(readBack(starred(hex, 8, 7, spaced))).toEqual([hex]);
  expect(readBack(starred(hex, 10, 7, spaced))).toEqual([hex]);
});

it("the offset at the end of 40 bytes looks like the length of an SDU, and is none", () => {
  const hex = FRAMES["a baseline frame"].slice(0, 80);
  expect(readBack(starred(hex, 16, 8, spaced))).toEqual([hex]);
});
