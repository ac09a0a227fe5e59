/** ONTs that an OLT before has left on trial: who gives the update up takes them back, however little they have told so far. */
import { describe, expect, it } from "vitest";
import { ms } from "../ont/bench.ts";
import { type Fleet, type FleetOptions, makeFleet } from "../support/fleet.ts";
import { command, expectOldImages, pass, phases, until } from "./control-hands.ts";
import { outcomes } from "./hands.ts";

/** Two ONTs on trial go over to a new OLT. */
function onTrial(options: FleetOptions): Fleet {
  const before = makeFleet({ onts: 2, olt: { commit: false } });
  before.pon.run();
  expect(outcomes(before)).toEqual(["trial", "trial"]);
  const fleet = makeFleet({ onts: 2, ...options });
  before.pon.onts.forEach((ont, index) => {
    fleet.pon.onts[index] = ont;
    ont.core.handleRanged(0, index);
    fleet.pon.olt.handleRanged(0, index, ont.serial);
  });
  return fleet;
}

const TAKEN_BACK = "rolledBack aborted by the operator";

describe("abort, with ONTs on trial for an OLT before", () => {
  it("takes back one that has told half of what it has", () => {
    let answers = 0;
    const isLost = (): boolean => ++answers > 3 && fleet.pon.nowNs < 9000 * ms;
    const fleet = onTrial({
      link: { loses: (direction, onuId) => direction === "up" && onuId === 0 && isLost() },
    });
    until(fleet, "waiting");
    expect(outcomes(fleet)[0]).toBe("waiting no answer");
    command(fleet, { kind: "abort" });
    fleet.pon.run();
    expect(outcomes(fleet)).toEqual([TAKEN_BACK, TAKEN_BACK]);
    expectOldImages(fleet);
  });

  it("takes back one whose signal was lost, and comes again: that ends no trial", () => {
    const fleet = onTrial({ olt: { expectedOnts: 3, knownOnts: 3 } });
    fleet.pon.run(() => phases(fleet).every((phase) => phase === "stored"));
    const { pon } = fleet;
    const [ont] = pon.onts;
    pon.olt.handleLinkLost(pon.nowNs, 0);
    command(fleet, { kind: "abort" });
    pass(fleet, 500 * ms);
    ont.core.handleRanged(pon.nowNs, 0);
    pon.olt.handleRanged(pon.nowNs, 0, ont.serial);
    pon.run();
    expect(outcomes(fleet)).toEqual([TAKEN_BACK, TAKEN_BACK]);
    expectOldImages(fleet);
  });
});
