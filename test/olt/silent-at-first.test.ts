/** An ONT that misses the first questions costs the others at most one wait, and itself at most a later copy. */
import { describe, expect, it } from "vitest";
import { command, phases } from "./control-hands.ts";
import { makeFleet, oltConfig } from "../support/fleet.ts";

/** A multicast download of three ONTs; the second one does not hear the first so many frames. */
function copiesWithSilence(frames: number, skipsOther = false): number {
  const { limits } = oltConfig();
  let lost = 0;
  const fleet = makeFleet({
    onts: 3,
    imageBytes: 100_000,
    olt: { proactive: 0, limits: { ...limits, rangingPatienceNs: 60e9 } },
    link: { latencyNs: 1e6, loses: (direction, onuId) => direction === "down" && onuId === 1 && lost++ < frames },
  });
  if (skipsOther) {
    fleet.pon.run(() => phases(fleet)[1] === "waiting");
    command(fleet, { kind: "skip", onuId: 2 });
  }
  fleet.pon.run();
  const { counters, onts } = fleet.pon.olt.status();
  expect(onts.map(({ phase }) => phase)).toEqual(["committed", "committed", skipsOther ? "skipped" : "committed"]);
  return counters.sectionPayloadBytes / fleet.image.length;
}

describe("an ONT that is silent when it is asked what it is", () => {
  it("is asked once more before the others begin: one copy serves all", () => {
    expect(copiesWithSilence(20)).toBe(1);
    expect(copiesWithSilence(32)).toBe(1);
  });

  it("is waited for as well when an operator skips another meanwhile", () => {
    expect(copiesWithSilence(32, true)).toBe(1);
  });

  it("does not hold them up a second time, and gets a copy of its own later", () => {
    expect(copiesWithSilence(45)).toBe(2);
  });
});
