/** In unicast mode too an OLT that was killed, and an ONT that was cut off, go on where the ONT is, if it can tell. */
import { describe, expect, it } from "vitest";
import { simulate } from "../../../run/virtual/index.ts";
import { parseScenario } from "../../../scenarios/index.ts";

const ONTS = 16;
/** 4 MiB to each at 50 Mbit/s: about eleven seconds. */
const base = { onts: ONTS, image: { bytes: 4 << 20 } };
const olt = { mode: "unicast", rateBytesPerSecond: 6_250_000 };
const HALF_SECONDS = 5.4;

interface Change {
  onts?: number;
  ont?: object;
  fleet?: readonly object[];
  olt?: object;
  faults?: readonly object[];
}

/** Image copies for each ONT; all of them have it. */
function copiesEach(change: Change): number {
  const scenario = { ...base, ...change, olt: { ...olt, ...change.olt } };
  const { result, reasons } = simulate(parseScenario(JSON.stringify(scenario), "unicast.yaml"));
  expect(reasons).toEqual([]);
  expect(result.onts.committed).toBe(scenario.onts);
  return result.downstream.imageCopies / scenario.onts;
}

const killed = [{ action: "killOlt", atSeconds: HALF_SECONDS, offSeconds: 5 }];
/** One after the other, over the whole download. */
const cutOff = Array.from({ length: ONTS }, (_, ont) => ({
  action: "powerCycle",
  onts: [ont],
  atSeconds: 1 + ont / 2,
  offSeconds: 2,
}));

describe("an OLT in unicast mode that is killed with half of the image sent", () => {
  for (const [name, change] of [
    ["extended", {}],
    // Three sections of four are overhead: the same bytes of an image take longer.
    ["baseline", { olt: { messageSet: "baseline", rateBytesPerSecond: 12_500_000 } }],
    ["four ONTs at a time", { olt: { concurrency: 4 } }],
    ["where only broadcast sections are for one target", { olt: { instance: "group" } }],
  ] as const)
    it(`costs nothing again: ${name}`, () => {
      expect(copiesEach({ ...change, faults: killed })).toBeLessThan(1.01);
    });

  it("begins again with ONTs that cannot tell what they hold", () => {
    for (const ont of [{ placeAware: false }, { recoveryAware: false, parityAware: false }])
      expect(copiesEach({ ont, faults: killed })).toBeGreaterThan(1.4);
  });

  it("goes on with those that can, beside others", () => {
    const fleet = [{ count: ONTS / 2 }, { placeAware: false }];
    const copies = copiesEach({ fleet, faults: killed });
    expect(copies).toBeGreaterThan(1.2);
    expect(copies).toBeLessThan(1.3);
  });
});

describe("ONTs in unicast mode that are cut off, each once", () => {
  for (const [name, change] of [
    ["extended", { windowSections: 32 }],
    ["baseline", { messageSet: "baseline", rateBytesPerSecond: 12_500_000 }],
  ] as const)
    it(`cost little again: ${name}`, () => {
      const copies = copiesEach({ olt: change, faults: cutOff });
      expect(copies).toBeGreaterThan(1);
      expect(copies).toBeLessThan(1.05);
    });

  it("cost little again with windows of a ninth of the image, sixteen of a full port", () => {
    const faults = cutOff.map((cut, index) => ({ ...cut, onts: [index * 8] }));
    const change = { onts: 128, faults, olt: { rateBytesPerSecond: 50_000_000 } };
    expect(copiesEach(change)).toBeLessThan(1.05);
  });

  it("begin again where they cannot tell what they hold", () => {
    expect(copiesEach({ ont: { placeAware: false }, faults: cutOff })).toBeGreaterThan(1.4);
  });
});
