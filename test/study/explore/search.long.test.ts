/** Searches with a fault, to their end, and what they find in cores that are wrong. */
import { beforeAll, describe, expect, it } from "vitest";
import type * as Explore from "../../../study/explore/index.ts";
import { built, expectAlike, expectFound, folderOfTest, MUTANTS, NO_LIMIT, one } from "./hands.ts";

const folder = folderOfTest();
let explore: typeof Explore;
beforeAll(async () => {
  explore = await built(folder, "explore");
});

describe("a complete search", () => {
  it("with one fault breaks no rule, and repeats to the state", () => {
    const run = (): Explore.Found => explore.search(new explore.Model(one), NO_LIMIT);
    const found = run();
    expect(found.violation).toBeUndefined();
    expect(found.isComplete).toBe(true);
    expect(found.states).toBeGreaterThan(10_000);
    expect(found.ends.get("committed")?.states).toBeGreaterThan(50);
    expect(run()).toEqual(found);
  });

  it("takes for one only states that go on alike, over any path", () => expectAlike(explore, 1, 60));
});

describe("a search finds", () => {
  it.each(Object.keys(MUTANTS))("%s", (name) => expectFound(folder, name));
});
