/** ONTs that an OLT before has left on trial: who gives the update up takes them back, however little they have told so far. */
import { describe, expect, it } from "vitest";
import { ms } from "../ont/bench.ts";
import { type Fleet, type FleetOptions, makeFleet, oltConfig } from "../support/fleet.ts";
import { command, expectOldImage, expectOldImages, pass, phases, until } from "./control-hands.ts";
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

describe("an ONT that failed on trial", () => {
  /** The second one's signal is lost while its new image runs, for so long that it counts as lost; the others soak on. */
  function withLost(): Fleet {
    const fleet = makeFleet({ imageBytes: 20_000, olt: { soakNs: 600_000 * ms, failureThreshold: 1 } });
    const { pon } = fleet;
    pon.run(() => phases(fleet)[3] === "soaking");
    pon.olt.handleLinkLost(pon.nowNs, 1);
    until(fleet, "failed");
    expect(outcomes(fleet)[1]).toBe("failed lost during activation");
    return fleet;
  }

  function comesBack({ pon }: Fleet): void {
    const [, ont] = pon.onts;
    ont.core.handleRanged(pon.nowNs, 1);
    pon.olt.handleRanged(pon.nowNs, 1, ont.serial);
  }

  it("is taken back when its signal returns behind an abort", () => {
    const fleet = withLost();
    command(fleet, { kind: "abort" });
    pass(fleet, ms);
    comesBack(fleet);
    fleet.pon.run();
    expect(outcomes(fleet)).toEqual(fleet.pon.onts.map(() => TAKEN_BACK));
    expectOldImages(fleet);
  });

  it("is taken back when its signal returns and it was skipped", () => {
    const fleet = withLost();
    command(fleet, { kind: "skip", onuId: 1 });
    comesBack(fleet);
    fleet.pon.run();
    expect(outcomes(fleet)).toEqual(["committed", "skipped skipped by the operator", "committed", "committed"]);
    expectOldImage(fleet, fleet.pon.onts[1]);
  });

  it("is taken back by an abort while its signal is there", () => {
    const { limits } = oltConfig();
    let isDeaf = true;
    const fleet = makeFleet({
      imageBytes: 20_000,
      olt: { soakNs: 50_000 * ms, failureThreshold: 1, limits: { ...limits, returnWaitNs: 3000 * ms }, wave: 2 },
      link: {
        // It no longer answers once it runs the new image.
        loses: (direction, onuId) => direction === "down" && onuId === 1 && isDeaf && fleet.pon.nowNs > deafFromNs,
      },
    });
    let deafFromNs = Infinity;
    until(fleet, "soaking");
    deafFromNs = fleet.pon.nowNs;
    until(fleet, "failed");
    isDeaf = false;
    command(fleet, { kind: "abort" });
    fleet.pon.run();
    expect(outcomes(fleet)[1]).toBe(TAKEN_BACK);
    expectOldImage(fleet, fleet.pon.onts[1]);
  });

  it("is asked once what runs there, however often it comes back", () => {
    const fleet = withLost();
    const { pon } = fleet;
    command(fleet, { kind: "skip", onuId: 1 });
    comesBack(fleet);
    pon.run(() => phases(fleet)[1] === "skipped");
    const sent = pon.downstream.length;
    comesBack(fleet);
    pass(fleet, 1000 * ms);
    expect(pon.downstream.slice(sent).filter(({ to }) => to === 1)).toEqual([]);
  });
});
