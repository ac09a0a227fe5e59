/** Whole image and deltas side by side: what `poncast size` says of a scenario that has several payloads. */
import { prepareImages } from "../../../run/index.ts";
import type { Scenario } from "../../../scenarios/index.ts";
import { planCost, type PlanCost, sizePlan, sizeScenario, type Sizing } from "../../../study/sizing/index.ts";
import { alignedText, bytesText, copiesText, countText, durationText, figuresRight } from "../../../base/text/index.ts";
import { UsageError } from "../../errors.ts";
import { percent } from "./describe.ts";

export const hasPayloads = ({ image: { deltas, deltaPolicy, variants } }: Scenario): boolean =>
  (deltas.length > 0 && deltaPolicy !== "never") || variants.length > 1;

/** Nearer to each other than this, nobody would call them different. */
const SAME_SHARE = 0.0005;

/** Of a scenario, whatever it has to send. */
export function sizingOf(scenario: Scenario): Sizing {
  const plan = hasPayloads(scenario) ? prepareImages(scenario).plan : undefined;
  return plan === undefined ? sizeScenario(scenario) : sizePlan(scenario, plan);
}

interface Row {
  name: string;
  onts: number;
  bytes: number;
  copies: number;
  downstreamBytes: number;
  seconds: number;
}

/** @returns what is to be printed */
export function payloadsTable(scenario: Scenario, isJson: boolean): string {
  const { plan } = prepareImages(scenario);
  const cost = plan && planCost(scenario, plan);
  if (plan === undefined || cost === undefined)
    throw new UsageError("the model has no answer for so much loss; see `poncast run --virtual`");
  const whole = wholeRow(scenario);
  const rows = cost.payloads.map(rowOf(scenario, plan.imageBytes));
  const all = totalOf(rows, cost);
  if (isJson) return JSON.stringify({ whole, payloads: rows, all, notes: plan.notes });
  const head = ["", "ONTs", "size", "copies of the image", "downstream", "time"];
  const cells = ({ name, onts, bytes, copies, downstreamBytes, seconds }: Row): string[] => [
    name,
    countText(onts),
    bytesText(bytes),
    copies < 0.1 ? copiesText(copies) : copies.toFixed(3),
    bytesText(downstreamBytes),
    durationText(seconds),
  ];
  const saved = [
    changeText(all.downstreamBytes / whole.downstreamBytes, "bytes"),
    changeText(all.seconds / whole.seconds, "time"),
    rebuildText(cost),
  ]
    .filter((text) => text !== "")
    .join("; ");
  const table = alignedText([head, cells(whole), ...rows.map(cells), cells(all)], figuresRight(head.length));
  return [table, saved, ...plan.notes].join("\n");
}

/** @param share of what the image alone costs */
function changeText(share: number, what: string): string {
  if (Math.abs(1 - share) < SAME_SHARE) return `the same ${what}`;
  const fewer = what === "bytes" ? "fewer" : "less";
  return share < 1 ? `${percent(1 - share)} ${fewer} ${what}` : `${percent(share - 1)} more ${what}`;
}

/** Where the time goes that a delta seems not to save. */
function rebuildText({ payloads }: PlanCost): string {
  const longest = Math.max(0, ...payloads.map(({ rebuildSeconds }) => rebuildSeconds));
  return longest === 0 ? "" : `of it ${durationText(longest)} in which an ONT makes the image of its delta`;
}

/** Without deltas. */
function wholeRow(scenario: Scenario): Row {
  const { plan } = prepareImages({ ...scenario, image: { ...scenario.image, deltaPolicy: "never" } });
  const cost = plan && planCost(scenario, plan);
  if (plan !== undefined && cost !== undefined)
    return { ...totalOf(cost.payloads.map(rowOf(scenario, plan.imageBytes)), cost), name: "all by image" };
  const sizing = sizeScenario(scenario);
  const { onts, imageBytes, imageCopies, downstreamBytes, seconds } = sizing;
  return {
    name: "all by image",
    onts,
    bytes: imageBytes,
    copies: imageCopies * scenario.pons,
    downstreamBytes,
    seconds,
  };
}

const rowOf =
  ({ pons }: Scenario, wholeBytes: number) =>
  ({ payload, sizing, rebuildSeconds }: PlanCost["payloads"][number]): Row => ({
    name: payload.name,
    onts: payload.onts,
    bytes: payload.bytes,
    copies: (sizing.imageCopies * payload.bytes * pons) / wholeBytes,
    downstreamBytes: sizing.downstreamBytes,
    seconds: sizing.seconds + rebuildSeconds,
  });

const totalOf = (rows: readonly Row[], { copies, seconds }: PlanCost): Row => ({
  name: "in all",
  onts: rows.reduce((sum, { onts }) => sum + onts, 0),
  bytes: rows.reduce((sum, { bytes }) => sum + bytes, 0),
  copies,
  downstreamBytes: rows.reduce((sum, { downstreamBytes }) => sum + downstreamBytes, 0),
  seconds,
});
