/** Text that is made as bytes is what the same text printed at once is. */
import { describe, expect, it } from "vitest";
import { harmlessLines } from "../../base/terminal/index.ts";
import { TextBytes } from "../../cli/view/text-bytes.ts";

describe("text as bytes", () => {
  it("has every letter as print has it, control characters as escapes", () => {
    const text = new TextBytes();
    const letters = Array.from({ length: 0xffff }, (_, code) => String.fromCharCode(code + 1));
    for (const letter of letters) text.text(`a${letter}b`);
    text.text("\u{1f4a1}");
    const all = `${letters.map((letter) => `a${letter}b`).join("")}\u{1f4a1}`;
    expect(text.take().equals(Buffer.from(harmlessLines(all)))).toBe(true);
  });

  it("has numbers with blanks or zeros in front, and grows", () => {
    const text = new TextBytes();
    const numbers = [0, 7, 10, 99, 1_000_000, 0x7fff_ffff, 0x8000_0000, 2 ** 53 - 1, 1.5];
    for (const value of numbers) text.number(value, 6);
    text.number(42, 6, 0x30);
    text.text("x".repeat(1_000_000));
    const all = `${numbers.map((value) => String(value).padStart(6)).join("")}000042${"x".repeat(1_000_000)}`;
    expect(text.take().toString()).toBe(all);
    expect(text.isEmpty).toBe(true);
    text.again();
    text.text("anew");
    expect(text.take().toString()).toBe("anew");
  });
});
