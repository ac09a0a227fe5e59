/** Impairments strike as often as asked, the same frames in batches as one by one, and independently of each other. */
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
  burstLoss,
  checkImpairment,
  createDropFibre,
  createFeederFibre,
  createLink,
  EFFECT,
  ImpairmentError,
  type ImpairmentSpec,
  type Link,
  newFrameVerdict,
  processLimits,
} from "../../pon/index.ts";

const FRAME_BYTES = 53;
const linkOf = (specs: readonly ImpairmentSpec[], seed = 1, name = "ont/A/down/broadcast"): Link =>
  createLink(seed, name, specs);

/** [frame, effect, delay on top of the constant one] of all frames that something happens to, asked one by one. */
function oneByOne(link: Link, frames: number, spacingNs = 0): [number, number, number][] {
  const verdict = newFrameVerdict();
  const constantNs = link.constantDelayNs ?? 0;
  const found: [number, number, number][] = [];
  for (let frame = 0; frame < frames; frame++) {
    link.decide(frame * spacingNs, FRAME_BYTES, verdict);
    if (verdict.effect === EFFECT.none) continue;
    const lateNs = verdict.effect === EFFECT.lost ? 0 : verdict.delayNs - constantNs;
    found.push([frame, verdict.effect, lateNs]);
  }
  return found;
}

/** The same, asked in batches of these sizes. */
function inBatches(link: Link, sizes: readonly number[], spacingNs = 0): [number, number, number][] {
  const found: [number, number, number][] = [];
  let first = 0;
  for (const size of sizes) {
    const marked = link.markedWithin(size, FRAME_BYTES, first * spacingNs, spacingNs);
    for (let index = 0; index < marked.count; index++)
      found.push([first + marked.frame[index], marked.effect[index], marked.lateNs[index]]);
    first += size;
  }
  return found;
}

const lostOf = (link: Link, frames: number): number[] => oneByOne(link, frames).map(([frame]) => frame);

const uniformLate = { shape: "uniform", minNs: 10, maxNs: 900 } as const;
const marks: readonly ImpairmentSpec[] = [
  { kind: "loss", chance: 0.03 },
  { kind: "burstLoss", goodToBad: 0.02, badToGood: 0.2, lossGood: 0.001, lossBad: 0.8 },
  { kind: "corruption", chance: 0.02, bitFlips: 3 },
  { kind: "bitErrors", ratio: 1e-4 },
  { kind: "duplication", chance: 0.05 },
  { kind: "reordering", chance: 0.04, delay: uniformLate },
  { kind: "blackout", fromNs: 1000, forNs: 450, everyNs: 3000 },
];

describe("batches and single frames", () => {
  const chance = fc.oneof(fc.constantFrom(0, 1), fc.double({ min: 0, max: 1, noNaN: true }));
  const anyMark: fc.Arbitrary<ImpairmentSpec> = fc.oneof(
    fc.record({ kind: fc.constant("loss" as const), chance }),
    fc.record({
      kind: fc.constant("burstLoss" as const),
      goodToBad: chance,
      badToGood: chance,
      lossGood: chance,
      lossBad: chance,
    }),
    fc.record({
      kind: fc.constant("bitErrors" as const),
      ratio: fc.double({ min: 0, max: 0.01, noNaN: true }),
    }),
    fc.record({
      kind: fc.constant("blackout" as const),
      fromNs: fc.nat(2000),
      forNs: fc.nat(500),
      everyNs: fc.integer({ min: 501, max: 2000 }),
    }),
    fc.constantFrom(...marks),
  );

  it("say the same about the same frames, whatever the batches and the impairments", () => {
    fc.assert(
      fc.property(
        fc.array(anyMark, { maxLength: 4 }),
        fc.array(fc.integer({ min: 1, max: 256 }), { minLength: 1, maxLength: 20 }),
        fc.nat(100),
        fc.nat(),
        (specs, sizes, spacingNs, seed) => {
          const frames = sizes.reduce((sum, size) => sum + size, 0);
          const expected = oneByOne(linkOf(specs, seed), frames, spacingNs);
          expect(inBatches(linkOf(specs, seed), sizes, spacingNs)).toEqual(expected);
        },
      ),
      { numRuns: 500 },
    );
  });

  it("count the same hits", () => {
    const single = linkOf(marks);
    const batch = linkOf(marks);
    expect(oneByOne(single, 5000, 7).length).toBeGreaterThan(500);
    inBatches(batch, [4000, 1000], 7);
    expect(batch.hits()).toEqual(single.hits());
    expect(new Set(single.hits().keys())).toEqual(new Set(marks.map(({ kind }) => kind)));
  });

  it("of one link with a delay that depends on the frame can only be asked one by one", () => {
    const link = linkOf([{ kind: "slowReceiver", framesPerSecond: 1000, queueBytes: 1000 }]);
    expect(link.constantDelayNs).toBeUndefined();
    expect(() => link.markedWithin(1, FRAME_BYTES, 0, 0)).toThrow("decide()");
  });
});

