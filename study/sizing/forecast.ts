/** What the model says of a run as a whole: of all that it sends, one payload after the other. */
import { kindOf, payloadFor, RunInputError, type PayloadPlan, type PlannedPayload } from "../../run/index.ts";
import type { Forecast } from "../../run/result/types.ts";
import type { Scenario } from "../../scenarios/index.ts";
import { meanLoss, sizingInputOf } from "./input.ts";
import { sizeOf } from "./model.ts";
import type { FlashFacts, Sizing, SizingInput } from "./types.ts";

/** What one payload costs. */
export interface PayloadCost {
  payload: PlannedPayload;
  sizing: Sizing;
  /** From the last section of a delta until its image is stored, seconds; 0: it is an image. */
  rebuildSeconds: number;
}

/** Payloads of a run, and what they come to, all ports together. */
export interface PlanCost {
  payloads: PayloadCost[];
  /** Of the whole image. */
  copies: number;
  seconds: number;
  leavesOut: string[];
}

/**
 * Copies and seconds of a run, all ports together.
 *
 * @param plan where there is more to send than one image
 * @returns undefined where so much is lost that the model has no answer in a time that anybody would wait
 */
export function forecastOf(scenario: Scenario, plan?: PayloadPlan): Forecast | undefined {
  if (plan !== undefined) return planCost(scenario, plan);
  const sizing = sizingWithin(sizingInputOf(scenario));
  if (sizing === undefined) return undefined;
  const { imageCopies, seconds, neglected } = sizing;
  return { copies: imageCopies * scenario.pons, seconds, leavesOut: neglected };
}

/** What the payloads of a plan cost. @returns undefined as `forecastOf` */
export function planCost(scenario: Scenario, { payloads, imageBytes }: PayloadPlan): PlanCost | undefined {
  const cost: PlanCost = { payloads: [], copies: 0, seconds: 0, leavesOut: [] };
  let sentSeconds = 0;
  for (const payload of payloads) {
    const input = sizingInputOf(scenario, {
      imageBytes: payload.bytes,
      takes: (ont) => payloadFor(payloads, kindOf(ont, scenario)) === payload,
    });
    const sizing = sizingWithin(input);
    if (sizing === undefined) return undefined;
    const rebuilding = rebuildSeconds(payload, input.flash);
    cost.payloads.push({ payload, sizing, rebuildSeconds: rebuilding });
    cost.copies += (sizing.imageCopies * payload.bytes * scenario.pons) / imageBytes;
    // While one group stores and rebuilds, the next one downloads.
    cost.seconds = Math.max(cost.seconds, sentSeconds + sizing.seconds + rebuilding);
    sentSeconds += sizeOf({ ...input, flash: AT_ONCE }).seconds;
    cost.leavesOut.push(...sizing.neglected.filter((text) => !cost.leavesOut.includes(text)));
  }
  return cost;
}

/**
 * As `sizeScenario`, of all payloads together.
 *
 * @throws RunInputError where the model has no answer
 */
export function sizePlan(scenario: Scenario, plan: PayloadPlan): Sizing {
  const cost = planCost(scenario, plan);
  if (cost === undefined) throw new RunInputError("the model has no answer for so much loss");
  const first = sizeOf(sizingInputOf(scenario));
  const sum = (figureOf: (sizing: Sizing) => number): number =>
    cost.payloads.reduce((all, { sizing }) => all + figureOf(sizing), 0);
  const downstreamBytes = sum((sizing) => sizing.downstreamBytes);
  const bitsPerSecond = cost.seconds > 0 ? (downstreamBytes * 8) / cost.seconds / scenario.pons : 0;
  const { bitsPerSecond: before, shareOfLine } = first;
  return {
    ...first,
    imageBytes: plan.imageBytes,
    imageCopies: cost.copies / scenario.pons,
    seconds: cost.seconds,
    sections: sum(({ sections }) => sections),
    windows: sum(({ windows }) => windows),
    repairSections: sum(({ repairSections }) => repairSections),
    downstreamBytes,
    upstreamBytes: sum(({ upstreamBytes }) => upstreamBytes),
    bitsPerSecond,
    shareOfLine: before > 0 ? (shareOfLine * bitsPerSecond) / before : 0,
    neglected: cost.leavesOut,
  };
}

/** Flash that takes no time: what is left is the sending. */
const AT_ONCE: FlashFacts = { eraseNs: 0, writeBytesPerSecond: Infinity, verifyBytesPerSecond: Infinity };

function sizingWithin(input: SizingInput): Sizing | undefined {
  const { loss, most } = meanLoss(input);
  return loss > most ? undefined : sizeOf(input);
}

/** The base is checked and read, the image written and read back; base and image are about as long. */
function rebuildSeconds({ kind, imageBytes }: PlannedPayload, flash: FlashFacts): number {
  if (kind === "image") return 0;
  const { eraseNs, writeBytesPerSecond, verifyBytesPerSecond } = flash;
  return eraseNs / 1e9 + (3 * imageBytes) / verifyBytesPerSecond + imageBytes / writeBytesPerSecond;
}
