/** Options of the soak command: which parts they select, and how wrong ones are refused. */
import { describe, expect, it } from "vitest";
import { parseSoakOptions, SoakOptionError } from "../../../study/soak/options.ts";
import { soakText } from "../../../study/soak/report.ts";

const names = ["long", "runs", "files"];
const parse = (...args: string[]) => parseSoakOptions(args, names);
const refused = (...args: string[]): string => {
  try {
    parse(...args);
  } catch (error) {
    if (error instanceof SoakOptionError) return error.message;
    throw error;
  }
  return "nothing";
};

describe("options of npm run soak", () => {
  it("say what runs, in the order of the parts", () => {
    const all = { help: false, json: false, isShort: false, seed: 1, only: names };
    expect(parse()).toEqual(all);
    expect(parse("--short", "--json", "--seed", "7")).toEqual({ ...all, isShort: true, json: true, seed: 7 });
    expect(parse("--only", "files,long")).toEqual({ ...all, only: ["long", "files"] });
    expect(parse("--only", "runs", "--only=long")).toEqual({ ...all, only: ["long", "runs"] });
    expect(parse("--help").help).toBe(true);
  });

  it("are refused in one line that says what is allowed", () => {
    expect(refused("--only", "logn")).toBe('--only: there is no part "logn"; there are: long, runs, files');
    expect(refused("--only")).toMatch(/^Option '--only <value>' argument missing$/);
    expect(refused("--shrot")).toMatch(/^Unknown option '--shrot'.*$/);
    expect(refused("7")).toMatch(/^Unexpected argument '7'.*$/);
    expect(refused("--seed", "1.5")).toMatch(/^--seed: 1\.5 is not allowed; a whole number from 0/);
    expect(refused("--short=1")).toMatch(/^Option '--short' does not take an argument$/);
  });
});

describe("what a soak says", () => {
  it("is a row for each part and a line for each problem, as far as they are not too many", () => {
    const problems = Array.from({ length: 12 }, (_, number) => `run ${number} failed`);
    const text = soakText([
      { part: "long", bound: "flat", verdict: "passed", seconds: 90, problems: [], figures: { powerCuts: 1234 } },
      { part: "runs", bound: "0 fail", verdict: "failed", seconds: 2, problems, figures: { growthPercent: 0.5 } },
    ]);
    const lines = text.split("\n");
    expect(lines.slice(0, 3)).toEqual([
      "part  verdict  took        bound   seen",
      "long  passed   1 min 30 s  flat    power cuts 1,234",
      "runs  failed   2.0 s       0 fail  growth percent 0.5",
    ]);
    expect(lines.slice(3)).toHaveLength(11);
    expect(lines[3]).toBe("runs: run 0 failed");
    expect(lines.at(-1)).toBe("runs: 2 more");
  });
});