describe("loss", () => {
  const frames = 200_000;

  it.each([0.001, 0.01, 0.1, 0.5])("of %d is met within five standard deviations", (chance) => {
    const lost = lostOf(linkOf([{ kind: "loss", chance }]), frames).length;
    expect(Math.abs(lost - chance * frames)).toBeLessThan(5 * Math.sqrt(frames * chance * (1 - chance)));
  });

  it("of 0 and 1 is exact", () => {
    expect(lostOf(linkOf([{ kind: "loss", chance: 0 }]), 1000)).toEqual([]);
    expect(lostOf(linkOf([{ kind: "loss", chance: 1 }]), 1000).length).toBe(1000);
  });

  it("in bursts has the share and the burst length that were asked for", () => {
    const lost = lostOf(linkOf([burstLoss(0.05, 8)]), frames);
    const bursts = lost.filter((frame, index) => index === 0 || lost[index - 1] !== frame - 1);
    expect(lost.length / frames).toBeGreaterThan(0.045);
    expect(lost.length / frames).toBeLessThan(0.055);
    expect(lost.length / bursts.length).toBeGreaterThan(7.5);
    expect(lost.length / bursts.length).toBeLessThan(8.5);
  });

  it("in bursts with a chance of its own in both states", () => {
    const spec = { goodToBad: 0.01, badToGood: 0.04, lossGood: 0.01, lossBad: 0.5 };
    const lost = lostOf(linkOf([{ kind: "burstLoss", ...spec }]), frames).length / frames;
    // A fifth of the frames are bad: 0.2 * 0.5 + 0.8 * 0.01.
    expect(lost).toBeGreaterThan(0.1);
    expect(lost).toBeLessThan(0.116);
  });

  it("by bit errors hits long frames more often", () => {
    const verdict = newFrameVerdict();
    const share = (frameBytes: number): number => {
      const link = linkOf([{ kind: "bitErrors", ratio: 1e-5 }]);
      let hit = 0;
      for (let frame = 0; frame < 100_000; frame++) {
        link.decide(0, frameBytes, verdict);
        if (verdict.effect === EFFECT.corrupted) hit++;
      }
      return hit / 100_000;
    };
    const expected = (bytes: number): number => 1 - (1 - 1e-5) ** (8 * bytes);
    for (const bytes of [53, 1985]) {
      expect(share(bytes)).toBeGreaterThan(0.93 * expected(bytes));
      expect(share(bytes)).toBeLessThan(1.07 * expected(bytes));
    }
  });

  it("costs as much as the frames that are lost: 10^12 frames at once", () => {
    const link = linkOf([
      { kind: "loss", chance: 1e-9 },
      { kind: "burstLoss", goodToBad: 1e-10, badToGood: 0.1, lossGood: 0, lossBad: 1 },
    ]);
    const marked = link.markedWithin(1e12, FRAME_BYTES, 0, 0);
    expect(marked.count).toBeGreaterThan(1500);
    expect(marked.count).toBeLessThan(2500);
  });
});

