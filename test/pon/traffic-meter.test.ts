/** Traffic in intervals: every byte once, silence left out, a long run in few of them. */
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { newTraffic, type TrafficInterval, TrafficMeter } from "../../pon/index.ts";

const MS = 1e6;

/** Sends in the way a port does: the meter looks before anything is counted. */
function measure(sends: readonly { afterNs: number; down: number; up: number }[]): {
  intervals: TrafficInterval[];
  endNs: number;
} {
  const [downstream, upstream] = [newTraffic(), newTraffic()];
  const meter = new TrafficMeter(downstream, upstream, 0);
  const intervals: TrafficInterval[] = [];
  const keep = (interval: TrafficInterval | undefined): void => void (interval && intervals.push(interval));
  let nowNs = 0;
  for (const { afterNs, down, up } of sends) {
    nowNs += afterNs;
    keep(meter.look(nowNs));
    downstream.gemBytes += down;
    upstream.gemBytes += up;
  }
  keep(meter.end(nowNs));
  return { intervals, endNs: nowNs };
}

describe("traffic in intervals", () => {
  it("has every byte once, in intervals that follow each other", () => {
    const send = fc.record({ afterNs: fc.nat(50 * MS), down: fc.nat(1e6), up: fc.nat(1e4) });
    fc.assert(
      fc.property(fc.array(send, { maxLength: 200 }), (sends) => {
        const { intervals, endNs } = measure(sends);
        const sum = (values: readonly number[]): number => values.reduce((total, value) => total + value, 0);
        expect(sum(intervals.map(({ downstreamBytes }) => downstreamBytes))).toBe(sum(sends.map(({ down }) => down)));
        expect(sum(intervals.map(({ upstreamBytes }) => upstreamBytes))).toBe(sum(sends.map(({ up }) => up)));
        let lastNs = 0;
        for (const { fromNs, toNs } of intervals) {
          expect(fromNs).toBeGreaterThanOrEqual(lastNs);
          expect(toNs).toBeGreaterThanOrEqual(fromNs);
          lastNs = toNs;
        }
        expect(lastNs).toBeLessThanOrEqual(endNs);
      }),
    );
  });

  it("does not stretch traffic over the silence behind it", () => {
    const { intervals } = measure([
      { afterNs: 2 * MS, down: 1000, up: 0 },
      { afterNs: 5000 * MS, down: 7, up: 0 },
    ]);
    expect(intervals).toEqual([
      { fromNs: 0, toNs: 10 * MS, downstreamBytes: 1000, upstreamBytes: 0 },
      { fromNs: 5002 * MS, toNs: 5002 * MS, downstreamBytes: 7, upstreamBytes: 0 },
    ]);
  });

  it("tells a day in a few thousand intervals", () => {
    const sends = Array.from({ length: 864_000 }, () => ({ afterNs: 100 * MS, down: 1, up: 1 }));
    expect(measure(sends).intervals.length).toBeLessThan(5000);
  });
});
