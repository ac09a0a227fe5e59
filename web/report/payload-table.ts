/** What was sent to whom: image and deltas, as planned and as it came. */
import { bytesText, copiesText, countText } from "../../base/text/index.ts";
import { planShareText, type RunResult, sentPayloads } from "../../run/result/index.ts";
import { figureTable } from "./figure.ts";
import { type Html, html } from "./html.ts";

/** Undefined where there was but one image to send. */
export function payloadTable(result: RunResult): Html | undefined {
  const { plan } = result;
  const sent = sentPayloads(result);
  if (plan === undefined || sent.length === 0) return undefined;
  const rows = sent.map(({ name, bytes, plannedOnts, onts, copies }) => [
    name,
    bytesText(bytes),
    countText(plannedOnts),
    countText(onts),
    copiesText(copies),
  ]);
  return html`<section class="wide" id="payloads">
    <h2>Payloads</h2>
    <p>
      Planned: ${bytesText(plan.bytes)} without losses, ${planShareText(plan)} of the ${bytesText(plan.wholeBytes)} that
      images come to.
    </p>
    ${figureTable(["Payload", "Size", "ONTs planned", "ONTs", "Copies of the image"], rows)}
    ${
      plan.notes.length > 0 &&
      html`<ul>
        ${plan.notes.map((note) => html`<li>${note}</li>`)}
      </ul>`
    }
  </section>`;
}
