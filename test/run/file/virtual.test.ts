/** Runs by file in virtual time: the same result as every road leaves, and nothing that leaves the headend. */
import { describe, expect, it } from "vitest";
import { simulate } from "../../../run/virtual/index.ts";
import { parseScenario, ScenarioError } from "../../../scenarios/index.ts";

const BYTES = 300_000;
const scenario = (more: object = {}) =>
  parseScenario(JSON.stringify({ road: "file", onts: 8, image: { bytes: BYTES }, ...more }), "file.yaml");

describe("a run by file in virtual time", () => {
  it("ends with all committed, with nothing from the headend", () => {
    const { result, exitCode } = simulate(scenario());
    expect([exitCode, result.onts.committed, result.verdict.reasons]).toEqual([0, 8, []]);
    expect(result.groups).toMatchObject([{ road: "file", payload: "image", onts: 8, copies: 8 }]);
    expect([result.downstream.gemBytes, result.downstream.imageCopies]).toEqual([0, 0]);
    expect(result.ontResults[7]).toMatchObject({ outcome: "committed", sha256: result.image.sha256 });
  });

  it("takes as long as the visits, and a device's own time after the last", () => {
    const at = (everySeconds: number): number =>
      simulate(scenario({ updateZip: { everySeconds }, olt: { runSeconds: 20_000 } })).result.timing.totalSeconds;
    const all = at(0);
    expect(all).toBeLessThan(60);
    expect(at(600) - 7 * 600).toBeGreaterThan(all - 5);
    expect(at(600) - 7 * 600).toBeLessThan(all + 5);
  });

  it("is the same from the same seed", () => {
    const faults = [{ action: "powerCycle", whenPhase: "downloading", offSeconds: 2 }];
    const [one, two] = [0, 1].map(() => simulate(scenario({ faults, image: { bytes: 4_000_000 } })));
    expect(one.exitCode).toBe(0);
    expect(JSON.stringify(one.result)).toBe(JSON.stringify(two.result));
    // Each is cut once, and reads a block twice at most.
    const twice = one.result.groups[0].copies * one.result.image.bytes - 8 * one.result.image.bytes;
    expect(twice).toBeGreaterThan(0);
    expect(twice).toBeLessThanOrEqual(8 * 512 * 1024);
  });

  it("takes deltas where a device runs their base", () => {
    const image = { bytes: BYTES, deltas: [{ base: "PONCAST-1.0.0", changed: 0.02 }] };
    const { result, exitCode } = simulate(scenario({ image, fleet: [{ count: 6 }, { version: "PONCAST-0.9.0" }] }));
    expect([exitCode, result.onts.committed]).toEqual([0, 8]);
    expect(result.groups.map(({ payload, onts }) => [payload, onts])).toEqual([
      ["image", 2],
      ["delta PONCAST-1.0.0", 6],
    ]);
  });

  it("an image that hangs is rolled back; one that nobody trusts fails; one for others is passed over", () => {
    const hangs = simulate(scenario({ ont: { boot: { kind: "hangs" } } }));
    expect([hangs.exitCode, hangs.result.onts.rolledBack]).toEqual([0, 8]);
    const strange = simulate(scenario({ image: { bytes: BYTES, fault: "wrongKey" }, fleet: [{ expect: "failed" }] }));
    expect([strange.exitCode, strange.result.ontResults[0].cause]).toEqual([0, "untrusted-signature"]);
    const others = [
      { count: 2, hardware: "HW-9", expect: "skipped" },
      { count: 1, productCode: "OTHER", expect: "skipped" },
      {},
    ];
    const { reasons, result } = simulate(scenario({ fleet: others }));
    expect([reasons, result.onts.committed]).toEqual([[], 5]);
    expect(result.ontResults.slice(0, 3).map(({ cause }) => cause)).toEqual([
      "incompatible-hardware",
      "incompatible-hardware",
      "wrong-product-code",
    ]);
  });

  it.each([
    [{ olt: { commit: false } }, /olt\.commit: false is for the road omci; by file/],
    [{ faults: [{ action: "killOlt", atSeconds: 1 }] }, /faults\.0\.action: killOlt .*; by file there is powerCycle/],
  ])("refuses %j", (more, words) => {
    expect(() => scenario(more)).toThrow(ScenarioError);
    expect(() => scenario(more)).toThrow(words);
  });
});
