/** Texts of others on the terminal: they say something, and do nothing. */
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { harmless, harmlessLines } from "../../../base/terminal/index.ts";

/** What terminals act on, and what turns a line around. */
const ACTS = /(?!\n)[\p{Cc}\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069]/u;
const hostile = fc.string({
  unit: fc.oneof(
    fc.constantFrom("\u001b", "[2J", "\u009b31m", "\u0007", "\r", "\n", "\u202e", "a"),
    fc.string({ unit: "binary" }),
  ),
});

describe("what others have written", () => {
  it("moves no cursor, rings no bell, writes no title", () => {
    fc.assert(
      fc.property(hostile, (text) => {
        expect(harmlessLines(text)).not.toMatch(ACTS);
        expect(harmless(text)).not.toMatch(ACTS);
        expect(harmless(text)).not.toContain("\n");
      }),
    );
    expect(harmlessLines("PCST\u001b]0;owned\u0007\nnext\u009b2J")).toBe("PCST\\u001b]0;owned\\u0007\nnext\\u009b2J");
  });

  it("is the same value where it is JSON", () => {
    fc.assert(
      fc.property(hostile, (text) => {
        expect(JSON.parse(harmlessLines(JSON.stringify({ text })))).toEqual({ text });
      }),
    );
  });

  it("is left as it is where there is nothing to fear", () => {
    for (const text of ["", "Größe 3 µs – „ok“ ✓\n", "第一\n", "👍🏽\n"]) expect(harmlessLines(text)).toBe(text);
  });

  it("is printed by one function: no command writes to the terminal itself", () => {
    // Colours of the summary, without anybody else's text.
    const own: Readonly<Record<string, number>> = {
      "cli/print.ts": 3,
      // Too few open files for anything else.
      "cli/start.ts": 1,
      "cli/commands/run.ts": 1,
    };
    const files = ["cli", "cli/commands"].flatMap((folder) =>
      readdirSync(folder)
        .filter((file) => file.endsWith(".ts"))
        .map((file) => join(folder, file)),
    );
    const writes = files.flatMap((file) => {
      const count = readFileSync(file, "utf8").match(/process\.std(?:out|err)\.write\(|console\./g)?.length ?? 0;
      return count === 0 ? [] : [[file, count]];
    });
    expect(Object.fromEntries(writes)).toEqual(own);
  });
});
