/** Impairments that cannot be are refused, with the field that is wrong. */
import { describe, expect, it } from "vitest";
import { burstLoss, checkImpairment, createLink, ImpairmentError } from "../../pon/index.ts";

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
