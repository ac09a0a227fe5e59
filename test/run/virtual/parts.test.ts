/** A run in parts beside the same in one: every record and the result, to the byte. */
import { describe, expect, it } from "vitest";
import { planFleet } from "../../../run/fleet/index.ts";
import { prepareImages } from "../../../run/images/index.ts";
import { encodeRecord } from "../../../run/journal/records.ts";
import type { JournalRecord } from "../../../run/journal/index.ts";
import { endTextOf, factsResult, resultOf } from "../../../run/virtual/outcome.ts";
import { type PartRecords, RunPart } from "../../../run/virtual/parts/part.ts";
import { boundTogether, runWhole, shares, withEarlier } from "../../../run/virtual/parts/whole.ts";
import { recordObserver } from "../../../run/virtual/recorder.ts";
import { Simulation } from "../../../run/virtual/world.ts";
import { parseScenario } from "../../../scenarios/schema/load.ts";
import type { Scenario } from "../../../scenarios/index.ts";

const scenarioOf = (seed: number, more: string): Scenario =>
  parseScenario(`onts: 6\npons: 3\nseed: ${seed}\nimage: { bytes: 200000 }\n${more}`, "parts.yaml");

describe("a run in parts", () => {
  it.each([
    ["all ports alike, so that everything happens at the same instants", ""],
    ["losses", "impairments: [{ kind: loss, chance: 0.02 }]"],
    [
      "ONTs that come late",
      "fleet: [{ count: 2, joinAtSeconds: 0.5 }, {}]\nimpairments: [{ kind: loss, chance: 0.05 }]",
    ],
    ["unicast", "olt: { mode: unicast }\nimpairments: [{ kind: loss, chance: 0.02 }]"],
  ])("%s: the same to the byte", async (_, more) => {
    for (const seed of [1, 2, 3]) {
      const scenario = scenarioOf(seed, more);
      const images = prepareImages(scenario);
      const one: Buffer[] = [];
      const keep = (list: Buffer[]) => (record: JournalRecord) => void list.push(Buffer.from(encodeRecord(record)));
      const world = new Simulation(scenario, images, { observers: [recordObserver({ write: keep(one) })] });
      world.run();
      const parts = shares(3, 2).map((ports) => {
        const earlier: PartRecords[] = [];
        const handOn = (written: PartRecords): void => void earlier.push(written);
        const part = new RunPart(scenario, ports, { handOn, handedRecords: 50 });
        return {
          run: () => Promise.resolve(part.run()),
          runOn: (last: Parameters<RunPart["runOn"]>[0]) => Promise.resolve(part.runOn(last)),
          end: (...end: Parameters<RunPart["end"]>) => {
            const outcome = part.end(...end);
            // It has not kept what it handed on.
            expect(earlier.length).toBeGreaterThan(0);
            expect(outcome.records.length).toBeLessThan(50);
            return Promise.resolve(withEarlier(earlier, outcome));
          },
        };
      });
      const two: Buffer[] = [];
      const { onts, nowNs, totals, end, steps } = await runWhole(parts, keep(two));
      const expected = planFleet(scenario).map((plan) => plan.expect);
      expect(Buffer.concat(two).equals(Buffer.concat(one))).toBe(true);
      expect(factsResult({ scenario, images, onts, expected, nowNs }, totals, endTextOf(end))).toEqual(resultOf(world));
      expect(steps).toBe(world.steps);
    }
  });

  it("is not for ports that know of each other", () => {
    expect(boundTogether(scenarioOf(1, ""))).toBeUndefined();
    expect(boundTogether(scenarioOf(1, "pon: { headendBitsPerSecond: 1.0e9 }"))).toMatch(/share a feed/);
    expect(boundTogether(scenarioOf(1, "faults: [{ action: powerCycle, atSeconds: 1, onts: [0] }]"))).toMatch(/faults/);
  });
});
