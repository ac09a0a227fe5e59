/** `poncast size`: what its options may be. */
import { Command } from "commander";
import { describe, expect, it } from "vitest";
import { sizeCommand } from "../../cli/commands/size.ts";

function size(...words: string[]): void {
  const program = new Command();
  sizeCommand(program);
  program.parse(["size", ...words], { from: "user" });
}

describe("poncast size refuses", () => {
  it.each([
    [["--power-cuts-every", "0s"], "--power-cuts-every: 0s is not allowed; 1 s at least"],
    [["--power-cuts-every", "999ms"], "--power-cuts-every: 999ms is not allowed; 1 s at least"],
    [["--off", "0.3"], "--off and --join: which share is off, and when it comes back, go together"],
    [["--off", "1.5", "--join", "2h"], "--off: 1.5 is not allowed; 0 to 1"],
    [["--off", "0.3", "--join", "2h..1h"], "--join: 2h..1h is not allowed; a time above 0"],
  ])("%j", (words, line) => expect(() => size(...words)).toThrow(line));
});
