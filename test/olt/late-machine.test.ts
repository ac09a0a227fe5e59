/** Deadlines of the OLT core on a late machine, and the beginning while ONTs are still being started; the clock is the test's. */
import { describe, expect, it } from "vitest";
import { allowanceNs, areLateTogether } from "../../olt/core/late.ts";
import { countsAsSilent } from "../../olt/core/policy.ts";
import { makeFleet, oltConfig } from "../support/fleet.ts";

const MS = 1e6;
const S = 1e9;
const IMAGE_BYTES = 60_000;

/** Twelve ONTs; from 2.3 s on, in the middle of the download, eight of them have no processor for three seconds. */
function run(tellsLateness: boolean) {
  const fleet = makeFleet({
    ont: () => ({ placeAware: false }),
    onts: 12,
    imageBytes: IMAGE_BYTES,
    olt: { proactive: 0, windowSections: 16, rateBytesPerSecond: 100_000 },
    link: {
      latencyNs: MS,
      upNotBeforeNs: (onuId, nowNs) => (onuId >= 4 && nowNs > 2.3 * S && nowNs < 5.3 * S ? 5.3 * S : 0),
    },
  });
  const { pon } = fleet;
  // A driver sees it by its timers and by late signs of life.
  if (tellsLateness) pon.run(() => pon.nowNs > 2.2 * S);
  if (tellsLateness) pon.olt.handleLateness(pon.nowNs, 1.5 * S);
  pon.run();
  const { counters, onts } = pon.olt.status();
  expect(onts.every(({ phase }) => phase === "committed")).toBe(true);
  return {
    copies: counters.sectionPayloadBytes / fleet.image.length,
    left: onts.filter(({ leftGroup }) => leftGroup).length,
    polls: counters.polls,
  };
}

describe("ONTs that are late together", () => {
  it("leave the group where nothing tells that the machine is late: they look silent", () => {
    const { left, copies } = run(false);
    expect(left).toBe(8);
    expect(copies).toBeGreaterThan(2);
  });

  it("are waited for where the machine is late: nobody leaves and nobody is asked again", () => {
    expect(run(true)).toEqual({ left: 0, copies: 1, polls: 0 });
  });

  it("are more than losses explain", () => {
    expect(areLateTogether(3, 128, 0)).toBe(false);
    expect(areLateTogether(4, 128, 0)).toBe(true);
    expect(areLateTogether(5, 128, 0.01)).toBe(false);
    expect(areLateTogether(6, 128, 0.01)).toBe(true);
    expect(areLateTogether(40, 128, 0.1)).toBe(false);
  });
});

describe("silence on a late machine", () => {
  it("counts after four times the lateness more, a minute at most", () => {
    const limits = { sendsMax: 3, answerTimeoutNs: S };
    expect(allowanceNs(0)).toBe(0);
    expect(allowanceNs(100 * S)).toBe(60 * S);
    expect(countsAsSilent(3, 2 * S, limits)).toBe(true);
    expect(countsAsSilent(9, 3 * S, limits, allowanceNs(0.5 * S))).toBe(false);
    expect(countsAsSilent(9, 4 * S, limits, allowanceNs(0.5 * S))).toBe(true);
  });
});

describe("while ONTs are still being started", () => {
  const { limits } = oltConfig();
  const make = (expectedOnts: number) =>
    makeFleet({
      onts: 3,
      imageBytes: 20_000,
      olt: { expectedOnts, limits: { ...limits, rangingPatienceNs: 2 * S } },
      link: { latencyNs: MS },
    }).pon;

  it("the download does not begin, however long that takes; then at once", () => {
    const pon = make(3);
    pon.olt.handleFleet(0, "starting");
    expect(() => pon.run()).toThrow("not finished");
    expect(pon.olt.status().firstStartNs).toBe(-1);
    pon.nowNs = 300 * S;
    pon.olt.handleFleet(pon.nowNs, 3);
    pon.run();
    expect(pon.olt.status().firstStartNs).toBe(300 * S);
  });

  it("those that were given up are not waited for", () => {
    const pon = make(5);
    pon.olt.handleFleet(0, "starting");
    pon.run(() => pon.nowNs > S || pon.olt.nextTimeoutNs() === Infinity);
    pon.olt.handleFleet(pon.nowNs, 3);
    pon.run();
    expect(pon.olt.status().firstStartNs).toBeLessThan(2.1 * S);
  });

  it("those that are up and not ranged are waited for as long as any", () => {
    const pon = make(3);
    pon.olt.handleFleet(0, 4);
    pon.run();
    // They boot for two seconds.
    expect(pon.olt.status().firstStartNs).toBe(4 * S);
  });
});
