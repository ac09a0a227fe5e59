/** ONTs that take windows in any order: they join in the middle, go on behind a power cut, and behind another OLT. */
import { describe, expect, it } from "vitest";
import { decodeMessage, maskOf, RECOVERY } from "../../omci/index.ts";
import { Course, unionOf } from "../../olt/core/course.ts";
import { areCheaperAlone } from "../../olt/core/policy.ts";
import { createStream } from "../../pon/random.ts";
import { ms } from "../ont/bench.ts";
import { type Fleet, makeFleet } from "../support/fleet.ts";
import { command, kindsOf } from "./control-hands.ts";
import { copies, expectAllCommitted, passes } from "./hands.ts";

const BOOT_NS = 100 * ms;
const timing = (bootNs: number) => ({ restartDelayNs: 10 * ms, bootNs, watchdogNs: 9000 * ms });
/** So many windows of 32 sections of 100 bytes has the image of 60,000. */
const IMAGE_WINDOWS = 60_000 / 3200;
/** Windows of 992 bytes at a pace at which the image takes two seconds. */
const slow = { windowSections: 32, rateBytesPerSecond: 50_000, soakNs: 4000 * ms, expectedOnts: 4 };

function withLate(lateNs: readonly number[], change: Parameters<typeof makeFleet>[0] = {}): Fleet {
  const fleet = makeFleet({
    onts: 4 + lateNs.length,
    imageBytes: 60_000,
    ont: (index) => ({ timing: timing(BOOT_NS + (index < 4 ? 0 : lateNs[index - 4])) }),
    ...change,
    olt: { ...slow, ...change.olt },
  });
  fleet.pon.run();
  return fleet;
}

describe("ONTs that are late", () => {
  it("join in the middle, and are sent once, together, what went before", () => {
    const fleet = withLate([600, 610, 640].map((at) => at * ms));
    expectAllCommitted(fleet);
    expect(passes(fleet)).toEqual(["first 7", "catchUp 3"]);
    expect(copies(fleet)).toBeGreaterThan(1.2);
    expect(copies(fleet)).toBeLessThan(1.6);
    expect(fleet.pon.olt.status().onts.some(({ leftGroup }) => leftGroup)).toBe(false);
  });

  it("get alone only what they lack", () => {
    const fleet = withLate([600 * ms]);
    expectAllCommitted(fleet);
    expect(passes(fleet)).toEqual(["first 5", "alone 1"]);
    expect(copies(fleet)).toBeLessThan(1.6);
  });

  it("are sent together what two of them lack, where that is less than once to each", () => {
    const fleet = withLate([600, 610].map((at) => at * ms));
    expectAllCommitted(fleet);
    expect(passes(fleet)).toEqual(["first 6", "catchUp 2"]);
  });

  it("do not join where they grant less than the group's window", () => {
    const fleet = withLate([600 * ms], {
      ont: (index) =>
        index < 4
          ? { timing: timing(BOOT_NS) }
          : { timing: timing(BOOT_NS + 600 * ms), maxWindowSections: slow.windowSections - 1 },
    });
    expectAllCommitted(fleet);
    expect(passes(fleet)).toEqual(["first 4", "alone 1"]);
  });

  it("are told their place at three windows, and wait for the next group where they never hear of it", () => {
    let lost = 0;
    const isPlace = (pdu: Uint8Array): boolean => {
      const decoded = decodeMessage(pdu);
      const { message } = decoded.ok ? decoded : { message: undefined };
      return message?.type === "setRequest" && message.attributeMask === maskOf(RECOVERY, "place");
    };
    const loses = (direction: string, onuId: number, pdu: Uint8Array): boolean =>
      direction === "down" && onuId === 4 && isPlace(pdu) && ++lost > 0;
    const fleet = withLate([600 * ms], { link: { loses } });
    expectAllCommitted(fleet);
    expect(lost).toBe(3);
    expect(passes(fleet)).toEqual(["first 4", "alone 1"]);
  });

  it("get what they lack without padding, which would lie over what they hold", () => {
    const olt = { messageSet: "baseline", sectionBytes: 31, windowSections: 240, padLastWindow: true } as const;
    const fleet = withLate([300 * ms], { imageBytes: 300_000, olt: { ...olt, rateBytesPerSecond: 250_000 } });
    expectAllCommitted(fleet);
    expect(passes(fleet)).toEqual(["first 5", "alone 1"]);
  });

  it("join one after the other: what all of them lack is sent once", () => {
    const fleet = withLate([200, 500, 800, 1000].map((at) => at * ms));
    expectAllCommitted(fleet);
    expect(passes(fleet)[0]).toBe("first 8");
    expect(copies(fleet)).toBeLessThan(2);
  });

  it("wait for the next group where they take windows in order only", () => {
    const fleet = withLate(
      [600, 610].map((at) => at * ms),
      {
        ont: (index) => ({ placeAware: false, timing: timing(BOOT_NS + (index < 4 ? 0 : 600 * ms)) }),
      },
    );
    expectAllCommitted(fleet);
    expect(passes(fleet)).toEqual(["first 4", "catchUp 2"]);
    expect(copies(fleet)).toBe(2);
  });

  it("are kept in their download by a pause between their Start and their first window", () => {
    const fleet = makeFleet({
      onts: 5,
      imageBytes: 60_000,
      ont: (index) => ({ timing: timing(BOOT_NS + (index < 4 ? 0 : 600 * ms)) }),
      olt: slow,
    });
    const { pon } = fleet;
    const sentTo = (onuId: number): string[] => kindsOf(pon.downstream.filter(({ to }) => to === onuId));
    pon.run(() => sentTo(4).includes("startDownloadRequest"));
    command(fleet, { kind: "pause" });
    const before = sentTo(4).length;
    const atNs = pon.nowNs;
    pon.run(() => pon.nowNs >= atNs + 35e9);
    expect(new Set(sentTo(4).slice(before))).toEqual(new Set(["getRequest"]));
    command(fleet, { kind: "resume" });
    pon.run();
    expectAllCommitted(fleet);
    expect(passes(fleet)[0]).toBe("first 5");
  });

  it("join where two windows at least are left, and wait for the next pass where fewer are", () => {
    const seen = new Map<number, boolean>();
    for (let at = 1200; at < 1450; at += 50) {
      const fleet = withLate([at * ms]);
      const { oltEvents } = fleet.pon;
      const known = oltEvents.findIndex((event) => event.type === "phase" && event.onuId === 4);
      const done = oltEvents.slice(0, known).filter(({ type }) => type === "windowDone").length;
      seen.set(IMAGE_WINDOWS - done, passes(fleet)[0] === "first 5");
    }
    // One window, of which the ONT can be told nothing any more, is under way.
    expect([...seen].filter(([left, joined]) => joined !== left >= 2)).toEqual([]);
    expect([...seen.keys()].filter((left) => left > 1 && left < 3)).toHaveLength(2);
  });

  it("join on a lossy fibre too", () => {
    for (let seed = 1; seed <= 10; seed++) {
      const stream = createStream(seed, "join");
      const fleet = withLate(
        [400, 800].map((at) => at * ms),
        { link: { loses: () => stream.nextFloat() < 0.05 } },
      );
      expectAllCommitted(fleet);
    }
  });
});

