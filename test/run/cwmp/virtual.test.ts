/** Runs over TR-069 in virtual time: the same result as every road leaves. */
import { mkdtempSync, readFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { runVirtual, simulate } from "../../../run/virtual/index.ts";
import { parseScenario, ScenarioError } from "../../../scenarios/index.ts";
import { removeFolder } from "../../support/folder.ts";

const BYTES = 300_000;
const scenario = (more: object = {}) =>
  parseScenario(JSON.stringify({ road: "cwmp", onts: 8, image: { bytes: BYTES }, ...more }), "cwmp.yaml");

describe("a run over TR-069 in virtual time", () => {
  it("ends with all committed, and sends each its own copy", () => {
    const { result, exitCode } = simulate(scenario());
    expect([exitCode, result.onts.committed, result.verdict.reasons]).toEqual([0, 8, []]);
    expect(result.groups).toMatchObject([{ road: "cwmp", payload: "image", onts: 8, copies: 8 }]);
    expect(result.downstream.gemBytes).toBe(8 * result.image.bytes);
    expect(result.ontResults[7]).toMatchObject({ outcome: "committed", sha256: result.image.sha256 });
  });

  it("leaves the same from the same seed", async () => {
    const folder = mkdtempSync(join(tmpdir(), "cwmp-"));
    try {
      const outs = ["one", "two"].map((name) => join(folder, name));
      for (const out of outs) await runVirtual(scenario(), { out });
      const [one, two] = outs.map((out) => readFileSync(join(out, "journal.binpb")));
      expect(one.equals(two)).toBe(true);
    } finally {
      removeFolder(folder);
    }
  });

  it("sends deltas to those that run their base", () => {
    const image = { bytes: BYTES, deltas: [{ base: "PONCAST-1.0.0", changed: 0.02 }] };
    const { result, exitCode } = simulate(scenario({ image, fleet: [{ count: 6 }, { version: "PONCAST-0.9.0" }] }));
    expect([exitCode, result.onts.committed]).toEqual([0, 8]);
    expect(result.groups.map(({ payload, onts }) => [payload, onts])).toEqual([
      ["image", 2],
      ["delta PONCAST-1.0.0", 6],
    ]);
  });

  it("an image that hangs is rolled back; one that nobody trusts is not fetched", () => {
    const hangs = simulate(scenario({ ont: { boot: { kind: "hangs" } }, olt: { runSeconds: 3600 } }));
    expect([hangs.exitCode, hangs.result.onts.rolledBack]).toEqual([0, 8]);
    const strange = simulate(scenario({ image: { bytes: BYTES, fault: "wrongKey" }, fleet: [{ expect: "failed" }] }));
    expect(strange.exitCode).toBe(0);
    expect(strange.result.downstream.gemBytes).toBeLessThan(8 * 20_000);
  });

  it("says of whom the ACS has nothing for that they are left out", () => {
    const image = { bytes: BYTES, variants: [{ hardware: ["HW-1"] }, { hardware: ["HW-2"] }] };
    const fleet = [{ count: 2, hardware: "HW-9", expect: "skipped" }, {}];
    const { result, exitCode, reasons } = simulate(scenario({ image, fleet }));
    expect([exitCode, reasons, result.onts.committed]).toEqual([0, [], 6]);
    expect(result.ontResults[0].cause).toBe("the ACS has nothing for it");
  });

  it("goes on after power cuts and an ACS that was killed, with a block twice at most", () => {
    const faults = [
      { action: "killOlt", atSeconds: 6, offSeconds: 10 },
      { action: "powerCycle", whenPhase: "downloading", offSeconds: 2 },
    ];
    const image = { bytes: 4_000_000 };
    const { result, exitCode, reasons } = simulate(scenario({ faults, image, acs: { downloadBytesPerSecond: 1e6 } }));
    expect([exitCode, reasons]).toEqual([0, []]);
    const twice = result.downstream.gemBytes - 8 * result.image.bytes;
    expect(twice).toBeGreaterThan(0);
    // Two cuts, and 512 KiB each.
    expect(twice).toBeLessThanOrEqual(8 * 2 * 512 * 1024);
  });

  it("asks again for what failed for a reason that may pass", () => {
    const faults = [{ action: "pause", atSeconds: 6, offSeconds: 600 }];
    const acs = { informSeconds: 60, downloadBytesPerSecond: 1e6 };
    const { result, exitCode, reasons } = simulate(scenario({ faults, image: { bytes: 4_000_000 }, acs }));
    expect([exitCode, reasons, result.onts.committed]).toEqual([0, [], 8]);
    expect(result.timing.downloadSeconds).toBeGreaterThan(600);
    expect(result.timing.downloadSeconds).toBeLessThan(700);
    // Broken off, it begins anew: by then the transfer has ended with a fault.
    expect(result.downstream.gemBytes).toBeLessThanOrEqual(2 * 8 * result.image.bytes);
  });

  it("is not over before it has begun, where it is paused before", () => {
    const faults = [{ action: "pause", atSeconds: 0, offSeconds: 300 }];
    const { result, exitCode } = simulate(scenario({ faults }));
    expect([exitCode, result.onts.committed]).toEqual([0, 8]);
    expect(result.timing.totalSeconds).toBeGreaterThan(300);
  });

  it("aborts: who is at it leaves it, who is through stays committed", () => {
    const faults = [{ action: "abort", atSeconds: 30 }];
    const fleet = [{ count: 7, expect: "failed" }, { flashWriteBytesPerSecond: 20_000_000 }];
    const ont = { flashWriteBytesPerSecond: 5_000 };
    const { result } = simulate(scenario({ faults, fleet, ont, acs: { informSeconds: 5 } }));
    const ends = result.ontResults.map(({ outcome, cause }) => [outcome, cause]);
    expect(ends.slice(0, 7)).toEqual(Array(7).fill(["failed", "aborted by the operator"]));
    expect(ends[7][0]).toBe("committed");
    expect(result.verdict.reasons).toEqual(["aborted by the operator"]);
  });

  it("skips an ONT, and the others go on", () => {
    const faults = [{ action: "skip", atSeconds: 7, onts: [2] }];
    const fleet = [{ count: 2 }, { count: 1, expect: "skipped" }, {}];
    const { result, reasons } = simulate(scenario({ faults, fleet, acs: { downloadBytesPerSecond: 5_000 } }));
    expect([reasons, result.onts.committed]).toEqual([[], 7]);
    expect(result.ontResults[2].cause).toBe("skipped by the operator");
  });

  it("downloads and installs in the window", () => {
    const acs = { window: "02:00-05:00", informSeconds: 3600 };
    const { result, exitCode } = simulate(scenario({ acs, olt: { runSeconds: 20_000 } }));
    expect([exitCode, result.downstream.imageCopies]).toEqual([0, 8]);
    expect(result.timing.totalSeconds).toBeGreaterThan(7200);
    expect(result.timing.totalSeconds).toBeLessThan(7300);
  });

  it.each([
    [{ olt: { commit: false } }, /olt\.commit: false is for the road omci; over cwmp/],
    [
      { faults: [{ action: "rate", atSeconds: 1 }] },
      /over cwmp there are powerCycle, killOlt \(the ACS\), pause, abort and skip/,
    ],
  ])("refuses %j", (more, words) => {
    expect(() => scenario(more)).toThrow(ScenarioError);
    expect(() => scenario(more)).toThrow(words);
  });
});
