/** Seeds that once failed, and what a seed draws; more seeds are in seeds.long.test.ts. */
import { describe, expect, it } from "vitest";
import { draw } from "../../../study/fuzz/draw.ts";
import { runSeed } from "../../../study/fuzz/seed-run.ts";
import { keptSeeds } from "./kept-seeds.ts";

describe("runs drawn from a seed", () => {
  for (const [seed, what] of keptSeeds) {
    it(`seed ${seed} converges: ${what}`, () => expect(runSeed(seed).problem).toBeUndefined());
  }

  it("are the same every time", () => {
    expect(draw(7)).toEqual(draw(7));
    const { stack: _first, ...first } = runSeed(7);
    const { stack: _again, ...again } = runSeed(7);
    expect(first).toEqual(again);
  });

  it("have a fault phase that ends, and an end that is known", () => {
    for (let seed = 1; seed <= 300; seed++) {
      const { scenario, healAtNs, allowed, powerCuts } = draw(seed);
      const onts = scenario.onts * scenario.pons;
      expect(healAtNs).toBeLessThanOrEqual(15e9);
      expect(allowed).toHaveLength(onts);
      for (const outcomes of allowed) expect(outcomes.length).toBeGreaterThan(0);
      for (const cut of powerCuts) expect(cut.ont).toBeLessThan(onts);
    }
  });
});
