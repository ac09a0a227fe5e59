/** Draws the image, how the OLT distributes it, and the line it goes over. */
import { BASELINE_SECTION_BYTES, EXTENDED_SECTION_BYTES_MAX } from "../../omci/index.ts";
import type { Dice } from "./dice.ts";

/** Most sections an image falls into, so that a run stays short. */
const SECTIONS_MAX = 600;

export interface DrawnImage {
  bytes: number;
  fault: "none" | "wrongKey" | "flippedByte";
}

/** A small image, mostly a good one. */
export function drawImage(dice: Dice): DrawnImage {
  const bytes = dice.spread(1024, 48 * 1024);
  const fault = dice.chance(0.05) ? dice.among(["wrongKey", "flippedByte"] as const) : "none";
  return { bytes, fault };
}

/** When late and returning ONTs share a pass; each policy often enough to be met. */
export const drawCatchUp = (dice: Dice) => ({
  when: dice.chance(0.85) ? ("ended" as const) : ("never" as const),
  waitSeconds: dice.among([0, 0.5, 3, 30]),
  onts: dice.chance(0.5) ? 128 : dice.between(1, 6),
});

export type DrawnOlt = ReturnType<typeof drawOlt>;

/** How it is distributed. Limits are wide: none of them may end what only has to wait for the fault phase's end. */
export function drawOlt(dice: Dice, imageBytes: number) {
  const isBaseline = imageBytes <= SECTIONS_MAX * BASELINE_SECTION_BYTES && dice.chance(0.3);
  const leastBytes = Math.ceil(imageBytes / SECTIONS_MAX);
  const sectionBytes = dice.chance(0.3)
    ? EXTENDED_SECTION_BYTES_MAX
    : dice.spread(leastBytes, EXTENDED_SECTION_BYTES_MAX);
  const answerTimeoutMs = dice.among([300, 1000, 1000]);
  return {
    mode: dice.chance(0.7) ? ("multicast" as const) : ("unicast" as const),
    recovery: dice.among(["window", "selective", "parity", "parity", "unicast"] as const),
    messageSet: isBaseline ? ("baseline" as const) : ("extended" as const),
    windowSections: dice.chance(0.2) ? 256 : dice.spread(1, 256),
    sectionBytes,
    instance: dice.chance(0.7) ? ("any" as const) : ("group" as const),
    padLastWindow: dice.chance(0.3),
    proactive: dice.chance(0.7) ? "auto" : dice.between(0, 12),
    concurrency: dice.between(1, 16),
    patience: dice.between(1, 8),
    ...(dice.chance(0.2) && { rateBytesPerSecond: dice.spread(50_000, 5_000_000) }),
    canary: dice.chance(0.3) ? dice.between(1, 3) : 0,
    wave: dice.chance(0.3) ? dice.between(1, 4) : 0,
    failureThreshold: 1,
    soakMs: dice.between(0, 800),
    activate: !dice.chance(0.05),
    commit: !dice.chance(0.05),
    answerTimeoutMs,
    answerTimeoutMinMs: dice.among([5, 20, 50]),
    sendsMax: dice.between(2, 6),
    busyPollMs: dice.between(20, 400),
    busyWaitMs: 600_000,
    rebootWaitMs: 120_000,
    rangingPatienceMs: dice.spread(1000, 30_000),
    returnWaitMs: 120_000,
    restartsMax: 100,
    runSeconds: 1800,
  };
}

export function drawPon(dice: Dice) {
  return {
    profile: dice.among(["gpon", "gpon", "xgpon", "xgspon"] as const),
    trailer: dice.among(["crc32", "crc32", "mic", "none"] as const),
    grantCycleMicroseconds: dice.spread(125, 4000),
    distanceKm: { least: dice.between(0, 10), most: dice.between(10, 40) },
    ...(dice.chance(0.1) && { headendBitsPerSecond: dice.spread(2e6, 1e9) }),
  };
}
