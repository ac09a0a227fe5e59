/** Few of many that have not got a window: they are served and asked by themselves, soon, and the others are left in peace. */
import { describe, expect, it } from "vitest";
import { areLostRather, isRepairedAlone } from "../../olt/core/few.ts";
import { BROADCAST } from "../../pon/types.ts";
import { ms } from "../ont/bench.ts";
import { makeFleet, oltConfig } from "../support/fleet.ts";
import { expectAllCommitted } from "./hands.ts";

const isSection = (pdu: Uint8Array): boolean => (pdu[2] & 0x1f) === 20;

/** What is lost: each counts from 1, sections to one ONT, or its answers to them. */
interface Loss {
  direction: "down" | "up";
  onuId: number;
  nth: number;
}

/** A fleet that loses just that, and what became of it. */
function run(onts: number, losses: readonly Loss[], messageSet: "baseline" | "extended" = "extended") {
  const counts = new Map<string, number>();
  const fleet = makeFleet({
    onts,
    imageBytes: 9000,
    ont: () => ({ placeAware: false }),
    olt: { proactive: 0, messageSet, ...(messageSet === "baseline" && { sectionBytes: 31 }) },
    link: {
      latencyNs: ms,
      loses: (direction, onuId, pdu) => {
        if (!isSection(pdu)) return false;
        const whose = `${direction} ${onuId}`;
        const nth = (counts.get(whose) ?? 0) + 1;
        counts.set(whose, nth);
        return losses.some((loss) => loss.direction === direction && loss.onuId === onuId && loss.nth === nth);
      },
    },
  });
  fleet.pon.run();
  expectAllCommitted(fleet);
  const { oltEvents, olt } = fleet.pon;
  const repairs = oltEvents.flatMap((event) =>
    event.type === "repair" ? [`${event.sections}+${event.paritySections} to ${event.onuId}`] : [],
  );
  const windows = oltEvents.filter(({ type }) => type === "windowSent").length;
  const extra = Array.from({ length: onts }, (_, onuId) => (counts.get(`up ${onuId}`) ?? 0) - windows);
  return { repairs, extra, polls: olt.status().counters.polls };
}

const none = (onts: number): number[] => Array.from({ length: onts }, () => 0);

describe("one of many that lacks sections", () => {
  it("gets parity on its own OMCC, and nobody else answers once more", () => {
    const { repairs, extra } = run(16, [
      { direction: "down", onuId: 3, nth: 6 },
      { direction: "down", onuId: 3, nth: 9 },
    ]);
    expect(repairs).toEqual(["0+2 to 3"]);
    expect(extra).toEqual(none(16).with(3, 1));
  });

  it("gets more with all where that is lost, or not taken there", () => {
    const { repairs } = run(16, [
      { direction: "down", onuId: 3, nth: 6 },
      { direction: "down", onuId: 3, nth: 33 },
    ]);
    expect(repairs).toEqual(["0+1 to 3", `0+1 to ${BROADCAST}`]);
  });

  it("is asked where its answer is lost, and then gets what it lacks, and no more", () => {
    const lost = Array.from({ length: 10 }, (_, at) => ({ direction: "down" as const, onuId: 3, nth: at + 2 }));
    // The last of its ten parity sections, which asks for an answer.
    const { repairs } = run(16, [...lost, { direction: "down", onuId: 3, nth: 42 }]);
    expect(repairs).toEqual(["0+10 to 3", `0+1 to ${BROADCAST}`]);
  });

  it("shares it with all where they are few: then it costs no more to send it to all", () => {
    const { repairs, extra } = run(4, [{ direction: "down", onuId: 3, nth: 6 }]);
    expect(repairs).toEqual([`0+1 to ${BROADCAST}`]);
    expect(extra).toEqual([1, 1, 1, 1]);
  });

  it("shares it with another that lacks some as well", () => {
    const { repairs } = run(24, [
      { direction: "down", onuId: 3, nth: 6 },
      { direction: "down", onuId: 4, nth: 7 },
    ]);
    expect(repairs).toEqual([`0+1 to ${BROADCAST}`]);
  });
});

describe("one of many whose answer was lost", () => {
  it("is asked while another gets parity: none of it goes to all", () => {
    const { repairs, extra, polls } = run(16, [
      { direction: "down", onuId: 3, nth: 6 },
      { direction: "up", onuId: 5, nth: 1 },
    ]);
    expect(repairs).toEqual(["0+1 to 3"]);
    expect(polls).toBe(1);
    expect(extra).toEqual(none(16).with(3, 1));
  });

  it("is not asked in baseline, where that takes two questions: parity goes to all", () => {
    const losses: Loss[] = [
      { direction: "down", onuId: 3, nth: 6 },
      { direction: "up", onuId: 5, nth: 1 },
    ];
    const { repairs, polls } = run(16, losses, "baseline");
    expect(repairs).toEqual([`0+1 to ${BROADCAST}`]);
    expect(polls).toBe(0);
    expect(run(16, losses.slice(0, 1), "baseline").repairs).toEqual(["0+1 to 3"]);
  });

  it("gets parity itself, where it was the section that asks", () => {
    const { repairs } = run(16, [
      { direction: "down", onuId: 3, nth: 6 },
      { direction: "down", onuId: 5, nth: 32 },
    ]);
    expect(repairs).toEqual(["0+1 to 3", "0+1 to 5"]);
  });

  /** All lose a section of each window, and parity makes up for it, or none; answers come within 38 ms, but for one. */
  function windowNs(losesSections: boolean): number {
    const heard = new Map<number, number>();
    const { pon } = makeFleet({
      onts: 64,
      imageBytes: 50_000,
      ont: () => ({ placeAware: false }),
      olt: { proactive: 1, limits: { ...oltConfig().limits, answerTimeoutMinNs: 3 * ms } },
      link: {
        latencyNs: ms,
        upNotBeforeNs: (onuId, nowNs) => nowNs + onuId * 0.6 * ms,
        loses: (direction, onuId, pdu) => {
          if (!isSection(pdu)) return false;
          if (direction === "up") return onuId === 7;
          const nth = (heard.get(onuId) ?? 0) + 1;
          heard.set(onuId, nth);
          return losesSections && nth % 33 === 5;
        },
      },
    });
    const runToWindow = (count: number): number => {
      pon.run(() => pon.oltEvents.filter(({ type }) => type === "windowSent").length >= count);
      return pon.nowNs;
    };
    const beganNs = runToWindow(9);
    return runToWindow(10) - beganNs;
  }

  it("is asked after the least wait where losses explain it, and after a pause where they do not", () => {
    const answersNs = (1 + 63 * 0.6 + 1) * ms;
    expect(windowNs(true)).toBeLessThan(answersNs + 15 * ms);
    expect(windowNs(false)).toBeGreaterThan(answersNs + 20 * ms);
  });
});

describe("few", () => {
  it("are an eighth of all at most", () => {
    expect(isRepairedAlone(2, 16)).toBe(true);
    expect(isRepairedAlone(3, 16)).toBe(false);
    expect(isRepairedAlone(1, 7)).toBe(false);
  });

  it("are lost where losses explain so many silent ones", () => {
    expect(areLostRather(1, 128, 0)).toBe(false);
    expect(areLostRather(5, 128, 0.01)).toBe(true);
    expect(areLostRather(6, 128, 0.01)).toBe(false);
    expect(areLostRather(16, 128, 0.3)).toBe(true);
    expect(areLostRather(17, 128, 0.3)).toBe(false);
  });
});
