/** The end of a run: nobody is left behind who belongs to the port and may still come. */
import { describe, expect, it } from "vitest";
import { simulate } from "../../run/virtual/index.ts";
import { parseScenario } from "../../scenarios/index.ts";
import { ms } from "../ont/bench.ts";
import { makeFleet, oltConfig } from "../support/fleet.ts";
import { command } from "./control-hands.ts";
import { outcomes } from "./hands.ts";

const S = 1000 * ms;
const limits = { ...oltConfig().limits, arrivalWaitNs: 50 * S };

describe("the end of a run", () => {
  it("waits for ONTs of the port that never came, for a time", () => {
    const fleet = makeFleet({
      imageBytes: 20_000,
      olt: { knownOnts: 5, limits },
    });
    fleet.pon.run();
    expect(outcomes(fleet)).toEqual(fleet.pon.onts.map(() => "committed"));
    const { finishedNs, lastEndNs, firstActivateNs, lastCommitNs } = fleet.pon.olt.status();
    expect(lastEndNs).toBeLessThan(10 * S);
    expect(firstActivateNs).toBeGreaterThanOrEqual(lastEndNs);
    // Activation is over with the last Commit, however long the port waits for who may still come.
    expect(lastCommitNs).toBeGreaterThan(firstActivateNs);
    expect(lastCommitNs).toBeLessThan(10 * S);
    expect(finishedNs - 50 * S).toBeGreaterThan(0);
    expect(finishedNs - 50 * S).toBeLessThan(5 * S);
  });

  it("does not wait where all have been here", () => {
    const fleet = makeFleet({ imageBytes: 20_000, olt: { limits } });
    fleet.pon.run();
    expect(fleet.pon.olt.status().finishedNs).toBeLessThan(10 * S);
  });

  it("serves one that comes when all others have long been done", () => {
    const late = JSON.stringify({
      onts: 5,
      fleet: [{}, { count: 2, joinAtSeconds: 300, joinOverSeconds: 100 }],
      image: { bytes: 50_000 },
    });
    const { result } = simulate(parseScenario(late, "late.yaml"));
    expect(result.onts).toMatchObject({ total: 5, committed: 5 });
  });

  it("comes at once where an operator ends a run to which nobody has come", () => {
    const fleet = makeFleet({ onts: 0, olt: { expectedOnts: 3, knownOnts: 3 } });
    expect(command(fleet, { kind: "abort" })).toEqual({ accepted: true });
    fleet.pon.run();
    expect(fleet.pon.olt.status()).toMatchObject({ phase: "stopped", finishedNs: 0 });
  });
});
