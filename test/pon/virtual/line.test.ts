/** Rates and times of the virtual line: profiles, downstream, headend feed, upstream grants. */
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
  cycleNsFor,
  DownstreamLine,
  framePayloadBytes,
  gemFrameBytes,
  HeadendFeed,
  lineProfiles,
  newPassage,
  type Passage,
  propagationNs,
  UpstreamGrants,
} from "../../../pon/virtual/index.ts";

const { gpon, xgpon, xgspon } = lineProfiles;

const passageOf = (count: number, frameBytes: number, lastFrameBytes = frameBytes): Passage => ({
  ...newPassage(),
  count,
  frameBytes,
  lastFrameBytes,
});

/** Books frames that are there already. */
function bookAt(line: DownstreamLine, nowNs: number, passage: Passage): void {
  passage.feedFirstNs = nowNs;
  passage.feedLastNs = nowNs;
  line.book(passage);
}

describe("line profiles", () => {
  it("frame OMCI as each system does", () => {
    expect(gemFrameBytes(gpon, 48)).toBe(53);
    expect(gemFrameBytes(gpon, 1980)).toBe(1985);
    // XGEM: header of 8, padded to 4, at least 16.
    expect(gemFrameBytes(xgspon, 48)).toBe(56);
    expect(gemFrameBytes(xgspon, 1980)).toBe(1988);
    expect(gemFrameBytes(xgpon, 45)).toBe(56);
    expect(gemFrameBytes(xgpon, 3)).toBe(16);
  });

  it("have frames of 38 880 and 155 520 bytes", () => {
    expect(framePayloadBytes(gpon, 0)).toBe(38_880 - 30);
    expect(framePayloadBytes(gpon, 128)).toBe(38_880 - 30 - 1024);
    expect(framePayloadBytes(xgspon, 0)).toBe(Math.floor((155_520 * 216) / 248) - 32);
  });

  it("need 5 µs for a kilometre", () => {
    expect(propagationNs(20)).toBe(100_000);
  });
});

describe("downstream line", () => {
  it("sends at its payload rate, whatever the frames", () => {
    const line = new DownstreamLine(gpon, 0);
    const frames = 1000;
    const passage = passageOf(frames, 1985);
    bookAt(line, 0, passage);
    const seconds = line.endNs(passage, frames - 1) / 1e9;
    const rate = (1985 * frames) / seconds;
    expect(Math.abs(rate / line.bytesPerSecond - 1)).toBeLessThan(0.002);
    expect(line.bytesPerSecond * 8).toBeLessThan(gpon.downBitsPerSecond);
    expect(line.bytesPerSecond * 8).toBeGreaterThan(0.998 * gpon.downBitsPerSecond);
    expect(line.sentBytes).toBe(1985 * frames);
  });

  it("lets a frame wait until the one before has left", () => {
    const line = new DownstreamLine(gpon, 0);
    const first = passageOf(100, 1985);
    const second = passageOf(1, 53);
    bookAt(line, 1_000_000, first);
    bookAt(line, 1_000_000, second);
    const waitNs = line.endNs(second, 0) - line.endNs(first, 99);
    expect(waitNs).toBeGreaterThanOrEqual(53 * 3.2);
    expect(waitNs).toBeLessThan(200);
  });

  it("takes no more bytes than a time ahead holds", () => {
    const line = new DownstreamLine(gpon, 0);
    const before = line.roomBytes(0, 250_000);
    expect(before).toBe(2 * framePayloadBytes(gpon, 0));
    bookAt(line, 0, passageOf(10, 1985));
    expect(line.roomBytes(0, 250_000)).toBe(before - 19_850);
    bookAt(line, 0, passageOf(100, 1985));
    expect(line.roomBytes(0, 250_000)).toBeLessThanOrEqual(0);
    expect(line.freeNs).toBeGreaterThan(250_000);
  });

  it("keeps no room of the time in which it was idle", () => {
    const line = new DownstreamLine(gpon, 0);
    bookAt(line, 0, passageOf(10, 1985));
    expect(line.roomBytes(1e9, 250_000)).toBe(line.roomBytes(2e9, 250_000));
    expect(line.roomBytes(1e9, 250_000)).toBe(2 * framePayloadBytes(gpon, 0));
  });

  it("books a run as it books its frames one by one, behind a feed of any rate", () => {
    fc.assert(
      fc.property(
        fc.record({
          feedBytesPerSecond: fc.oneof(fc.constant(Infinity), fc.integer({ min: 10_000, max: 600_000_000 })),
          frameBytes: fc.integer({ min: 20, max: 1988 }),
          lastShare: fc.double({ min: 0.1, max: 1, noNaN: true }),
          runs: fc.array(fc.record({ afterNs: fc.nat(2_000_000), count: fc.integer({ min: 1, max: 256 }) }), {
            minLength: 1,
            maxLength: 8,
          }),
        }),
        ({ feedBytesPerSecond, frameBytes, lastShare, runs }) => {
          const lastFrameBytes = Math.ceil(frameBytes * lastShare);
          const batch = {
            feed: new HeadendFeed(feedBytesPerSecond),
            line: new DownstreamLine(gpon, 32),
          };
          const single = {
            feed: new HeadendFeed(feedBytesPerSecond),
            line: new DownstreamLine(gpon, 32),
          };
          let nowNs = 0;
          for (const { afterNs, count } of runs) {
            nowNs += afterNs;
            const run = passageOf(count, frameBytes, lastFrameBytes);
            batch.feed.book(nowNs, run);
            batch.line.book(run);
            for (let index = 0; index < count; index++) {
              const bytes = index === count - 1 ? lastFrameBytes : frameBytes;
              const one = passageOf(1, bytes);
              single.feed.book(nowNs, one);
              single.line.book(one);
              // A byte of the line is 3.3 ns; where rounding moves it over a frame boundary, the header (950 ns) comes in between.
              expect(Math.abs(batch.line.endNs(run, index) - single.line.endNs(one, 0))).toBeLessThan(1_200);
            }
          }
          expect(batch.line.sentBytes).toBe(single.line.sentBytes);
        },
      ),
      { numRuns: 60 },
    );
  });
});

