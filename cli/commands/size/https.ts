/** The road https beside the ways of OMCI: what the headend sends, and when. */
import { prepareImages } from "../../../run/index.ts";
import { LIMITS, type Scenario } from "../../../scenarios/index.ts";
import { type HttpsSizing, type Sizing, sizeHttps } from "../../../study/sizing/index.ts";
import { alignedText, bytesText, durationText, figuresRight, rateText } from "../../../base/text/index.ts";
import { percent } from "./describe.ts";

interface HttpsRow {
  name: string;
  sizing: HttpsSizing;
}

/** The whole image to all; and with deltas, where the scenario has some and they can be made. */
export function httpsRows(scenario: Scenario): HttpsRow[] {
  const over: Scenario = { ...scenario, road: "https" };
  const whole = { name: "https, whole", sizing: sizeHttps(over) };
  if (over.image.deltas.length === 0 || over.image.bytes > LIMITS.runImageBytes) return [whole];
  const { plan } = prepareImages(over);
  return plan === undefined ? [whole] : [whole, { name: "https, deltas", sizing: sizeHttps(over, plan) }];
}

/** A scenario whose road it is. */
export function httpsText(scenario: Scenario, isJson: boolean): string {
  const rows = httpsRows(scenario);
  return isJson ? JSON.stringify(rows) : httpsTable(rows);
}

export function httpsTable(rows: readonly HttpsRow[]): string {
  const head = ["", "copies", "a device", "in all", "50 %", "95 %", "100 %", "headend, mean", "peak"];
  const cells = rows.map(({ name, sizing }) => [
    name,
    sizing.copies.toFixed(3),
    bytesText(sizing.bytesPerDevice),
    bytesText(sizing.sentBytes),
    ...[sizing.seconds50, sizing.seconds95, sizing.seconds100].map(durationText),
    rateText(sizing.meanBitsPerSecond),
    rateText(sizing.peakBitsPerSecond),
  ]);
  return alignedText([head, ...cells], figuresRight(head.length));
}

/** Like with like: where there are deltas, they go by both roads. @param multicast of one port */
export function savedLine(multicast: Sizing, { copies }: HttpsSizing, { pons }: Scenario): string {
  const share = 1 - (multicast.imageCopies * pons) / copies;
  return `multicast saves ${percent(share)} of what the headend sends over HTTPS`;
}
