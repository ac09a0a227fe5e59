/** What is wrong with the fibres: a scenario's impairments as specifications of links. */
import type { DelaySpec, FibreSpec, ImpairmentSpec } from "../../pon/index.ts";
import type { Impairment } from "../../scenarios/index.ts";
import { latencyTraceIn, lossTraceIn } from "./traces.ts";

const NS_PER_MS = 1e6;
const NS_PER_SECOND = 1e9;
/** A Pareto delay is cut at so many times its mean. */
const PARETO_CUT = 100;

type Direction = "down" | "up";

/** What an ONT's drop fibre has, from what the scenario says in its own words. */
export function dropSpecOf(impairments: readonly Impairment[]): FibreSpec {
  const of = (direction: Direction): ImpairmentSpec[] =>
    impairments.flatMap((impairment) => specOf(impairment, direction) ?? []);
  return { down: of("down"), up: of("up") };
}

const actsOn = (impairment: { direction: Direction | "both" }, direction: Direction): boolean =>
  impairment.direction === "both" || impairment.direction === direction;

function specOf(impairment: Impairment, direction: Direction): ImpairmentSpec | undefined {
  if ("direction" in impairment && !actsOn(impairment, direction)) return undefined;
  switch (impairment.kind) {
    case "loss":
    case "duplication":
      return { kind: impairment.kind, chance: impairment.chance };
    case "burstLoss": {
      const { goodToBad, badToGood, lossGood, lossBad } = impairment;
      return { kind: "burstLoss", goodToBad, badToGood, lossGood, lossBad };
    }
    case "corruption":
      return { kind: "corruption", chance: impairment.chance, bitFlips: 1 };
    case "reordering": {
      const delayNs = Math.round(impairment.delayMs * NS_PER_MS);
      return {
        kind: "reordering",
        chance: impairment.chance,
        delay: { shape: "constant", delayNs },
      };
    }
    case "latency":
      return { kind: "latency", delay: delayOf(impairment), keepOrder: true };
    case "blackout": {
      const { atSeconds, forSeconds } = impairment;
      return {
        kind: "blackout",
        fromNs: Math.round(atSeconds * NS_PER_SECOND),
        forNs: Math.round(forSeconds * NS_PER_SECOND),
      };
    }
    case "slowReceiver": {
      if (direction === "up") return undefined;
      const { framesPerSecond, queueFrames } = impairment;
      return { kind: "slowReceiver", framesPerSecond, queueFrames };
    }
    case "rateLimit": {
      const { bytesPerSecond, burstBytes, queueBytes } = impairment;
      return { kind: "rateLimit", rateBitsPerSecond: bytesPerSecond * 8, bucketBytes: burstBytes, queueBytes };
    }
    case "lossTrace": {
      const { file, at, start } = impairment;
      return at === "feeder" ? undefined : { kind: "lossTrace", trace: lossTraceIn(file), isSame: start === "same" };
    }
    case "latencyTrace":
      return { kind: "latencyTrace", delaysNs: latencyTraceIn(impairment.file), isSame: impairment.start === "same" };
    case "feederLoss":
      return undefined;
  }
}

/** The scenario gives a mean and a spread; what the spread means depends on the distribution. */
function delayOf(impairment: Extract<Impairment, { kind: "latency" }>): DelaySpec {
  const meanNs = impairment.meanMs * NS_PER_MS;
  const spreadNs = impairment.jitterMs * NS_PER_MS;
  switch (impairment.distribution) {
    case "constant":
      return { shape: "constant", delayNs: meanNs };
    case "uniform":
      return { shape: "uniform", minNs: Math.max(0, meanNs - spreadNs), maxNs: meanNs + spreadNs };
    case "normal":
      return { shape: "normal", meanNs, deviationNs: spreadNs };
    case "exponential": {
      const tailNs = Math.min(spreadNs, meanNs) || meanNs;
      return { shape: "exponential", minNs: meanNs - tailNs, meanNs: tailNs };
    }
    case "pareto": {
      const alpha = impairment.jitterMs;
      return { shape: "pareto", minNs: (meanNs * (alpha - 1)) / alpha, alpha, maxNs: meanNs * PARETO_CUT };
    }
  }
}

/** What a port's feeder fibre has downstream: what is lost there, all ONTs miss. */
export const feederSpecOf = (impairments: readonly Impairment[]): FibreSpec => ({
  down: impairments.flatMap((impairment): ImpairmentSpec[] => {
    if (impairment.kind === "feederLoss") return [{ kind: "loss", chance: impairment.chance }];
    if (impairment.kind !== "lossTrace" || impairment.at !== "feeder") return [];
    return [{ kind: "lossTrace", trace: lossTraceIn(impairment.file), isSame: impairment.start === "same" }];
  }),
});
