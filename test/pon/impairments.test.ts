/** Impairments strike as often as asked, the same frames in batches as one by one, and independently of each other. */
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
  burstLoss,
  createDropFibre,
  createFeederFibre,
  EFFECT,
  type ImpairmentSpec,
  type Link,
  newFrameVerdict,
  processLimits,
} from "../../pon/index.ts";
import { FRAME_BYTES, linkOf, oneByOne } from "./links.ts";

/** The same as `oneByOne`, asked in batches of these sizes. */
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
