/** Searches that are complete, what they find in cores that are wrong, and `npm run explore` as a process. */
import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { createStream } from "../../../pon/index.ts";
import { buildExplore, type Mutant } from "../../../study/explore/build.mjs";
import type * as Explore from "../../../study/explore/index.ts";

const folder = mkdtempSync(join(tmpdir(), "poncast-explore-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** Builds the explorer, with a core changed if asked for. */
async function built(name: string, mutant?: Mutant): Promise<typeof Explore> {
  const outfile = join(folder, `${name}.mjs`);
  await buildExplore({ entry: "index.ts", outfile, mutant });
  return (await import(pathToFileURL(outfile).href)) as typeof Explore;
}

const one = { mode: "multicast", recovery: "parity", messageSet: "extended", onts: 1 } as const;
const NO_LIMIT = { faultsMax: 1, statesMax: Infinity, goesOn: () => true };

let explore: typeof Explore;
beforeAll(async () => {
  explore = await built("explore");
});

describe("a complete search", () => {
  it.each([
    { ...one, onts: 2, faults: 0 },
    { ...one, messageSet: "baseline", faults: 0 },
    { ...one, mode: "unicast", faults: 0 },
  ] as const)("finds no other end than the new image: %j", ({ faults, ...world }) => {
    const found = explore.search(new explore.Model(world), { ...NO_LIMIT, faultsMax: faults });
    expect(found).toMatchObject({ isComplete: true });
    expect(found.violation).toBeUndefined();
    expect([...found.ends.keys()]).toEqual([Array.from({ length: world.onts }, () => "committed").join("; ")]);
  });

  it("with one fault breaks no rule, and repeats to the state", () => {
    const run = (): Explore.Found => explore.search(new explore.Model(one), NO_LIMIT);
    const found = run();
    expect(found.violation).toBeUndefined();
    expect(found.isComplete).toBe(true);
    expect(found.states).toBeGreaterThan(10_000);
    expect(found.ends.get("committed")?.states).toBeGreaterThan(50);
    expect(run()).toEqual(found);
  });

  it("tells when it was not", () => {
    const found = explore.search(new explore.Model(one), { ...NO_LIMIT, statesMax: 100 });
    expect(found.isComplete).toBe(false);
  });
});

/** Two states that are taken for one have to do the same, whatever happens then: else a search would leave something out. */
describe("states that are one by their digest", () => {
  it("go on alike, over any path", () => {
    const model = new explore.Model(one);
    explore.search(model, NO_LIMIT);
    const stream = createStream(1, "explore/walks");
    for (let walk = 0; walk < 60; walk++) {
      const alone = new explore.Model(one, false);
      const [row, rowAlone] = [model.first(), alone.first()];
      for (let faults = 0; ;) {
        const actions = model.actions(row, faults === 0, "later");
        expect(alone.actions(rowAlone, faults === 0, "later")).toEqual(actions);
        expect(explore.outcomesOf(alone, rowAlone)).toEqual(explore.outcomesOf(model, row));
        // Faults are seldom, so that they come late as often as early.
        const usual = actions.filter((each) => !model.isFault(each));
        if (usual.length === 0) break;
        const pool = stream.nextBelow(20) > 0 ? usual : actions;
        const action = pool[stream.nextBelow(pool.length)];
        if (model.isFault(action)) faults++;
        expect(model.apply(row, action)).toBe(true);
        expect(alone.apply(rowAlone, action)).toBe(true);
      }
    }
  });
});

/** Defects put into the cores. */
const MUTANTS: Record<string, Mutant & { found: RegExp }> = {
  "an image that keeps its valid flag while it is overwritten": {
    file: "ont/core/download.ts",
    from: "if (replaced !== null) context.adoptRecord(withImage(record, slot, null));",
    to: "",
    found: /^Violation: an image is valid only with the bytes/,
  },
  "a Commit that is answered before it is on stable storage": {
    file: "ont/core/activation.ts",
    from: 'context.waits.set(context.writeRecord(record), { kind: "committed", record, request });',
    to: "context.adoptRecord(record); handleCommitted(context, nowNs, record, request);",
    found: /^end: ONT 0 runs its old image, and the OLT calls it committed$/,
  },
  "a group that waits for its answers for ever": {
    file: "olt/core/group-rounds.ts",
    from: "this.#deadlineNs = this.#answers.sent(nowNs, this.#rounds === 1);",
    to: "this.#deadlineNs = this.#answers.sent(nowNs, this.#rounds === 1) + 1e18;",
    found: /^bounds: a deadline in /,
  },
  "a request that is not repeated": {
    file: "olt/core/request.ts",
    from: "    this.send();\n    return false;",
    to: "    this.#deadlineNs = Infinity;\n    return false;",
    found: /^end: nothing is left to happen, and the OLT is not done$/,
  },
};

describe("a search finds", () => {
  it.each(Object.entries(MUTANTS))("%s", async (name, { found: expected, ...mutant }) => {
    const wrong = await built(name.replaceAll(" ", "-"), mutant);
    const { violation } = wrong.search(new wrong.Model(one), NO_LIMIT);
    expect(violation?.problem).toMatch(expected);
    const path = violation?.path ?? [];
    const again = wrong.replay(one, path);
    expect(again.problem).toBe(violation?.problem);
    expect(again.lines).toHaveLength(path.length);
  });
});

describe("npm run explore", () => {
  const command = join(folder, "main.mjs");
  beforeAll(() => buildExplore({ outfile: command }));
  const run = (...args: string[]): { status: number | null; stdout: string; stderr: string } =>
    spawnSync(process.execPath, [command, ...args], { encoding: "utf8" });

  it("refuses a wrong option in one line, with exit code 2", () => {
    const { status, stdout, stderr } = run("--faults", "x");
    expect([status, stdout, stderr]).toEqual([2, "", "--faults: x is not allowed; a whole number from 0 to 9\n"]);
    expect(run("--replay", "f0")).toMatchObject({
      status: 2,
      stderr: "--replay: step 1 cannot be taken: ONT 0: flash operation done\n",
    });
  });

  it("prints what was found, and shows a path that it printed", () => {
    const { status, stdout } = run("--faults", "0", "--onts", "1", "--ends");
    expect(status).toBe(0);
    expect(stdout).toMatch(/^--mode multicast .+ an image of \d+ bytes in 6 sections of \d+ bytes, windows of 3\n/);
    expect(stdout).toMatch(/\n[\d,]+ states, [\d,]+ transitions, depth \d+; complete; [\d.]+ s, .+ states\/s, /);
    const path = /\d ends: committed\n +(\S+)\n/.exec(stdout)?.[1] ?? "";
    const shown = run("--onts", "1", "--replay", path);
    expect(shown.status).toBe(0);
    expect(shown.stdout).toMatch(/ {3}1 {2}3\.000 s {2}ONT 0: timer\n {8}ONT 0 -> OLT: light\n/);
    expect(shown.stdout).toMatch(/\nno rule broken\n$/);
  });

  it("says where a search that is not complete was ended", () => {
    expect(run("--states-max", "3000").stdout).toMatch(/; NOT complete: the limit was reached at 0 faults; /);
  });
});
