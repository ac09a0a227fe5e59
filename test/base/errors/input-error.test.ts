/** One base for what somebody else can mend: place, problem, remedy in one line. */
import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { InputError, orRefused, placed } from "../../../base/errors/index.ts";
import { UsageError } from "../../../cli/errors.ts";
import { TargetError } from "../../../conform/targets/index.ts";
import { ImageError } from "../../../image/index.ts";
import { NetworkError } from "../../../pon/udp.ts";
import { JournalError } from "../../../run/journal/index.ts";
import { RunInputError } from "../../../run/index.ts";
import { ScenarioError } from "../../../scenarios/index.ts";

describe("bad input", () => {
  it("is one line of place, problem and remedy, as far as they are known", () => {
    expect(new InputError({ place: "a.yaml:1:2", problem: "is missing", remedy: "1 to 128" }).message).toBe(
      "a.yaml:1:2: is missing; 1 to 128",
    );
    expect(new InputError("no such file").message).toBe("no such file");
  });

  it("gets its place where that is known; an error of our own stays what it is", () => {
    const work = (error: Error) => (): never => {
      throw error;
    };
    expect(() => placed("me.pem", work(new ImageError("not a public key")))).toThrow(
      new InputError({ place: "me.pem", problem: "not a public key" }),
    );
    const bug = new TypeError("ours");
    expect(() => placed("me.pem", work(bug))).toThrow(bug);
    expect(placed("me.pem", () => 7)).toBe(7);
  });

  it("is what the system refuses, by its code; our own errors pass", () => {
    const refused = (work: () => void) => () =>
      orRefused(({ code }) => ({ place: "a.pem", problem: `cannot be read (${code})` }), work);
    expect(refused(() => readFileSync("/none/a.pem"))).toThrow(
      new InputError({ place: "a.pem", problem: "cannot be read (ENOENT)" }),
    );
    for (const passes of [
      new TypeError("ours"),
      new ImageError("theirs"),
      Object.assign(new Error("x"), { code: "X" }),
    ])
      expect(
        refused(() => {
          throw passes;
        }),
      ).toThrow(passes);
  });

  it.each([
    new UsageError("x"),
    new ImageError("x"),
    new RunInputError("x"),
    new TargetError("x"),
    new NetworkError("x"),
    new ScenarioError(["x"]),
    new JournalError("x", 3),
  ])("is what $name is", (error) => expect(error).toBeInstanceOf(InputError));
});
