/** What went to how many ONTs, beside what was planned: for summary and report. */
import { bytesText, plural } from "../../base/text/index.ts";
import type { PayloadPlan } from "../payloads/types.ts";
import type { RunResult } from "./types.ts";

export interface SentPayload {
  name: string;
  bytes: number;
  /** ONTs that it was planned for, and those whose download of it ended well. */
  plannedOnts: number;
  onts: number;
  /** Of the whole image, in all passes over it. */
  copies: number;
}

/** How much of what images alone would come to: "5.1 %". */
export const planShareText = ({ bytes, wholeBytes }: PayloadPlan): string =>
  `${(wholeBytes === 0 ? 100 : (bytes / wholeBytes) * 100).toFixed(1)} %`;

/** In the order of the plan; an image that was sent in place of a delta is behind it. */
export function sentPayloads({ plan, ontResults, groups, image }: RunResult): SentPayload[] {
  if (plan === undefined) return [];
  const planned = plan.payloads.map(({ name, bytes, onts }) => ({ name, bytes, plannedOnts: onts }));
  const isElse = (name: string): boolean => !planned.some((one) => one.name === name);
  const others = new Set(groups.map(({ payload }) => payload).filter(isElse));
  const all = [...planned, ...[...others].map((name) => ({ name, bytes: image.bytes, plannedOnts: 0 }))];
  return all.map((one) => ({
    ...one,
    onts: ontResults.filter(({ payload, downloadSeconds }) => payload === one.name && downloadSeconds !== null).length,
    copies: groups.reduce((sum, { payload, copies }) => sum + (payload === one.name ? copies : 0), 0),
  }));
}

/** undefined where there was but one image to send, or no ONT for anything. */
export function sentText(result: RunResult): string | undefined {
  const { plan } = result;
  const sent = sentPayloads(result);
  if (plan === undefined || sent.length === 0) return undefined;
  const each = sent.map(({ name, bytes, onts, plannedOnts }) => {
    const planned = onts === plannedOnts ? "" : ` (planned ${plannedOnts})`;
    return `${name} of ${bytesText(bytes)} to ${plural(onts, "ONT")}${planned}`;
  });
  const share = plan.bytes === plan.wholeBytes ? "" : `; planned ${planShareText(plan)} of what images come to`;
  return `${each.join(", ")}${share}`;
}
