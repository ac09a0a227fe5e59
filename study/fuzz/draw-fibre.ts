/** Draws what is wrong with the fibres, within what an update must be able to survive. */
import type { Dice } from "./dice.ts";

export interface Phase {
  healSeconds: number;
  /** Otherwise of a few ONTs' own fibres. */
  ofWholePort: boolean;
}

/**
 * A frame of an OMCC that is later than this may come among those of another window: on a fibre this cannot happen, and
 * plain G.988 has nothing by which an ONT could tell. Then the CRC-32 does, and the image is refused.
 */
export const HARMLESS_DELAY_MS = 0.1;

type Direction = "down" | "up" | "both";
const direction = (dice: Dice): Direction => dice.among(["down", "up", "both", "both"] as const);

/** Every kind of impairment, with its own chance to be there. */
const kinds: readonly { chance: number; make: (dice: Dice, phase: Phase) => object }[] = [
  {
    chance: 0.45,
    make: (dice) => ({ kind: "loss", chance: dice.spread(1, 300) / 1000, direction: direction(dice) }),
  },
  {
    chance: 0.2,
    make: (dice) => ({
      kind: "burstLoss",
      goodToBad: dice.spread(1, 50) / 1000,
      badToGood: dice.spread(20, 500) / 1000,
      lossBad: dice.fraction(0.3, 1),
      direction: direction(dice),
    }),
  },
  {
    chance: 0.15,
    make: (dice) => ({ kind: "corruption", chance: dice.spread(1, 100) / 1000, direction: direction(dice) }),
  },
  {
    chance: 0.2,
    make: (dice) => ({ kind: "duplication", chance: dice.spread(5, 300) / 1000, direction: direction(dice) }),
  },
  {
    chance: 0.15,
    make: (dice) => ({
      kind: "reordering",
      chance: dice.spread(5, 300) / 1000,
      delayMs: dice.chance(0.7) ? dice.spread(5, 1000 * HARMLESS_DELAY_MS) / 1000 : dice.spread(1, 500) / 10,
      direction: direction(dice),
    }),
  },
  {
    chance: 0.15,
    make: (dice) => ({
      kind: "latency",
      distribution: dice.among(["constant", "uniform", "normal", "exponential"]),
      meanMs: dice.spread(1, 2000) / 10,
      jitterMs: dice.spread(1, 500) / 10,
      direction: direction(dice),
    }),
  },
  {
    chance: 0.25,
    make: (dice, { healSeconds }) => ({
      kind: "blackout",
      atSeconds: dice.fraction(0, healSeconds),
      forSeconds: dice.spread(10, 5000) / 1000,
      direction: direction(dice),
    }),
  },
  {
    chance: 0.08,
    make: (dice) => ({
      kind: "rateLimit",
      bytesPerSecond: dice.spread(20_000, 5_000_000),
      burstBytes: dice.spread(2048, 65_536),
      queueBytes: dice.spread(2048, 1_000_000),
      direction: direction(dice),
    }),
  },
  {
    chance: 0.08,
    make: (dice) => ({
      kind: "slowReceiver",
      framesPerSecond: dice.spread(100, 100_000),
      queueFrames: dice.spread(4, 512),
    }),
  },
];

export function drawImpairments(dice: Dice, phase: Phase): object[] {
  const drawn = kinds.flatMap(({ chance, make }) => (dice.chance(chance) ? [make(dice, phase)] : []));
  if (phase.ofWholePort && dice.chance(0.15)) drawn.push({ kind: "feederLoss", chance: dice.spread(1, 100) / 1000 });
  return drawn;
}
