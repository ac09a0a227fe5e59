/** Draws the ONTs of a run: how many, of which kinds, and what each of them is to end as. */
import type { Dice } from "./dice.ts";
import { drawImpairments } from "./draw-fibre.ts";
import type { DrawnImage, DrawnOlt } from "./draw-olt.ts";

/** Profiles that deviate from G.988 in ways an update gets through. */
const quirks = [
  "reference",
  "stop-and-wait",
  "discards-partial-window",
  "5vt",
  "padding-0x20",
  "xgs-get-masks",
] as const;

export interface Counts {
  onts: number;
  pons: number;
}

export const drawOnts = (dice: Dice): Counts => ({
  onts: dice.chance(0.1) ? dice.between(13, 32) : dice.spread(1, 12),
  pons: dice.chance(0.08) ? 2 : 1,
});

interface Run extends Counts {
  olt: DrawnOlt;
  image: DrawnImage;
}

/** A fleet of up to three kinds of ONTs; `expect` is set where the plan alone does not tell. */
export function drawFleet(dice: Dice, run: Run): object[] {
  const groups = run.onts === 1 ? 1 : dice.between(1, Math.min(3, run.onts));
  let left = run.onts;
  return Array.from({ length: groups }, (_, index) => {
    const isLast = index === groups - 1;
    const count = isLast ? left : dice.between(1, left - (groups - 1 - index));
    left -= count;
    return { count, ...drawGroup(dice, run) };
  });
}

function drawGroup(dice: Dice, run: Run): object {
  const { olt, image } = run;
  const fate = image.fault === "none" ? drawFate(dice) : { expect: "failed" };
  // A slow ONT, but not so slow that a window takes it longer than any answer may take.
  const slowestMicroseconds = (olt.answerTimeoutMs * 500) / olt.windowSections;
  const restartDelayMs = dice.between(0, 200);
  return {
    slot: dice.among(["alternate", "alternate", 0, 1]),
    ...(dice.chance(0.2) && { joinAtSeconds: dice.fraction(0, 4) }),
    ...(dice.chance(0.3) && { quirk: dice.among(quirks) }),
    ...(dice.chance(0.15) && { omccVersion: 0xa0 }),
    ...(dice.chance(0.3) && { maxWindowSections: dice.spread(1, 256) }),
    ...(dice.chance(0.25) && { parityAware: false }),
    ...(dice.chance(0.2) && { parityAware: false, recoveryAware: false }),
    ...(dice.chance(0.2) && { sectionMicroseconds: Math.min(slowestMicroseconds, dice.spread(10, 20_000)) }),
    ...(dice.chance(0.4) && {
      flashEraseMs: dice.spread(1, 2000),
      flashWriteBytesPerSecond: dice.spread(20_000, 20_000_000),
      flashVerifyBytesPerSecond: dice.spread(50_000, 100_000_000),
    }),
    restartDelayMs,
    bootMs: dice.spread(50, 2000),
    watchdogMs: dice.spread(100, 3000),
    ...(dice.chance(0.25) && { impairments: drawImpairments(dice, { healSeconds: 4, ofWholePort: false }) }),
    ...fate,
  };
}

/** What the group's ONTs are in for. */
function drawFate(dice: Dice): object {
  const roll = dice.fraction(0, 1);
  if (roll < 0.05) return { boot: { kind: dice.among(["hangs", "crashes"]) } };
  if (roll < 0.12) return { boot: { kind: "bootsAt", attempt: dice.between(1, 3) } };
  if (roll < 0.14) return { productCode: "OTHER-ONT", expect: "skipped" };
  if (roll < 0.16) return { hardware: "HW-9", expect: "failed" };
  if (roll < 0.18) return { version: "PONCAST-2.0.0", expect: "skipped" };
  return {};
}
