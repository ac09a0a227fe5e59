/** What a run is to send, as text, before it starts. */
import { bytesText, copiesText, plural } from "../base/text/index.ts";
import type { PayloadPlan } from "../run/payloads/index.ts";
import type { Forecast } from "../run/result/types.ts";

const PER_CENT = 100;

/** A line for each payload, one for what they come to, one for each delta that is not sent. */
export function planLines(plan: PayloadPlan, forecast: Forecast | undefined): string[] {
  const { payloads, bytes, wholeBytes, notes } = plan;
  const each = payloads.map(({ name, bytes: size, onts }) => `  ${name}: ${bytesText(size)} to ${plural(onts, "ONT")}`);
  const share = wholeBytes === 0 ? 0 : (bytes / wholeBytes) * PER_CENT;
  const copies =
    forecast === undefined
      ? ""
      : `; with the losses of the scenario ${copiesText(forecast.copies)} copies of the image`;
  return [
    "to be sent:",
    ...each,
    `  in all ${bytesText(bytes)}, ${share.toFixed(1)} % of the ${bytesText(wholeBytes)} without deltas${copies}`,
    ...notes.map((note) => `  ${note}`),
  ];
}