describe("ONTs that are cut off in a download", () => {
  /** @param change what becomes of the flash of the one that is cut off while it is down */
  function withCut(change: (slot: Uint8Array) => void = () => undefined): Fleet {
    const fleet = makeFleet({
      onts: 4,
      imageBytes: 300_000,
      ont: () => ({ timing: timing(BOOT_NS) }),
      olt: { ...slow, rateBytesPerSecond: 250_000 },
    });
    const { pon } = fleet;
    const [, , cut] = pon.onts;
    pon.run(() => pon.olt.status().bytesDone > 200_000);
    const { activeSlot } = cut.core.snapshot();
    pon.powerOff(cut);
    change(cut.slots[1 - activeSlot]);
    const cutNs = pon.nowNs;
    pon.run(() => pon.nowNs > cutNs + 50 * ms);
    pon.powerOn(cut);
    pon.run();
    return fleet;
  }

  it("go on with what their flash has", () => {
    const fleet = withCut();
    expectAllCommitted(fleet);
    // 64 KiB are recorded at a time: of what it had it lacks less than that, and what went by while it was down.
    expect(copies(fleet)).toBeGreaterThan(1);
    expect(copies(fleet)).toBeLessThan(1.5);
  });

  it("get all of it once more where what their flash had is not the image", () => {
    const fleet = withCut((slot) => (slot[10] ^= 1));
    expectAllCommitted(fleet);
    expect(copies(fleet)).toBeGreaterThan(2);
  });
});

describe("the course of a group", () => {
  it("is what at least one lacks; what lies close together is one stretch", () => {
    const union = unionOf([
      [{ from: 0, to: 10 }],
      [{ from: 5, to: 20 }],
      [{ from: 500, to: 600 }],
      [{ from: 620, to: 700 }],
    ]);
    expect(union).toEqual([
      { from: 0, to: 20 },
      { from: 500, to: 700 },
    ]);
  });

  it("goes from stretch to stretch", () => {
    const course = new Course([
      { from: 0, to: 10 },
      { from: 500, to: 510 },
    ]);
    expect([course.section, course.room, course.left]).toEqual([0, 10, 20]);
    course.advance(10);
    expect([course.section, course.room, course.left]).toEqual([500, 10, 10]);
    course.advance(10);
    expect([course.isOver, course.room, course.left]).toEqual([true, 0, 0]);
  });

  it("makes a pass for two cheap who lack the same", () => {
    const half = { left: 0.5, loss: 0 };
    expect(areCheaperAlone({ recovery: "parity" }, [half, half], 1)).toBe(true);
    expect(areCheaperAlone({ recovery: "parity" }, [half, half], 0.5)).toBe(false);
  });
});