describe("a PON", () => {
  const spec = { feeder: { down: marks }, drop: { down: marks, up: marks } };
  const trace = (link: Link): [number, number, number][] => oneByOne(link, 2000, 3);

  it("does the same to an ONT whatever others there are", () => {
    const alone = trace(createDropFibre(5, "PCST00000001", spec).broadcast);
    const others = ["PCST00000002", "PCST00000003"].map((serial) => createDropFibre(5, serial, spec));
    for (const fibre of others) trace(fibre.broadcast);
    expect(trace(createDropFibre(5, "PCST00000001", spec).broadcast)).toEqual(alone);
    expect(trace(others[0].broadcast)).not.toEqual(alone);
  });

  it("does the same to broadcast frames whatever goes by unicast", () => {
    const quiet = createDropFibre(5, "PCST00000001", spec);
    const busy = createDropFibre(5, "PCST00000001", spec);
    trace(busy.unicast);
    trace(busy.up);
    expect(trace(busy.broadcast)).toEqual(trace(quiet.broadcast));
  });

  it("has four links of their own for one ONT and the feeder", () => {
    const drop = createDropFibre(5, "PCST00000001", spec);
    const feeder = createFeederFibre(5, 0, spec.feeder ?? {});
    const traces = [drop.broadcast, drop.unicast, drop.up, feeder.broadcast].map((link) => JSON.stringify(trace(link)));
    expect(new Set(traces).size).toBe(4);
    expect(feeder.up.clear).toBe(true);
  });

  it("draws for an impairment whatever stands beside it", () => {
    const loss = { kind: "loss", chance: 0.1 } as const;
    const alone = linkOf([loss]);
    const beside = linkOf([{ kind: "duplication", chance: 0.1 }, marks[1], loss]);
    lostOf(alone, 10_000);
    lostOf(beside, 10_000);
    expect(beside.hits().get("loss")).toBe(alone.hits().get("loss"));
    const twice = linkOf([loss, loss]);
    expect(lostOf(twice, 10_000).length).toBeGreaterThan(1.7 * lostOf(linkOf([loss]), 10_000).length);
  });

  it("takes an ONT's own list in place of that of all", () => {
    const own = { drop: { down: marks }, onts: { PCST00000001: { up: marks } } };
    expect(createDropFibre(1, "PCST00000001", own).broadcast.clear).toBe(true);
    expect(createDropFibre(1, "PCST00000001", own).up.clear).toBe(false);
    expect(createDropFibre(1, "PCST00000002", own).broadcast.clear).toBe(false);
  });

  it("says what the process driver cannot do", () => {
    const latency = { kind: "latency", delay: { shape: "constant", delayNs: 1 }, keepOrder: true } as const;
    expect(processLimits({ drop: { down: [...marks, latency] } })).toEqual([]);
    const lines = processLimits({ feeder: { down: [latency], up: marks } });
    expect(lines.map((line) => line.split(" works")[0])).toEqual(["feeder down: latency", "feeder up: reordering"]);
  });
});

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

describe("specifications out of range", () => {
  it.each([
    [{ kind: "loss", chance: 1.5 }, "loss: chance 1.5; possible: 0 to 1"],
    [{ kind: "loss", chance: Number.NaN }, "chance NaN"],
    [{ kind: "corruption", chance: 0, bitFlips: 0 }, "bitFlips 0"],
    [{ kind: "blackout", fromNs: 0, forNs: 5, everyNs: 5 }, "nothing would ever pass"],
    [{ kind: "slowReceiver", framesPerSecond: 5 }, "queueBytes undefined"],
    [{ kind: "rateLimit", rateBitsPerSecond: 0, bucketBytes: 1, queueBytes: 1 }, "rateBitsPerSecond 0"],
    [{ kind: "latency", keepOrder: true, delay: { shape: "uniform", minNs: 5, maxNs: 4 } }, "maxNs 4 is below minNs 5"],
  ] as const)("%o", (spec, message) => {
    expect(() => checkImpairment(spec)).toThrow(ImpairmentError);
    expect(() => createLink(1, "x", [spec])).toThrow(message);
  });

  it("bursts that cannot be", () => {
    expect(() => burstLoss(0.9, 1)).toThrow(ImpairmentError);
    expect(() => burstLoss(0.1, 0.5)).toThrow(ImpairmentError);
    expect(burstLoss(0, 4).goodToBad).toBe(0);
  });
});
