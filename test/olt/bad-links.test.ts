/** ONTs that answer seldom: known by that, asked more often, and nobody else's burden. */
import { describe, expect, it } from "vitest";
import { AnswerShare } from "../../olt/core/answer-share.ts";
import { quirkProfiles } from "../../ont/index.ts";
import { createStream } from "../../pon/random.ts";
import { ms } from "../ont/bench.ts";
import { type Fleet, makeFleet } from "../support/fleet.ts";
import { kindsOf } from "./control-hands.ts";
import { copies, expectAllCommitted, passes } from "./hands.ts";

/** @param sends for each answer, the first one for its first */
function shareOf(...sends: number[]): AnswerShare {
  const share = new AnswerShare();
  for (const count of sends) {
    for (let send = 0; send < count; send++) share.sent();
    share.answered();
  }
  return share;
}

describe("the share of sends that an ONT answers", () => {
  it("has six answers to its credit: bad luck with the first ones tells nothing", () => {
    expect(shareOf(1, 2, 3, 4).poorLoss).toBe(0);
    expect(shareOf(1, 9, 9, 9).poorLoss).toBeCloseTo(1 - Math.sqrt(10 / 34));
  });

  it("tells nothing by what was sent before the first answer, and after the last", () => {
    expect(shareOf(50, 1, 1, 1).poorLoss).toBe(0);
    const gone = shareOf(1, 1, 1, 1);
    for (let send = 0; send < 50; send++) gone.sent();
    expect([gone.poorLoss, gone.sendsMax(5)]).toEqual([0, 5]);
  });

  it("counts no silence in which the ONT was off", () => {
    const share = shareOf(1, 1, 1, 1);
    for (let send = 0; send < 50; send++) share.sent();
    share.forgive();
    share.sent();
    share.answered();
    expect(share.poorLoss).toBe(0);
  });

  it("makes neither sends nor waits of a fair link longer", () => {
    const fair = shareOf(1, 1, 2, 1, 2, 1, 1);
    expect([fair.sendsMax(5), fair.unexplained(3)]).toEqual([5, 3]);
  });

  it("gives a bad link so many sends that one in a hundred times they are all lost, 64 at most", () => {
    const bad = shareOf(...Array.from({ length: 20 }, () => 5));
    const unanswered = 1 - 26 / 102;
    expect(bad.sendsMax(5)).toBe(Math.ceil(Math.log(0.01) / Math.log(unanswered)));
    expect(bad.unexplained(10)).toBe(0);
    expect(bad.unexplained(20)).toBe(20 - Math.ceil(Math.log(0.05) / Math.log(unanswered)));
    expect(shareOf(1, 999, 999, 999).sendsMax(5)).toBe(64);
  });

  it("counts late answers to repeats: an ONT that is only slow loses nothing", () => {
    const slow = new AnswerShare();
    for (let question = 0; question < 20; question++) {
      for (let send = 0; send < 5; send++) slow.sent();
      slow.answered();
      for (let send = 1; send < 5; send++) slow.answeredAgain();
    }
    expect([slow.poorLoss, slow.unexplained(3)]).toEqual([0, 3]);
    const fleet = makeFleet({ onts: 12, ont: (index) => (index === 3 ? { quirks: quirkProfiles.slow } : {}) });
    fleet.pon.run();
    expectAllCommitted(fleet);
    // Some 200, as their waits grow; four times that where the slow one is taken for one with a bad link.
    expect(fleet.pon.olt.status().counters.retries).toBeLessThan(400);
  });

  it("forgets, in time", () => {
    const better = shareOf(...Array.from({ length: 10 }, () => 9), ...Array.from({ length: 300 }, () => 1));
    expect(better.poorLoss).toBe(0);
  });
});

describe("ONTs that lose 60 % both ways", () => {
  function runWithBad(bad: number, seed: number): Fleet {
    const stream = createStream(seed, "bad links");
    const fleet = makeFleet({
      onts: 12,
      imageBytes: 100_000,
      olt: { windowSections: 128 },
      link: { latencyNs: ms, loses: (_direction, onuId) => onuId < bad && stream.nextFloat() < 0.6 },
    });
    fleet.pon.run();
    expectAllCommitted(fleet);
    return fleet;
  }

  it("share one pass among themselves, and are no one's burden", () => {
    const seeds = [1, 2, 3, 4, 5];
    const three = seeds.map((seed) => runWithBad(3, seed));
    for (const fleet of three) expect(passes(fleet).slice(0, 2)).toEqual(["first 9", "catchUp 3"]);
    const mean = (fleets: Fleet[]) => fleets.reduce((sum, fleet) => sum + copies(fleet), 0) / fleets.length;
    expect(mean(three)).toBeLessThan(1.3 * mean(seeds.map((seed) => runWithBad(1, seed))));
  });

  it("are not asked again what they have answered", () => {
    const fleet = runWithBad(1, 2);
    const toIt = fleet.pon.downstream.filter(({ to }) => to === 0);
    const before = toIt.slice(0, kindsOf(toIt).indexOf("startDownloadRequest"));
    // Each repeat has the bytes of the question: a question that is asked anew has another TCI.
    const questions = new Set(before.map(({ pdu }) => Buffer.from(pdu.subarray(2)).toString("hex")));
    const asked = new Set(before.map(({ pdu }) => Buffer.from(pdu).toString("hex")));
    expect(questions.size).toBeGreaterThanOrEqual(6);
    expect(asked.size).toBeLessThan(2 * questions.size);
  });
});
