/** How long answers are waited for: short where they come fast, longer once they come late, and never by a storm of repeats. */
import { describe, expect, it } from "vitest";
import { RoundClock } from "../../olt/core/answer-clock.ts";
import { askAgainNs, repeatWaitNs } from "../../olt/core/busy.ts";
import { latePauseNs } from "../../olt/core/late.ts";
import { ms } from "../ont/bench.ts";
import { makeFleet, oltConfig } from "../support/fleet.ts";
import { expectAllCommitted } from "./hands.ts";

const FLOOR_NS = 5 * ms;

/** A round that leaves at `atNs`, with answers so long after that. @returns how long is waited behind the last of them */
function pauseAfter(clock: RoundClock, atNs: number, ...answers: number[]): number {
  clock.begin();
  clock.sent(atNs, true);
  let untilNs = 0;
  for (const afterNs of answers) untilNs = clock.answered(atNs + afterNs);
  return untilNs - atNs - answers.at(-1)!;
}

describe("the pause that ends a round of a group", () => {
  const makeClock = () => new RoundClock(FLOOR_NS, 1000 * ms, 200 * ms);

  it("is the least where answers come fast", () => {
    expect(pauseAfter(makeClock(), 0, 0.5 * ms, 0.75 * ms, ms)).toBe(FLOOR_NS);
  });

  it("is as long as the answers took, up to 20 ms", () => {
    expect(pauseAfter(makeClock(), 0, 12 * ms)).toBe(12 * ms);
    expect(pauseAfter(makeClock(), 0, 60 * ms)).toBe(20 * ms);
  });

  it("is twice the longest pause between them", () => {
    expect(pauseAfter(makeClock(), 0, ms, 41 * ms, 42 * ms)).toBe(80 * ms);
  });

  it("is at least as long as a late answer took, and forgets that when answers are fast again", () => {
    const clock = makeClock();
    pauseAfter(clock, 0, ms, 41 * ms);
    const next = pauseAfter(clock, 1000 * ms, ms, 1.5 * ms);
    expect(next).toBeGreaterThan(40 * ms);
    for (let round = 2; round < 40; round++) pauseAfter(clock, round * 1000 * ms, ms, 1.5 * ms);
    expect(pauseAfter(clock, 50_000 * ms, ms, 1.5 * ms)).toBe(FLOOR_NS);
  });

  it("learns nothing of answers that came before the last section had left, nor of those to repeats", () => {
    const clock = makeClock();
    pauseAfter(clock, 0, ms);
    clock.begin();
    clock.answered(900 * ms);
    clock.sent(901 * ms, false);
    clock.answered(902 * ms);
    clock.repeated(910 * ms, 0);
    clock.answered(990 * ms);
    expect(pauseAfter(clock, 1000 * ms, ms, 1.5 * ms)).toBe(FLOOR_NS);
  });
});

describe("ONTs whose answers come late", () => {
  const LATE_NS = 40 * ms;

  function run(lateNs: (onuId: number) => number, latenessNs = 0) {
    const fleet = makeFleet({
      onts: 12,
      imageBytes: 96_000,
      ont: () => ({ placeAware: false }),
      olt: { limits: { ...oltConfig().limits, answerTimeoutMinNs: FLOOR_NS } },
      link: {
        latencyNs: 0.2 * ms,
        upNotBeforeNs: (onuId, nowNs) => (lateNs(onuId) > 0 ? nowNs + lateNs(onuId) : 0),
      },
    });
    if (latenessNs > 0) fleet.pon.olt.handleLateness(0, latenessNs);
    fleet.pon.run();
    expectAllCommitted(fleet);
    const { counters, onts } = fleet.pon.olt.status();
    expect(onts.filter(({ leftGroup }) => leftGroup)).toEqual([]);
    expect(counters.repairSections).toBe(0);
    return counters;
  }

  it("are asked once or twice, and waited for from then on", () => {
    const { polls, windows } = run((onuId) => (onuId >= 8 ? LATE_NS : 0));
    expect(windows).toBeGreaterThan(25);
    expect(polls).toBeGreaterThan(0);
    expect(polls).toBeLessThan(3 * 4);
  });

  it("are not asked at all for what the machine itself is late by", () => {
    expect(run((onuId) => (onuId >= 10 ? 12 * ms : 0)).polls).toBeGreaterThan(0);
    expect(run((onuId) => (onuId >= 10 ? 12 * ms : 0), 18 * ms).polls).toBe(0);
  });

  it("lateness lengthens the wait for a single answer by 20 ms at most", () => {
    expect([0, 3, 300].map((lateMs) => latePauseNs(lateMs * ms) / ms)).toEqual([0, 3, 20]);
  });
});

describe("requests that an ONT may let wait", () => {
  const pause = { busyPollNs: 200 * ms };

  it.each([
    // asked, answered, asked again
    [0, 1, 200],
    [0, 199, 200],
    [0, 251, 251],
    [5000, 5250, 5250],
  ])("asked at %i ms and answered busy at %i: asked again at %i", (asked, answered, again) => {
    expect(askAgainNs(asked * ms, answered * ms, pause)).toBe(again * ms);
  });

  it.each([
    // deadline, sends before, since the first of them; wait
    [5, 0, 0, 5],
    [5, 2, 0, 20],
    [5, 6, 0, 50],
    [5, 0, 250, 50],
    [5, 6, 800, 100],
    [5, 0, 60_000, 200],
    [5, 6, 60_000, 200],
    [40, 1, 0, 80],
    [40, 6, 0, 160],
    [3000, 1, 0, 6000],
    [3000, 6, 60_000, 12_000],
  ])("deadline %i ms, %i sends, asked for %i ms: repeated after %i", (deadline, sends, elapsed, wait) => {
    expect(repeatWaitNs(deadline * ms, deadline * 2 ** sends * ms, elapsed * ms, pause)).toBe(wait * ms);
  });
});
