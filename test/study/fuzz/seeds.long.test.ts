/** A hundred seeds beside those that are kept, and what they have seen: some seconds of work. */
import { describe, expect, it } from "vitest";
import { runSeed } from "../../../study/fuzz/seed-run.ts";
import { failureLine, Summary } from "../../../study/fuzz/summary.ts";

/** Seeds of the suite beside the kept ones. */
const FIRST_SEED = 100_001;
const SEEDS = 100;

describe("runs drawn from a seed", () => {
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
});
