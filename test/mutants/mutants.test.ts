/** The mutants as data: each fits its file, and its tests are there; options; what verdicts come to. `npm run test:mutants` tries them. */
import { existsSync } from "node:fs";
import { transformWithOxc } from "vite";
import { describe, expect, it } from "vitest";
import { loadMutants, type Mutant, mutated, sourceOf } from "./mutants.ts";
import { parseMutantOptions } from "./options.ts";
import { limitMsOf, type Verdict } from "./trial.ts";
import { complaintsOf, type Tried, verdictsText } from "./verdicts.ts";

const all = loadMutants();

/** Rooms of which mutants are wanted, and where in the tree they are. */
const ROOMS: Record<string, string> = {
  omci: "omci/",
  image: "image/",
  ont: "ont/",
  olt: "olt/core/",
  pon: "pon/",
  run: "run/",
  cwmp: "cwmp/",
  headend: "headend/",
};
const MUTANTS_LEAST = 60;

const mutant = (change: Partial<Mutant>): Mutant => ({
  id: "pon.a",
  room: "pon",
  file: "pon/gem.ts",
  breaks: "all",
  before: "x",
  after: "y",
  tests: ["test/pon"],
  ...change,
});
const tried = (kind: Verdict["kind"], change: Partial<Mutant> = {}): Tried => {
  const verdicts: Record<Verdict["kind"], Verdict> = {
    killed: { kind: "killed", by: "test/pon/gem.test.ts > reads" },
    timedOut: { kind: "timedOut", limitMs: 60_000 },
    survived: { kind: "survived" },
    notLoaded: { kind: "notLoaded" },
    broken: { kind: "broken", why: "no memory left" },
  };
  return { mutant: mutant(change), verdict: verdicts[kind], seconds: 1 };
};

describe("the mutants", () => {
  it("are many, of each room, each with a name of its own", () => {
    expect(all.length).toBeGreaterThanOrEqual(MUTANTS_LEAST);
    expect([...new Set(all.map(({ room }) => room))].sort()).toEqual(Object.keys(ROOMS).sort());
    expect(all.filter(({ room, file }) => !file.startsWith(ROOMS[room]!))).toEqual([]);
    expect(new Set(all.map(({ id }) => id)).size).toBe(all.length);
  });

  it("stand once in their file, and change it into another program", async () => {
    for (const each of all) {
      const source = sourceOf(each);
      const changed = mutated(source, each);
      expect(changed, each.id).not.toBe(source);
      await expect(transformWithOxc(changed, each.file), each.id).resolves.toBeDefined();
    }
  });

  it("name tests that there are", () => {
    expect(all.flatMap(({ tests }) => tests).filter((path) => !existsSync(path))).toEqual([]);
  });

  it("are refused in one line when their text is gone, or is there twice", () => {
    expect(mutated("a x b", mutant({}))).toBe("a y b");
    expect(() => mutated("a b", mutant({}))).toThrow("pon.a: its text is 0 times in pon/gem.ts; once is wanted");
    expect(() => mutated("x x", mutant({}))).toThrow("pon.a: its text is 2 times in pon/gem.ts; once is wanted");
  });
});

describe("options", () => {
  const some = [mutant({}), mutant({ id: "pon.b" }), mutant({ id: "olt.a", room: "olt" })];
  const idsOf = (...args: string[]): string[] => parseMutantOptions(args, some, 2).mutants.map(({ id }) => id);

  it("select rooms and single mutants", () => {
    expect(idsOf()).toEqual(["pon.a", "pon.b", "olt.a"]);
    expect(idsOf("--only", "pon")).toEqual(["pon.a", "pon.b"]);
    expect(idsOf("--only", "olt.a", "--only=pon.b")).toEqual(["pon.b", "olt.a"]);
    expect(parseMutantOptions(["--list"], some, 2)).toMatchObject({ kind: "list", jobs: 2 });
    expect(parseMutantOptions(["--jobs", "3"], some, 2)).toMatchObject({ kind: "run", jobs: 3 });
  });

  it.each([
    [["--only", "run"], "--only run: no such room or mutant; rooms are pon, olt, --list shows the mutants"],
    [["--jobs", "0"], "--jobs 0: 1 to 64 are possible"],
    [["--jobs", "two"], "--jobs two: 1 to 64 are possible"],
    [["--all"], "Unknown option '--all'"],
    [["pon"], "Unexpected argument 'pon'"],
  ])("%j are refused in one line", (args, text) => {
    let message = "";
    try {
      parseMutantOptions(args, some, 2);
    } catch (error) {
      message = (error as Error).message;
    }
    expect(message).toContain(text);
    expect(message).not.toContain("\n");
  });
});

describe("verdicts", () => {
  const killed = Array.from({ length: 9 }, () => tried("killed"));

  it("are a table, with figures of each room and of all", () => {
    const text = verdictsText([...killed, tried("timedOut"), tried("survived", { id: "olt.a", room: "olt" })]);
    expect(text).toContain("pon.a  1.0 s  killed by test/pon/gem.test.ts > reads");
    expect(text).toContain("olt.a  1.0 s  SURVIVED");
    expect(text.split("\n").slice(-4)).toEqual([
      "room  mutants  killed  survived  share",
      "pon        10      10         0  100 %",
      "olt         1       0         1    0 %",
      "all        11      10         1   90 %",
    ]);
  });

  it("are complained of where too few are killed, or one survives that nothing explains", () => {
    const explained = tried("survived", { explained: "it cannot be told" });
    expect(complaintsOf(killed, true)).toEqual([]);
    expect(complaintsOf([...killed, explained], true)).toEqual([]);
    expect(complaintsOf([...killed, explained, explained], true)).toEqual(["81 % killed; at least 90 % have to be"]);
    expect(complaintsOf([explained], false)).toEqual([]);
    expect(complaintsOf([...killed, tried("survived")], true)).toEqual([
      "pon.a survives, and nothing explains it: all",
    ]);
    for (const kind of ["notLoaded", "broken"] as const)
      expect(complaintsOf([tried(kind, { explained: "no" })], false)).toHaveLength(1);
    expect(complaintsOf([tried("killed", { explained: "no" })], false)).toEqual([
      "pon.a is killed, and its data explain why it survives",
    ]);
  });

  it("wait far longer than the tests take without a mutant", () => {
    const fileMs = { "test/pon/gem.test.ts": 2000, "test/pontoon.test.ts": 50_000, "test/olt/turn.test.ts": 7000 };
    expect(limitMsOf({ tests: ["test/pon", "test/olt/turn.test.ts"] }, fileMs)).toBe(390_000);
  });
});
