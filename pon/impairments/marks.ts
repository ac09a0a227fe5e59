/** The impairments that hit some frames and not others: loss, bursts, corruption, duplication, reordering, blackout. */
import type { RandomStream } from "../random.ts";
import { delaySampler } from "./delays.ts";
import type { ImpairmentKind, ImpairmentSpec } from "./spec.ts";
import { lossTraceMark } from "./traces.ts";
import { type Effect, EFFECT, type Mark } from "./types.ts";

export { type Effect, EFFECT, type Mark };

const neverLate = (): number => 0;

/** Hits each frame with the same probability: loss, corruption, duplication, reordering. */
function independentMark(
  kind: ImpairmentKind,
  effect: Effect,
  chance: number,
  stream: RandomStream,
  lateNs: () => number = neverLate,
): Mark {
  let passing = stream.nextGeometric(chance);
  return {
    kind,
    effect,
    lateNs,
    framesUntilHit: (limit) => {
      if (passing >= limit) {
        passing -= limit;
        return limit;
      }
      const hit = passing;
      passing = stream.nextGeometric(chance);
      return hit;
    },
  };
}

/** Gilbert-Elliott. Costs a draw per loss and two per change of state. */
function burstLossMark(spec: Extract<ImpairmentSpec, { kind: "burstLoss" }>, stream: RandomStream): Mark {
  const { goodToBad, badToGood, lossGood, lossBad } = spec;
  const changes = goodToBad + badToGood;
  let bad = changes > 0 && stream.nextFloat() < goodToBad / changes;
  let staying = 0;
  let passing = 0;
  const enter = (): void => {
    staying = 1 + stream.nextGeometric(bad ? badToGood : goodToBad);
    passing = stream.nextGeometric(bad ? lossBad : lossGood);
  };
  const leaveWhenOver = (): void => {
    if (staying > 0) return;
    bad = !bad;
    enter();
  };
  enter();
  return {
    kind: "burstLoss",
    effect: EFFECT.lost,
    lateNs: neverLate,
    framesUntilHit: (limit) => {
      let seen = 0;
      while (seen < limit) {
        const reach = Math.min(staying, limit - seen);
        if (passing < reach) {
          seen += passing;
          staying -= passing + 1;
          passing = stream.nextGeometric(bad ? lossBad : lossGood);
          leaveWhenOver();
          return seen;
        }
        seen += reach;
        staying -= reach;
        passing -= reach;
        leaveWhenOver();
      }
      return limit;
    },
  };
}

/** Skips from bad bit to bad bit, so that long frames are hit more often than short ones. */
function bitErrorMark(ratio: number, stream: RandomStream): Mark {
  let passingBits = stream.nextGeometric(ratio);
  return {
    kind: "bitErrors",
    effect: EFFECT.corrupted,
    lateNs: neverLate,
    framesUntilHit: (limit, frameBytes) => {
      const frameBits = frameBytes * 8;
      const passing = Math.floor(passingBits / frameBits);
      if (passing >= limit) {
        passingBits -= limit * frameBits;
        return limit;
      }
      passingBits -= passing * frameBits;
      // All the bad bits of this frame.
      while (passingBits < frameBits) passingBits += 1 + stream.nextGeometric(ratio);
      passingBits -= frameBits;
      return passing;
    },
  };
}

function blackoutMark(spec: Extract<ImpairmentSpec, { kind: "blackout" }>): Mark {
  const { fromNs, forNs } = spec;
  const everyNs = spec.everyNs ?? Infinity;
  /** How long until it is dark, 0 when it is. */
  const untilDarkNs = (nowNs: number): number => {
    if (nowNs < fromNs) return fromNs - nowNs;
    const into = everyNs === Infinity ? nowNs - fromNs : (nowNs - fromNs) % everyNs;
    return into < forNs ? 0 : everyNs - into;
  };
  return {
    kind: "blackout",
    effect: EFFECT.lost,
    lateNs: neverLate,
    framesUntilHit: (limit, _frameBytes, firstNs, spacingNs) => {
      let seen = 0;
      while (seen < limit) {
        const waitNs = untilDarkNs(firstNs + seen * spacingNs);
        if (waitNs === 0) return seen;
        // Light for waitNs: the frames in it pass. At no spacing all frames have the same instant.
        seen = spacingNs > 0 ? seen + Math.ceil(waitNs / spacingNs) : limit;
      }
      return limit;
    },
  };
}

/** @returns undefined for an impairment that works on time, not on single frames (see delays.ts). */
export function createMark(spec: ImpairmentSpec, stream: RandomStream): Mark | undefined {
  switch (spec.kind) {
    case "loss":
      return independentMark(spec.kind, EFFECT.lost, spec.chance, stream);
    case "burstLoss":
      return burstLossMark(spec, stream);
    case "corruption":
      return independentMark(spec.kind, EFFECT.corrupted, spec.chance, stream);
    case "bitErrors":
      return bitErrorMark(spec.ratio, stream);
    case "duplication":
      return independentMark(spec.kind, EFFECT.duplicated, spec.chance, stream);
    case "reordering":
      return independentMark(spec.kind, EFFECT.late, spec.chance, stream, delaySampler(spec.delay, stream));
    case "blackout":
      return blackoutMark(spec);
    case "lossTrace":
      return lossTraceMark(spec, stream);
    case "latencyTrace":
    case "latency":
    case "rateLimit":
    case "slowReceiver":
      return undefined;
  }
}
