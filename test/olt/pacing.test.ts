/** The OMCC budget and the answers' clock keep within their bounds. */
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { AnswerClock } from "../../olt/core/answer-clock.ts";
import { Pacer } from "../../olt/core/pacer.ts";
import { BUDGET_BURST_NS } from "../../olt/core/policy.ts";
import { decodeMessage } from "../../omci/index.ts";
import { ms } from "../ont/bench.ts";
import { makeFleet } from "../support/fleet.ts";

describe("the budget", () => {
  it("is kept over any stretch of time, to one frame and one bucket", () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1000, max: 100_000_000 }),
        fc.array(fc.integer({ min: 10, max: 2000 }), { minLength: 5, maxLength: 60 }),
        (rate, frames) => {
          const pacer = new Pacer(rate);
          let nowNs = 0;
          let sent = 0;
          for (const bytes of frames) {
            while (pacer.allowance(nowNs) <= 0) nowNs = pacer.readyNs(nowNs);
            pacer.spend(bytes);
            sent += bytes;
            const bucket = (rate * BUDGET_BURST_NS) / 1e9;
            expect(sent - bytes).toBeLessThanOrEqual((rate * nowNs) / 1e9 + bucket + 1);
          }
        },
      ),
    );
  });

  it("sets the time of a whole distribution", () => {
    const rate = 50_000;
    const { pon } = makeFleet({ imageBytes: 100_000, olt: { rateBytesPerSecond: rate } });
    pon.run();
    const { firstStartNs, lastWindowAnsweredNs, counters } = pon.olt.status();
    const gemBytes = counters.sections * (100 + 11 + 9);
    const seconds = (lastWindowAnsweredNs - firstStartNs) / 1e9;
    expect(seconds).toBeGreaterThan(gemBytes / rate - 0.1);
    expect(seconds).toBeLessThan((gemBytes / rate) * 1.1 + 0.2);
  });
});

describe("the answers' clock", () => {
  it("follows the answers between its bounds", () => {
    const clock = new AnswerClock(2e6, 1000e6, 200e6);
    expect(clock.deadlineNs()).toBe(200e6);
    for (let index = 0; index < 50; index++) clock.sample(5e6);
    expect(clock.deadlineNs()).toBeLessThan(6e6);
    expect(clock.deadlineNs(2)).toBeCloseTo(4 * clock.deadlineNs(), -1);
    expect(clock.deadlineNs(40)).toBeLessThanOrEqual(1000e6);
    for (let index = 0; index < 50; index++) clock.sample(0);
    expect(clock.deadlineNs()).toBe(2e6);
  });
});

describe("an answer to a request that was sent twice", () => {
  /** How long the second request waits for its answer, when so many sends of the first were lost before one was answered. */
  const secondDeadlineNs = (lost: number): number => {
    const sentNs: number[] = [];
    const tcis = new Set<number>();
    const fleet = makeFleet({
      onts: 1,
      link: {
        latencyNs: ms,
        loses: (direction, _onuId, pdu) => {
          const read = decodeMessage(pdu);
          if (direction !== "down" || !read.ok) return false;
          tcis.add(read.message.tci);
          if (tcis.size > 1) sentNs.push(fleet.pon.nowNs);
          else if (lost > 0) return lost-- > 0;
          return tcis.size > 1;
        },
      },
    });
    fleet.pon.run(() => sentNs.length > 1);
    return sentNs[1]! - sentNs[0]!;
  };

  it("tells nothing of how long answers take, as nobody knows which send it is to (Karn's rule)", () => {
    const knownNs = secondDeadlineNs(0);
    const unknownNs = secondDeadlineNs(1);
    // One answer after 2 ms, at once: the deadline follows it. After a repeat: it is what it is where nothing is known.
    expect(knownNs).toBeLessThan(10 * ms);
    expect(unknownNs).toBe(200 * ms);
  });
});
