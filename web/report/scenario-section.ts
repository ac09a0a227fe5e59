/** The part of a run's page that says what was asked of it. */
import { stringify } from "yaml";
import { bytesText, plural, rateText } from "../../base/text/index.ts";
import { isWithoutBytes } from "../../run/index.ts";
import { type Html, html } from "./html.ts";
import type { RunReport } from "./run-model.ts";

/** What was run: the settings that matter most, and the whole scenario folded away. */
export function scenarioSection({ scenario, result }: RunReport): Html {
  const { olt, pon, image, impairments, faults } = scenario;
  const multicast = olt.mode === "multicast";
  const rows: [label: string, value: string][] = [
    [
      "Distribution",
      multicast ? `multicast (extension), recovery by ${olt.recovery}` : `unicast, ${olt.concurrency} ONTs at a time`,
    ],
    ["Messages", `${olt.messageSet}, windows of ${plural(olt.windowSections, "section")}`],
    [
      "Image",
      `${bytesText(result.image.bytes)}, version ${result.image.version || "unknown"}, ${isWithoutBytes(scenario) ? "a payload without bytes, named" : "SHA-256"} ${result.image.sha256}`,
    ],
    [
      "ONTs",
      `${scenario.onts} on ${plural(scenario.pons, "port")}, ${pon.distanceKm.least} to ${pon.distanceKm.most} km`,
    ],
    ["Line", `${pon.profile}, trailer ${pon.trailer}, encapsulation ${pon.encapsulation}`],
    [
      "Budget",
      olt.rateBytesPerSecond === undefined
        ? "none: as fast as the link takes it"
        : `${rateText(olt.rateBytesPerSecond * 8)} a port`,
    ],
    ["Impairments", impairments.length === 0 ? "none for all ONTs" : impairments.map(impairmentText).join("; ")],
    ["Faults", faults.length === 0 ? "none" : plural(faults.length, "planned fault")],
    ["Image fault", image.fault],
  ];
  return html`<section class="wide" id="scenario">
    <h2>Scenario</h2>
    ${scenario.description !== "" && html`<p class="question">${scenario.description}</p>`}
    <dl class="facts">
      ${rows.map(
        ([label, value]) =>
          html`<div>
            <dt>${label}</dt>
            <dd>${value}</dd>
          </div>`,
      )}
    </dl>
    <details>
      <summary>All fields (scenario.yaml)</summary>
      <pre>${stringify(scenario)}</pre>
    </details>
  </section>`;
}

function impairmentText(impairment: { kind: string }): string {
  const { kind, ...fields } = impairment;
  const texts = Object.entries(fields).map(
    ([name, value]) => `${name} ${typeof value === "string" ? value : JSON.stringify(value)}`,
  );
  return `${kind} (${texts.join(", ")})`;
}
