/** How long a fibre holds frames back: constant or spread, in order or not, behind a rate or a slow receiver. */
import { describe, expect, it } from "vitest";
import { createDropFibre, EFFECT, type ImpairmentSpec, newFrameVerdict } from "../../pon/index.ts";
import { FRAME_BYTES, linkOf, oneByOne } from "./links.ts";

describe("delays", () => {
  const delays = (specs: readonly ImpairmentSpec[], arrivalsNs: readonly number[], frameBytes = FRAME_BYTES) => {
    const link = linkOf(specs);
    const verdict = newFrameVerdict();
    return arrivalsNs.map((nowNs) => {
      link.decide(nowNs, frameBytes, verdict);
      return verdict.effect === EFFECT.lost ? -1 : verdict.delayNs;
    });
  };
  const times = (count: number, spacingNs: number): number[] => Array.from({ length: count }, (_, n) => n * spacingNs);
  const mean = (values: number[]): number => values.reduce((sum, v) => sum + v, 0) / values.length;

  it("add up where they are constant, and then need no questions", () => {
    const specs = [100, 25].map(
      (delayNs) => ({ kind: "latency", delay: { shape: "constant", delayNs }, keepOrder: false }) as const,
    );
    expect(linkOf(specs).constantDelayNs).toBe(125);
    expect(delays(specs, [0, 7])).toEqual([125, 125]);
  });

  it.each([
    [{ shape: "uniform", minNs: 1000, maxNs: 3000 }, 2000, 1000, 3000],
    [{ shape: "normal", meanNs: 5000, deviationNs: 500 }, 5000, 0, 8000],
    [{ shape: "exponential", minNs: 1000, meanNs: 2000 }, 3000, 1000, Infinity],
    // Mean of a Pareto number: minimum * alpha / (alpha - 1).
    [{ shape: "pareto", minNs: 1000, alpha: 4, maxNs: 1e9 }, 1333, 1000, 1e9],
  ] as const)("are spread as told: %o", (delay, meanNs, leastNs, mostNs) => {
    const values = delays([{ kind: "latency", delay, keepOrder: false }], times(50_000, 1_000_000));
    expect(values.every((v) => Number.isInteger(v) && v >= leastNs && v <= mostNs)).toBe(true);
    expect(Math.abs(mean(values) - meanNs)).toBeLessThan(meanNs * 0.02);
  });

  it("never are negative", () => {
    const delay = { shape: "normal", meanNs: 0, deviationNs: 100 } as const;
    const values = delays([{ kind: "latency", delay, keepOrder: false }], times(1000, 10));
    expect(Math.min(...values)).toBe(0);
  });

  it("keep the order only where told to", () => {
    const delay = { shape: "uniform", minNs: 0, maxNs: 1000 } as const;
    const outOf = (keepOrder: boolean): number[] =>
      delays([{ kind: "latency", delay, keepOrder }], times(500, 10)).map((v, n) => v + n * 10);
    const overtakes = (out: number[]): boolean => out.some((at, n) => n > 0 && at < out[n - 1]);
    expect(overtakes(outOf(false))).toBe(true);
    expect(overtakes(outOf(true))).toBe(false);
  });

  it("of a rate limit: the bucket at once, then the rate, then the queue is full", () => {
    const spec = { kind: "rateLimit", rateBitsPerSecond: 8e6, bucketBytes: 300, queueBytes: 250 } as const;
    // 1 byte per µs; frames of 100 bytes, all at once.
    expect(delays([spec], [0, 0, 0, 0, 0, 0, 0], 100)).toEqual([0, 0, 0, 100_000, 200_000, -1, -1]);
    // A queue that just has room for one more.
    expect(delays([{ ...spec, queueBytes: 200 }], [0, 0, 0, 0, 0, 0], 100)).toEqual([0, 0, 0, 100_000, 200_000, -1]);
    const many = delays([{ ...spec, queueBytes: 1e9 }], times(5000, 50_000), 100);
    // 4,999 frames after the first, less the three that the bucket held.
    expect(many[4999] + 4999 * 50_000).toBe(4997 * 100_000);
  });

  it("of a rate limit below one frame's size still let frames out", () => {
    const spec = { kind: "rateLimit", rateBitsPerSecond: 8e6, bucketBytes: 10, queueBytes: 1e6 } as const;
    expect(delays([spec], [0, 0, 0], 100)).toEqual([0, 100_000, 200_000]);
  });

  it("of a slow receiver: served one after the other, the rest lost", () => {
    const spec = { kind: "slowReceiver", framesPerSecond: 1e6, queueBytes: 3 * FRAME_BYTES } as const;
    expect(delays([spec], [0, 0, 0, 0, 1500])).toEqual([1000, 2000, 3000, -1, 2500]);
    const byFrames = { kind: "slowReceiver", framesPerSecond: 1e6, queueFrames: 1 } as const;
    expect(delays([byFrames], [0, 0, 0, 5000])).toEqual([1000, 2000, -1, 1000]);
  });

  it("are not drawn for frames that are lost on the way to them", () => {
    const specs: ImpairmentSpec[] = [
      { kind: "loss", chance: 1 },
      { kind: "slowReceiver", framesPerSecond: 1, queueFrames: 0 },
    ];
    const link = linkOf(specs);
    oneByOne(link, 10);
    expect([...link.hits()]).toEqual([["loss", 10]]);
  });

  it("are one queue for both downstream channels", () => {
    const fibre = createDropFibre(1, "A", {
      drop: { down: [{ kind: "slowReceiver", framesPerSecond: 1e6, queueFrames: 9 }] },
    });
    const verdict = newFrameVerdict();
    fibre.broadcast.decide(0, FRAME_BYTES, verdict);
    fibre.unicast.decide(0, FRAME_BYTES, verdict);
    expect(verdict.delayNs).toBe(2000);
  });
});
