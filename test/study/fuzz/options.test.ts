/** Options of the fuzz command: what they select, and how wrong ones are refused. */
import { describe, expect, it } from "vitest";
import { FuzzOptionError, parseFuzzOptions } from "../../../study/fuzz/options.ts";

const refused = (...args: string[]): string => {
  try {
    parseFuzzOptions(args);
  } catch (error) {
    if (error instanceof FuzzOptionError) return error.message;
    throw error;
  }
  return "nothing";
};

describe("options of npm run fuzz", () => {
  it("say what runs", () => {
    expect(parseFuzzOptions([])).toEqual({ kind: "seeds", from: 1, seeds: 100 });
    expect(parseFuzzOptions(["--seeds", "1000"])).toEqual({ kind: "seeds", from: 1, seeds: 1000 });
    expect(parseFuzzOptions(["--seeds=5", "--from", "70"])).toEqual({ kind: "seeds", from: 70, seeds: 5 });
    expect(parseFuzzOptions(["--seed", "0"])).toEqual({ kind: "seed", seed: 0 });
    expect(parseFuzzOptions(["--power-cuts"])).toEqual({ kind: "powerCuts" });
    expect(parseFuzzOptions(["--frames", "10", "--seed", "3"])).toEqual({ kind: "frames", frames: 10, seed: 3 });
    expect(parseFuzzOptions(["--decode"])).toEqual({ kind: "decode", inputs: 100_000, seed: 1 });
    expect(parseFuzzOptions(["--decode", "--inputs", "7", "--seed", "2"])).toEqual({
      kind: "decode",
      inputs: 7,
      seed: 2,
    });
    expect(parseFuzzOptions(["--help", "--seeds", "3"])).toEqual({ kind: "help" });
  });

  it("are refused in one line that says what is allowed", () => {
    expect(refused("--sedes", "5")).toMatch(/^--sedes: no such option; there are: --seeds, --from, .*$/);
    expect(refused("7")).toMatch(/^7: no such option/);
    expect(refused("--seeds")).toBe("--seeds: nothing is not allowed; a whole number from 1 to 10000000");
    expect(refused("--seeds", "0")).toMatch(/^--seeds: 0 is not allowed; a whole number from 1/);
    expect(refused("--seeds", "1.5")).toMatch(/^--seeds: 1\.5 is not allowed/);
    expect(refused("--seed", "-1")).toMatch(/^--seed: -1 is not allowed; a whole number from 0/);
    expect(refused("--seed", "99999999999999999999")).toMatch(/^--seed: 9+ is not allowed/);
    expect(refused("--seed", "1", "--seed", "2")).toBe("--seed: given twice");
    expect(refused("--power-cuts=3")).toBe("--power-cuts: takes no value");
    expect(refused("--power-cuts", "--seed", "1")).toBe("--seed: does not go with --power-cuts");
    expect(refused("--seeds", "5", "--seed", "1")).toBe("--seeds: does not go with --seed");
    expect(refused("--inputs", "5")).toBe("--inputs: goes with --decode");
    expect(refused("--frames", "5", "--from", "1")).toBe("--from: does not go with --frames");
  });
});
