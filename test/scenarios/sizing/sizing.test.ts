import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { parseScenario, type Scenario } from "../../../scenarios/schema/index.ts";
import { inputOf, ontsWithin, rateWithin, sizeOf } from "../../../scenarios/sizing/index.ts";
import { anyOf, binomial, meanOfLargest } from "../../../scenarios/sizing/chance.ts";
import { simulate } from "../../../scenarios/virtual/index.ts";

const BUNDLE_BYTES = 213;
const scenarioOf = (loss: number, olt: string, seed = 1, onts = 128): Scenario =>
  parseScenario(
    `onts: ${onts}
seed: ${seed}
image: { bytes: 2097152 }
olt: { activate: false, ${olt} }
impairments: ${loss === 0 ? "[]" : `[{ kind: loss, chance: ${loss} }]`}`,
    "sizing.yaml",
  );

function measured(loss: number, olt: string): { sections: number; seconds: number } {
  const seeds = [1, 2, 3, 4];
  const runs = seeds.map((seed) => simulate(scenarioOf(loss, olt, seed)).result);
  const mean = (of: (run: (typeof runs)[number]) => number): number =>
    runs.reduce((sum, run) => sum + of(run), 0) / runs.length;
  return { sections: mean((run) => run.downstream.sections), seconds: mean((run) => run.timing.downloadSeconds!) };
}

describe("the sizing model against runs in virtual time", () => {
  it.each([
    [0, "recovery: parity"],
    [0.001, "recovery: parity"],
    [0.01, "recovery: parity"],
    [0.05, "recovery: parity"],
    [0.001, "recovery: selective"],
    [0.01, "recovery: selective"],
    [0.01, "recovery: unicast"],
    [0.05, "recovery: unicast"],
  ])("sections at a loss of %d with %s, within 2 %%", (loss, olt) => {
    const sizing = sizeOf(inputOf(scenarioOf(loss, olt), BUNDLE_BYTES));
    const { sections } = measured(loss, olt);
    expect(Math.abs(sizing.sections / sections - 1)).toBeLessThan(0.02);
  });

  it.each([
    [0, "recovery: parity"],
    [0, "messageSet: baseline, rateBytesPerSecond: 400000"],
  ])("time at a loss of %d with %s, within 5 %%", (loss, olt) => {
    const sizing = sizeOf(inputOf(scenarioOf(loss, olt), BUNDLE_BYTES));
    const { result } = simulate(scenarioOf(loss, olt));
    expect(Math.abs(sizing.seconds / result.timing.downloadSeconds! - 1)).toBeLessThan(0.05);
  });
});

describe("the inverse questions", () => {
  const input = inputOf(scenarioOf(0.01, "recovery: parity"), BUNDLE_BYTES);

  it("the rate that is needed is just enough", () => {
    const rate = rateWithin(input, 600)!;
    expect(sizeOf({ ...input, rateBytesPerSecond: rate }).seconds).toBeLessThanOrEqual(600);
    expect(sizeOf({ ...input, rateBytesPerSecond: rate * 0.99 }).seconds).toBeGreaterThan(600);
    expect(rateWithin(input, 0.001)).toBeNull();
  });

  it("as many ONTs fit as are done in time", () => {
    const slow = { ...input, mode: "unicast" as const, rateBytesPerSecond: 1e6 };
    const onts = ontsWithin(slow, 300);
    expect(onts).toBeGreaterThan(0);
    expect(onts).toBeLessThan(128);
    expect(sizeOf({ ...slow, onts: onts + 1 }).seconds).toBeGreaterThan(300);
    expect(ontsWithin(slow, 0.001)).toBe(0);
  });
});

describe("chances", () => {
  it("a binomial distribution sums to one and has its mean", () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 320 }),
        fc.double({ min: 0.0001, max: 0.9, noNaN: true }),
        (trials, chance) => {
          const terms = binomial(trials, chance);
          expect(terms.reduce((sum, term) => sum + term, 0)).toBeCloseTo(1, 7);
          expect(terms.reduce((sum, term, value) => sum + term * value, 0)).toBeCloseTo(trials * chance, 4);
        },
      ),
    );
  });

  it("of many, one is hit sooner, and the largest is larger", () => {
    expect(anyOf(3, 0.5)).toBeCloseTo(0.875, 12);
    expect(anyOf(128, 0)).toBe(0);
    expect(meanOfLargest([0.5, 0.5], 1)).toBeCloseTo(0.5, 12);
    expect(meanOfLargest([0.5, 0.5], 2)).toBeCloseTo(0.75, 12);
  });
});
