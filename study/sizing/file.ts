/**
 * What an update by update.zip costs: visits, one after another, as far apart as the scenario says; nothing leaves the headend.
 * A device's own time is what its flash takes.
 */
import type { PayloadPlan } from "../../run/index.ts";
import type { Scenario } from "../../scenarios/index.ts";
import type { HttpsSizing } from "./https.ts";
import { sizingInputOf } from "./input.ts";
import { classesOf } from "./takers.ts";

/** The headend sends nothing: what each device reads is in `bytesPerDevice`. */
export interface FileSizing extends HttpsSizing {
  /** From one visit to the next; 0: all have the file at once. */
  everySeconds: number;
}

/** @param plan of deltas, made for the road file; absent: whole images */
export function sizeFile(scenario: Scenario, plan?: PayloadPlan): FileSizing {
  const input = sizingInputOf(scenario);
  const { eraseNs, writeBytesPerSecond } = input.flash;
  const { everySeconds, readBytesPerSecond } = scenario.updateZip;
  const rate = Math.min(readBytesPerSecond, writeBytesPerSecond);
  const classes = classesOf(scenario, plan, input).filter(({ onts }) => onts > 0);
  const onts = classes.reduce((sum, each) => sum + each.onts, 0);
  const readBytes = classes.reduce((sum, each) => sum + each.onts * each.bytes, 0);
  // Who has which payload is spread over the round: the mean, and at its end the longest.
  const own = classes.map(({ bytes, storeSeconds }) => eraseNs / 1e9 + bytes / rate + storeSeconds);
  const meanSeconds = classes.reduce((sum, each, at) => sum + each.onts * own[at], 0) / Math.max(1, onts);
  const at = (share: number): number => Math.max(0, Math.ceil(onts * share) - 1) * everySeconds;
  return {
    onts,
    everySeconds,
    sentBytes: 0,
    copies: 0,
    bytesPerDevice: readBytes / Math.max(1, onts),
    seconds50: at(0.5) + meanSeconds,
    seconds95: at(0.95) + meanSeconds,
    seconds100: at(1) + Math.max(0, ...own),
    meanBitsPerSecond: 0,
    peakBitsPerSecond: 0,
  };
}
