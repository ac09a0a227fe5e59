/** Recovery `window` where receivers keep: a window is repeated for sections that are missing, not for the one that asks. */
import { describe, expect, it } from "vitest";
import { createStream } from "../../pon/random.ts";
import { ms } from "../ont/bench.ts";
import { makeFleet } from "../support/fleet.ts";
import { copies, expectAllCommitted } from "./hands.ts";

describe("a window that is whole but for the section that asks", () => {
  // The most sends that any of 31 sections needs at any of 128 ONTs, in the mean.
  it.each([
    [0.01, 2.34],
    [0.05, 3.43],
  ])("is not sent again: %f lost both ways cost %f copies", (loss, chance) => {
    const stream = createStream(14, "repeats");
    const fleet = makeFleet({
      onts: 128,
      imageBytes: 100_000,
      olt: { recovery: "window", windowSections: 32, expectedOnts: 128, knownOnts: 128 },
      link: { latencyNs: ms, loses: () => stream.nextFloat() < loss },
    });
    fleet.pon.run();
    expectAllCommitted(fleet);
    expect(copies(fleet)).toBeGreaterThan(0.9 * chance);
    expect(copies(fleet)).toBeLessThan(chance + 0.1);
  });
});
