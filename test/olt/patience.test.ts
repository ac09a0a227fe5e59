/** How many repairs an ONT has before it leaves its group: bad luck and common faults cost nobody the group. */
import { describe, expect, it } from "vitest";
import { triesMax, usualFailures } from "../../olt/core/policy.ts";
import { parseScenario } from "../../scenarios/schema/load.ts";
import { simulate } from "../../run/virtual/index.ts";

const member = (repairs: number, repairsFailed: number) => ({ repairs, repairsFailed });

describe("how many repairs an ONT has before it leaves the group", () => {
  it("follows from what is usual: the median, which one bad ONT does not move", () => {
    const good = Array.from({ length: 8 }, () => member(9, 1));
    expect(usualFailures([...good, member(99, 99)])).toBeCloseTo(0.1, 5);
    expect(usualFailures(good.map(() => member(9, 8)))).toBeCloseTo(0.8, 5);
  });

  it("does not grow where no repair has ever helped anybody", () => {
    expect(usualFailures([member(5, 5), member(5, 5), member(5, 5)])).toBe(0);
    expect(triesMax(4, 0.01, 1000, 0)).toBe(triesMax(4, 0.01, 1000));
  });

  it.each([
    [0.0005, 0, 4],
    [0.01, 0, 4],
    [0.4, 0, 16],
    [0.01, 0.9, 110],
    [0.01, 0.999, 225],
  ])("losses %f, failures %f: %i", (loss, usual, tries) => {
    expect(triesMax(4, loss, 1000, usual)).toBe(tries);
  });

  it("is so many that a group whose ONTs all drop refused windows stays together", () => {
    const fields = "onts: 24\nimage: { bytes: 1000000 }\nont: { quirk: discards-partial-window }";
    const lossy = `${fields}\nolt: { recovery: window, activate: false }\nimpairments: [{ kind: loss, chance: 0.01 }]`;
    const { result, reasons } = simulate(parseScenario(lossy, "test"));
    expect(reasons).toEqual([]);
    expect(result.ontResults.filter(({ leftGroup }) => leftGroup)).toEqual([]);
    // Each window goes out until the last of 24 has it; alone, each of them would take 11 copies.
    expect(result.downstream.imageCopies).toBeLessThan(70);
  });
});
