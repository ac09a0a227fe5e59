/** Who takes what by a road beside OMCI, where each device has a copy of its own, and how long it is in storing it. */
import { kindOf, payloadFor, type PayloadPlan } from "../../run/index.ts";
import { planFleet } from "../../run/fleet/index.ts";
import type { Scenario } from "../../scenarios/index.ts";
import { sizingInputOf } from "./input.ts";
import type { SizingInput } from "./types.ts";

/** Devices that take the same. */
export interface TakerClass {
  onts: number;
  bytes: number;
  /** From the last byte until the image is in its slot. */
  storeSeconds: number;
}

/** @param plan of deltas, made for that road; absent: whole images */
export function classesOf(scenario: Scenario, plan: PayloadPlan | undefined, input: SizingInput): TakerClass[] {
  const { eraseNs, writeBytesPerSecond, verifyBytesPerSecond } = input.flash;
  const storeSeconds = (bytes: number, isDelta: boolean): number =>
    bytes / verifyBytesPerSecond +
    (isDelta
      ? eraseNs / 1e9 + (2 * input.imageBytes) / verifyBytesPerSecond + input.imageBytes / writeBytesPerSecond
      : 0);
  return payloadsOf(scenario, plan, input.imageBytes).map(({ onts, bytes, isDelta }) => ({
    onts,
    bytes,
    storeSeconds: storeSeconds(bytes, isDelta),
  }));
}

function payloadsOf(
  scenario: Scenario,
  plan: PayloadPlan | undefined,
  imageBytes: number,
): { onts: number; bytes: number; isDelta: boolean }[] {
  const willing =
    sizingInputOf(scenario)
      .groups.flat()
      .reduce((sum, { onts }) => sum + onts, 0) * scenario.pons;
  if (plan === undefined) return [{ onts: willing, bytes: imageBytes, isDelta: false }];
  const fleet = planFleet({ ...scenario, pons: 1 });
  return plan.payloads.map((payload) => ({
    onts: fleet.filter((ont) => payloadFor(plan.payloads, kindOf(ont, scenario)) === payload).length * scenario.pons,
    bytes: payload.bytes,
    isDelta: payload.kind === "delta",
  }));
}