describe("headend feed", () => {
  it("gives all ports together its rate and no more", () => {
    const feed = new HeadendFeed(1_000_000);
    const lines = [new DownstreamLine(gpon, 1), new DownstreamLine(gpon, 1)];
    let lastNs = 0;
    for (let round = 0; round < 50; round++) {
      for (const line of lines) {
        const passage = passageOf(10, 1000);
        feed.book(0, passage);
        line.book(passage);
        lastNs = line.endNs(passage, 9);
      }
    }
    expect(lastNs).toBeGreaterThanOrEqual(1e9);
    expect(lastNs).toBeLessThan(1.001e9);
    expect(feed.bytes).toBe(1_000_000);
    expect(feed.roomBytes(0, 1_000_000)).toBeLessThan(0);
  });
});

describe("upstream grants", () => {
  const options = { profile: gpon, onts: 128, cycleNs: 1_000_000, grantBytes: 625 };

  it("lets an answer wait for its slot, and an ONT far away be ready earlier", () => {
    const grants = new UpstreamGrants(options);
    const slotNs = grants.send(5, 0, 0, 48);
    expect(slotNs).toBeGreaterThan(5 * 4000);
    expect(slotNs).toBeLessThan(6 * 5000);
    const again = new UpstreamGrants(options);
    expect(again.send(5, 1_000_001, 0, 48)).toBe(slotNs + 1_000_000);
    const far = new UpstreamGrants(options);
    // Ready when its slot has passed at the OLT, less the way there.
    expect(far.send(5, 10_000, 100_000, 48)).toBe(slotNs + 1_000_000);
  });

  it("puts two answers into one grant, and what does not fit into the next", () => {
    const grants = new UpstreamGrants(options);
    const first = grants.send(0, 0, 0, 48);
    const second = grants.send(0, 0, 0, 48);
    expect(second - first).toBe(
      Math.ceil((106 * 8e9) / gpon.upBitsPerSecond) - Math.ceil((53 * 8e9) / gpon.upBitsPerSecond),
    );
    const large = grants.send(0, 0, 0, 1980);
    expect(large).toBeGreaterThan(3_000_000);
    expect(large).toBeLessThan(4_000_000);
  });

  it("never exceeds the rate of the grants", () => {
    fc.assert(
      fc.property(
        fc.array(fc.record({ afterNs: fc.nat(3_000_000), bytes: fc.integer({ min: 44, max: 1980 }) }), {
          minLength: 1,
          maxLength: 60,
        }),
        (frames) => {
          const grants = new UpstreamGrants(options);
          let nowNs = 0;
          let lastNs = 0;
          let bytes = 0;
          for (const frame of frames) {
            nowNs += frame.afterNs;
            const atNs = grants.send(3, nowNs, 50_000, frame.bytes);
            expect(atNs).toBeGreaterThanOrEqual(Math.max(lastNs, nowNs + 50_000));
            lastNs = atNs;
            bytes += gemFrameBytes(gpon, frame.bytes);
          }
          expect(bytes).toBeLessThanOrEqual((Math.floor(lastNs / 1_000_000) + 1) * 625);
        },
      ),
    );
  });

  it("refuses grants that do not fit into the cycle", () => {
    expect(() => new UpstreamGrants({ ...options, cycleNs: 125_000 })).toThrow(RangeError);
    expect(() => new UpstreamGrants({ ...options, cycleNs: 1_000_001 })).toThrow(RangeError);
    const cycleNs = cycleNsFor(gpon, 128, 625);
    expect(cycleNs).toBe(625_000);
    expect(() => new UpstreamGrants({ ...options, cycleNs })).not.toThrow();
  });
});
