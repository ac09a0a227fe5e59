/** Models fitted to traces that were drawn from them, and to ones whose likeliest parameters are known. */
import { describe, expect, it } from "vitest";
import {
  createLink,
  createStream,
  EFFECT,
  type ImpairmentSpec,
  newFrameVerdict,
  stretchesOf,
} from "../../../pon/index.ts";
import {
  BURST_MODELS,
  fitBurst,
  fitLatency,
  fitTrace,
  logLikelihoodOf,
  lossesOfGaps,
} from "../../../study/traces/index.ts";

/** A letter for each frame on a link with this impairment. */
function bitsOf(spec: ImpairmentSpec, frames: number): string {
  const link = createLink(7, "trace", [spec]);
  const verdict = newFrameVerdict();
  let bits = "";
  for (let frame = 0; frame < frames; frame++) {
    link.decide(0, 100, verdict);
    bits += verdict.effect === EFFECT.lost ? "1" : "0";
  }
  return bits;
}
const modelNamed = (name: string) => BURST_MODELS.find((model) => model.name === name)!;

describe("burst models", () => {
  it("have the likelihood that adding up all hidden paths gives", () => {
    const parameters = { goodToBad: 0.2, badToGood: 0.4, lossGood: 0.05, lossBad: 0.7 };
    const bits = "0010011";
    let sum = 0;
    for (let path = 0; path < 2 ** bits.length; path++) {
      let chance = (path & 1) === 1 ? 0.2 / 0.6 : 0.4 / 0.6;
      for (let at = 0; at < bits.length; at++) {
        const bad = ((path >> at) & 1) === 1;
        const loss = bad ? 0.7 : 0.05;
        chance *= bits[at] === "1" ? loss : 1 - loss;
        if (at + 1 === bits.length) break;
        const next = ((path >> (at + 1)) & 1) === 1;
        const turns = bad ? 0.4 : 0.2;
        chance *= bad === next ? 1 - turns : turns;
      }
      sum += chance;
    }
    expect(logLikelihoodOf(parameters, stretchesOf(bits))).toBeCloseTo(Math.log(sum), 10);
  });

  it("of the simple kind have the shares that are seen as their likeliest", () => {
    const bits = bitsOf({ kind: "loss", chance: 0.02 }, 20_000);
    const seen = bits.replaceAll("0", "").length / bits.length;
    const { parameters, estimates } = fitBurst(modelNamed("independent"), stretchesOf(bits));
    expect(parameters.lossGood).toBeCloseTo(seen, 5);
    // Wald in logits: sqrt(1 / (n p q)).
    const half = 1.96 / Math.sqrt(20_000 * seen * (1 - seen));
    expect(
      Math.log(estimates.lossGood!.high! / (1 - estimates.lossGood!.high!)) - Math.log(seen / (1 - seen)),
    ).toBeCloseTo(half, 2);
  });

  it("find again what a trace was drawn from, choose that model, and fit", () => {
    const truth = { goodToBad: 0.004, badToGood: 0.1, lossGood: 0, lossBad: 0.6 };
    const bits = bitsOf({ kind: "burstLoss", ...truth }, 60_000);
    const found = fitTrace(stretchesOf(bits))!;
    const [best] = found.fits;
    expect(best.model.name).toBe("gilbertElliott3");
    for (const name of ["goodToBad", "badToGood", "lossBad"] as const) {
      const { value, low, high } = best.estimates[name]!;
      expect(value / truth[name], name).toBeGreaterThan(0.75);
      expect(value / truth[name], name).toBeLessThan(1.3);
      expect(low! < value && value < high!, name).toBe(true);
      // Twice the interval: a seed in twenty would lie outside of it.
      expect(truth[name], name).toBeGreaterThan(value - 2 * (value - low!));
      expect(truth[name], name).toBeLessThan(value + 2 * (high! - value));
    }
    for (const { p } of best.goodness) expect(p).toBeGreaterThan(1e-4);
    const independent = found.fits.find(({ model }) => model.name === "independent")!;
    expect(independent.goodness.some(({ p }) => p !== null && p < 1e-6)).toBe(true);
  });

  it("take independent loss for what it is, and nothing of a trace without losses", () => {
    const bits = bitsOf({ kind: "loss", chance: 0.05 }, 20_000);
    expect(fitTrace(stretchesOf(bits))!.fits[0].model.name).toBe("independent");
    expect(fitTrace(stretchesOf("000"))).toBeUndefined();
    expect(fitTrace(stretchesOf("111"))).toBeUndefined();
  });
});

describe("latencies", () => {
  it("have their distribution found, with the scenario's own parameters", () => {
    const stream = createStream(3, "latency");
    const draws: readonly (readonly [string, () => number, number, number])[] = [
      ["normal", () => stream.nextNormal(20, 2), 20, 2],
      ["exponential", () => 5 + stream.nextExponential(3), 8, 3],
      ["uniform", () => 4 + 2 * stream.nextFloat(), 5, 1],
      ["pareto", () => 2 * Math.exp(stream.nextExponential(1 / 3)), 3, 3],
    ];
    for (const [name, draw, meanMs, jitterMs] of draws) {
      const [best] = fitLatency(Array.from({ length: 4000 }, draw));
      expect(best.distribution).toBe(name);
      expect(best.meanMs / meanMs, name).toBeCloseTo(1, 1);
      expect(best.jitterMs / jitterMs, name).toBeCloseTo(1, 1);
      expect(best.p, name).toBeGreaterThan(0.01);
    }
    expect(fitLatency([4, 4, 4])[0]).toMatchObject({ distribution: "constant", meanMs: 4 });
  });
});

describe("gaps of a stream", () => {
  it("are packets that are missing, where it is steady", () => {
    const at = (packet: number): bigint => BigInt(packet * 20_000_000 + ((packet * 7) % 5) * 100_000);
    const times = [0, 1, 2, 5, 6, 8, 9, 10].map(at);
    expect(lossesOfGaps(times)).toMatchObject({ bits: "00011001000", packets: 8, lost: 3, isSteady: true });
    expect(lossesOfGaps([0n, 10n, 24n, 31n, 44n, 50n, 65n, 74n])?.isSteady).toBe(false);
    expect(lossesOfGaps([0n, 5n])).toBeUndefined();
  });
});
