import { describe, expect, it } from "vitest";
import { draw } from "../../../study/fuzz/draw.ts";
import { runSeed } from "../../../study/fuzz/seed-run.ts";
import { failureLine, Summary } from "../../../study/fuzz/summary.ts";
import { keptSeeds } from "./kept-seeds.ts";

/** Seeds of the suite beside the kept ones. */
const FIRST_SEED = 100_001;
const SEEDS = 100;

describe("runs drawn from a seed", () => {
  for (const [seed, what] of keptSeeds) {
    it(`seed ${seed} converges: ${what}`, () => expect(runSeed(seed).problem).toBeUndefined());
  }

  it(`${SEEDS} more converge, and have seen most of what there is`, () => {
    const summary = new Summary();
    for (let seed = FIRST_SEED; seed < FIRST_SEED + SEEDS; seed++) summary.add(runSeed(seed));
    expect(summary.failed.map(failureLine)).toEqual([]);
    const covered = summary.text();
    const drawn =
      "multicast unicast selective parity window baseline extended any group loss burstLoss corruption duplication " +
      "reordering latency blackout slowReceiver powerCycle killOlt before torn after";
    const happened = [
      "windows repaired",
      "ONTs that left the group",
      "power cuts in eraseSlot",
      "power cuts in writeSlot",
      "power cuts in writeBootRecord",
      "boots that failed",
      "updates rolled back",
      "OLTs killed",
      "images refused",
    ];
    for (const name of [...drawn.split(" "), ...happened]) expect(covered).toMatch(new RegExp(`\\b${name} +[1-9]`));
  });

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
