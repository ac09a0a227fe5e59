/** The throttle: within 5 % of its rate over ten seconds, whatever the pieces; at most a burst at once. */
import { expect, it } from "vitest";
import fc from "fast-check";
import { TokenBucket } from "../../../ont/road/core/throttle.ts";
import { AgentBench, second } from "../agent/bench.ts";

it("lets its rate through, whatever the pieces", () => {
  fc.assert(
    fc.property(
      fc.integer({ min: 10_000, max: 50_000_000 }),
      // Of the rate, so much at a time: from a thousandth to half a burst.
      fc.double({ min: 0.001, max: 0.05, noNaN: true }),
      (rateBytesPerSecond, share) => {
        const bucket = new TokenBucket(rateBytesPerSecond, 0);
        const most = rateBytesPerSecond * share;
        let nowNs = 0;
        let bytes = 0;
        for (let steps = 0; nowNs < 10 * second; steps++) {
          if (steps > 1_000_000) throw new Error("no end");
          const room = bucket.room(nowNs);
          if (room < 1) {
            nowNs = Math.max(nowNs + 1, bucket.roomAtNs(nowNs, most));
            continue;
          }
          bucket.take(nowNs, most);
          bytes += most;
        }
        expect(bytes / 10 / rateBytesPerSecond).toBeGreaterThan(0.95);
        expect(bytes / 10 / rateBytesPerSecond).toBeLessThan(1.05);
      },
    ),
    { numRuns: 30 },
  );
});

it("is what a download keeps to, over ten seconds", () => {
  const rateBytesPerSecond = 25_000;
  const bench = new AgentBench({ rateBytesPerSecond });
  bench.untilState("downloading");
  const [fromNs, fromBytes] = [bench.nowNs, bench.bulkBytes];
  bench.run(10 * second);
  const share = (bench.bulkBytes - fromBytes) / ((bench.nowNs - fromNs) / second) / rateBytesPerSecond;
  expect(share).toBeGreaterThan(0.95);
  expect(share).toBeLessThan(1.05);
});

it("has room for a piece or for none: a reader that takes what trickles in would never leave off", () => {
  fc.assert(
    fc.property(
      fc.integer({ min: 10, max: 5_000_000 }),
      fc.array(fc.integer({ min: 1, max: 20_000_000 }), { minLength: 1, maxLength: 50 }),
      (rateBytesPerSecond, steps) => {
        const bucket = new TokenBucket(rateBytesPerSecond, 0);
        const least = Math.floor(Math.min(4096, rateBytesPerSecond / 10));
        let nowNs = 0;
        for (const stepNs of steps) {
          nowNs += stepNs;
          const room = bucket.roomForPiece(nowNs, 4096);
          if (room > 0) expect(room).toBeGreaterThanOrEqual(least);
          bucket.take(nowNs, room);
          // When it is said to be there, it is there.
          const thenNs = bucket.roomAtNs(nowNs, 4096);
          if (least > 0) expect(bucket.roomForPiece(thenNs, 4096)).toBeGreaterThanOrEqual(least);
          nowNs = thenNs;
        }
      },
    ),
  );
});

it("makes a download of pieces, not of bytes", () => {
  const bench = new AgentBench({ rateBytesPerSecond: 25_000 });
  bench.untilState("downloading");
  const rooms: number[] = [];
  for (let step = 0; step < 2_000; step++) {
    bench.run(second / 1_000);
    rooms.push(bench.agent.roomBytes(bench.nowNs));
  }
  expect(rooms.filter((room) => room > 0 && room < 2_500)).toEqual([]);
  expect(rooms).toContain(0);
});
