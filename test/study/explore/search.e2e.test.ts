/** Searches without faults, what they find in cores that are wrong, and `npm run explore` as a process; more in search.long.test.ts. */
import { spawnSync } from "node:child_process";
import { join } from "node:path";
import { beforeAll, describe, expect, it } from "vitest";
import { buildExplore } from "../../../study/explore/build.mjs";
import type * as Explore from "../../../study/explore/index.ts";
import { built, expectAlike, expectFound, folderOfTest, NO_LIMIT, one } from "./hands.ts";

const folder = folderOfTest();
let explore: typeof Explore;
beforeAll(async () => {
  explore = await built(folder, "explore");
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

  it("tells when it was not", () => {
    const found = explore.search(new explore.Model(one), { ...NO_LIMIT, statesMax: 100 });
    expect(found.isComplete).toBe(false);
  });
});

it("states that are one by their digest go on alike, over some paths", () => expectAlike(explore, 0, 6));

describe("a search finds", () => {
  const name = "a group that waits for its answers for ever";
  it(name, () => expectFound(folder, name));
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
