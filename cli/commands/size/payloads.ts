/** Whole image and deltas side by side: what `poncast size` says of a scenario that has several payloads. */
import { prepareImages } from "../../../run/index.ts";
import type { Scenario } from "../../../scenarios/index.ts";
import { planCost, type PlanCost, sizeScenario } from "../../../study/sizing/index.ts";
import { alignedText, bytesText, countText, durationText, figuresRight } from "../../../base/text/index.ts";
import { UsageError } from "../../errors.ts";
import { percent } from "./describe.ts";

export const hasPayloads = ({ image }: Scenario): boolean => image.deltas.length > 0 || image.variants.length > 1;

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
  const rows = cost.payloads.map(rowOf(scenario, whole.bytes));
  const all = totalOf(rows, cost);
  if (isJson) return JSON.stringify({ whole, payloads: rows, all, notes: plan.notes });
  const head = ["", "ONTs", "size", "copies of the image", "downstream", "time"];
  const cells = ({ name, onts, bytes, copies, downstreamBytes, seconds }: Row): string[] => [
    name,
    countText(onts),
    bytesText(bytes),
    copies.toFixed(3),
    bytesText(downstreamBytes),
    durationText(seconds),
  ];
  const saved = `${percent(1 - all.downstreamBytes / whole.downstreamBytes)} of the bytes and ${percent(1 - all.seconds / whole.seconds)} of the time are saved`;
  const table = alignedText([head, cells(whole), ...rows.map(cells), cells(all)], figuresRight(head.length));
  return [table, saved, ...plan.notes].join("\n");
}

/** Without deltas. */
function wholeRow(scenario: Scenario): Row {
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
