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
