/** Whole image against what is sent in its place: what each payload of a scenario costs, what all come to, and what the image alone would. */
import { prepareImages } from "../../run/index.ts";
import type { Scenario } from "../../scenarios/index.ts";
import { planCost, type PlanCost, sizePlan } from "./forecast.ts";
import { sizeScenario } from "./questions.ts";
import type { Sizing } from "./types.ts";

/** What one payload costs, or all, or the image alone. Bytes and copies are of all ports together. */
export interface PayloadShare {
  name: string;
  onts: number;
  /** Of one copy; in all: of one of each. */
  bytes: number;
  /** Of the whole image. */
  copies: number;
  downstreamBytes: number;
  seconds: number;
}

export interface PayloadShares {
  whole: PayloadShare;
  parts: PayloadShare[];
  all: PayloadShare;
  notes: readonly string[];
  /** The longest time in which an ONT makes the image of its delta; 0: none does. */
  rebuildSeconds: number;
}

/** It has deltas or variants. */
export const hasPayloads = ({ image: { deltas, deltaPolicy, variants } }: Scenario): boolean =>
  (deltas.length > 0 && deltaPolicy !== "never") || variants.length > 1;

/** Of a scenario, whatever it has to send: images and deltas are made for it. */
export function sizeAllPayloads(scenario: Scenario): Sizing {
  const plan = hasPayloads(scenario) ? prepareImages(scenario).plan : undefined;
  return plan === undefined ? sizeScenario(scenario) : sizePlan(scenario, plan);
}

/**
 * Images and deltas are made for it.
 *
 * @returns undefined where there is nothing to choose from, or so much is lost that the model has no answer
 */
export function payloadSharesOf(scenario: Scenario): PayloadShares | undefined {
  const { plan } = prepareImages(scenario);
  const cost = plan && planCost(scenario, plan);
  if (plan === undefined || cost === undefined) return undefined;
  return {
    whole: wholeShare(scenario),
    ...sharesIn(cost, scenario, plan.imageBytes),
    notes: plan.notes,
    rebuildSeconds: Math.max(0, ...cost.payloads.map(({ rebuildSeconds }) => rebuildSeconds)),
  };
}

/** Without deltas. */
function wholeShare(scenario: Scenario): PayloadShare {
  const name = "all by image";
  const over: Scenario = { ...scenario, image: { ...scenario.image, deltaPolicy: "never" } };
  // One image for all needs not be made.
  const { plan } = scenario.image.variants.length > 1 ? prepareImages(over) : { plan: undefined };
  const cost = plan && planCost(scenario, plan);
  if (plan !== undefined && cost !== undefined) return { ...sharesIn(cost, scenario, plan.imageBytes).all, name };
  const { onts, imageBytes, imageCopies, downstreamBytes, seconds } = sizeScenario(scenario);
  return { name, onts, bytes: imageBytes, copies: imageCopies * scenario.pons, downstreamBytes, seconds };
}

function sharesIn(
  { payloads, copies, seconds }: PlanCost,
  { pons }: Scenario,
  wholeBytes: number,
): Pick<PayloadShares, "parts" | "all"> {
  const parts = payloads.map(({ payload: { name, onts, bytes }, sizing, rebuildSeconds }) => ({
    name,
    onts,
    bytes,
    copies: (sizing.imageCopies * bytes * pons) / wholeBytes,
    downstreamBytes: sizing.downstreamBytes,
    seconds: sizing.seconds + rebuildSeconds,
  }));
  const sum = (field: "onts" | "bytes" | "downstreamBytes"): number =>
    parts.reduce((all, part) => all + part[field], 0);
  const [onts, bytes, downstreamBytes] = [sum("onts"), sum("bytes"), sum("downstreamBytes")];
  return { parts, all: { name: "in all", onts, bytes, copies, downstreamBytes, seconds } };
}
