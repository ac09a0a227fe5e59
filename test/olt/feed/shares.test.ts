/** Who gets how much of a feed: all of it where it is needed, never more than there is, whoever is cut off. */
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { FEED_ASK_MS, FEED_LOST_NS, FeedShare, FeedShares } from "../../../olt/feed/index.ts";

const FEED = 1_000_000;
const ASK_NS = FEED_ASK_MS * 1e6;

/** OLTs that ask in turn, each over a line that may be cut. */
class Headend {
  shares: FeedShares;
  readonly olts: FeedShare[];
  nowNs = 0;

  constructor(ports: number) {
    this.shares = new FeedShares(FEED, ports);
    this.olts = Array.from({ length: ports }, () => new FeedShare(0, FEED, ports));
  }

  /** Each that is not cut off asks once. @param busy who has more to send than it may */
  round(busy: readonly boolean[], isCut: readonly boolean[] = []): void {
    for (const [port, olt] of this.olts.entries()) {
      this.nowNs += ASK_NS / this.olts.length;
      olt.look(this.nowNs);
      this.#look();
      if (isCut[port]) continue;
      const isHeldBack = busy[port];
      const usedBytesPerSecond = isHeldBack ? olt.bytesPerSecond : 0;
      const ask = { usedBytesPerSecond, isHeldBack, rateBytesPerSecond: olt.bytesPerSecond };
      olt.handleGrant(this.nowNs, this.shares.handleAsk(this.nowNs, port, ask));
      this.#look();
    }
  }

  get rates(): number[] {
    return this.olts.map(({ bytesPerSecond }) => bytesPerSecond);
  }

  /** That all rates together ever were. */
  most = 0;

  #look(): void {
    this.most = Math.max(
      this.most,
      this.rates.reduce((sum, rate) => sum + rate, 0),
    );
  }
}

describe("the shares of a feed", () => {
  it("are equal where all need more, and what one does not need is the others'", () => {
    const headend = new Headend(4);
    for (let round = 0; round < 4; round++) headend.round([true, true, true, true]);
    expect(headend.rates).toEqual([250_000, 250_000, 250_000, 250_000]);
    for (let round = 0; round < 4; round++) headend.round([true, false, false, true]);
    const idle = 250_000 / 8;
    expect(headend.rates).toEqual([(FEED - 2 * idle) / 2, idle, idle, (FEED - 2 * idle) / 2]);
    for (let round = 0; round < 4; round++) headend.round([true, true, true, true]);
    expect(headend.rates).toEqual([250_000, 250_000, 250_000, 250_000]);
  });

  it("go back to the fair one where nobody answers, and to what is given where somebody does again", () => {
    const headend = new Headend(2);
    const cut = [false, true];
    for (let round = 0; round < 4; round++) headend.round([true, false]);
    expect(headend.rates[1]).toBe(62_500);
    const rounds = Math.ceil(FEED_LOST_NS / ASK_NS) + 2;
    for (let round = 0; round < rounds; round++) headend.round([true, true], cut);
    expect(headend.rates).toEqual([500_000, 500_000]);
    expect(headend.olts.map(({ isLost }) => isLost)).toEqual([false, true]);
    for (let round = 0; round < 4; round++) headend.round([false, true]);
    expect(headend.olts[1].isLost).toBe(false);
    expect(headend.rates).toEqual([62_500, FEED - 62_500]);
  });

  it("never add up to more than there is, whoever is busy, idle or cut off, and for how long", () => {
    const step = (ports: number) =>
      fc.record({
        busy: fc.array(fc.boolean(), { minLength: ports, maxLength: ports }),
        isCut: fc.array(fc.boolean(), { minLength: ports, maxLength: ports }),
        rounds: fc.integer({ min: 1, max: 60 }),
        isNew: fc.nat(3).map((die) => die === 0),
      });
    const course = fc
      .integer({ min: 1, max: 6 })
      .chain((ports) => fc.tuple(fc.constant(ports), fc.array(step(ports), { maxLength: 12 })));
    fc.assert(
      fc.property(course, ([ports, steps]) => {
        const headend = new Headend(ports);
        let most = 0;
        for (const { busy, isCut, rounds, isNew } of steps) {
          // The server was killed, and another takes its place.
          if (isNew) headend.shares = new FeedShares(FEED, ports);
          for (let round = 0; round < rounds; round++) {
            headend.round(busy, isCut);
            most = Math.max(most, headend.most);
          }
        }
        expect(most).toBeLessThanOrEqual(FEED * (1 + 1e-9));
      }),
      { numRuns: 500 },
    );
  });
});
