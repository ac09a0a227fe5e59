/** Whole image and deltas side by side: what `poncast size` says of a scenario that has several payloads. */
import type { Scenario } from "../../../scenarios/index.ts";
import { type PayloadShare, payloadSharesOf } from "../../../study/sizing/index.ts";
import { alignedText, bytesText, copiesText, countText, durationText, figuresRight } from "../../../base/text/index.ts";
import { UsageError } from "../../errors.ts";
import { percent } from "./describe.ts";

/** Nearer to each other than this, nobody would call them different. */
const SAME_SHARE = 0.0005;

/** @returns what is to be printed */
export function payloadsTable(scenario: Scenario, isJson: boolean): string {
  const shares = payloadSharesOf(scenario);
  if (shares === undefined)
    throw new UsageError("the model has no answer for so much loss; see `poncast run --virtual`");
  const { whole, parts, all, notes, rebuildSeconds } = shares;
  if (isJson) return JSON.stringify({ whole, payloads: parts, all, notes });
  const head = ["", "ONTs", "size", "copies of the image", "downstream", "time"];
  const cells = ({ name, onts, bytes, copies, downstreamBytes, seconds }: PayloadShare): string[] => [
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
    rebuildText(rebuildSeconds),
  ]
    .filter((text) => text !== "")
    .join("; ");
  const table = alignedText([head, cells(whole), ...parts.map(cells), cells(all)], figuresRight(head.length));
  return [table, saved, ...notes].join("\n");
}

/** @param share of what the image alone costs */
function changeText(share: number, what: string): string {
  if (Math.abs(1 - share) < SAME_SHARE) return `the same ${what}`;
  const fewer = what === "bytes" ? "fewer" : "less";
  return share < 1 ? `${percent(1 - share)} ${fewer} ${what}` : `${percent(share - 1)} more ${what}`;
}

/** Where the time goes that a delta seems not to save. */
function rebuildText(longest: number): string {
  return longest === 0 ? "" : `of it ${durationText(longest)} in which an ONT makes the image of its delta`;
}
