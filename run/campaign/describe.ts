/** What a campaign is about to do, in lines for people, before it does it. */
import { durationText, percentText, plural } from "../../base/text/index.ts";
import { type CampaignPlan, isMemberOf, timeText } from "../../headend/campaign/core/index.ts";
import type { Scenario } from "../../scenarios/index.ts";
import { planFleet } from "../fleet/plan.ts";
import { campaignDeviceOf, planCampaign } from "./plan.ts";

const MS_PER_SECOND = 1000;

/** @throws RunInputError as planCampaign */
export function campaignLines(scenario: Scenario): string[] {
  const planned = planCampaign(scenario, scenario.image.version);
  const { plan } = planned;
  return [
    `campaign ${plan.name}:`,
    ...whoLines(scenario, planned),
    ...whenLines(planned),
    ...waveLines(plan),
    ...plan.roads.map((road) => roadLine(road, plan)),
  ].map((line, number) => (number === 0 ? line : `  ${line}`));
}

interface Kind {
  onts: number;
  late: number;
  away: number;
}

/** ONTs that are alike, as far as a campaign tells them apart. */
function whoLines(scenario: Scenario, { plan, beginsAtMs }: { plan: CampaignPlan; beginsAtMs: number }): string[] {
  const kinds = new Map<string, Kind>();
  let others = 0;
  for (const ont of planFleet(scenario)) {
    const device = campaignDeviceOf(ont, scenario, plan);
    if (!isMemberOf(device, plan.filter)) {
      others += 1;
      continue;
    }
    const name = `${device.hardware} running ${device.version}, by ${device.roads.join(", then ")}`;
    const kind = kinds.get(name) ?? { onts: 0, late: 0, away: 0 };
    kinds.set(name, kind);
    kind.onts += 1;
    if (beginsAtMs + ont.joinAtSeconds * MS_PER_SECOND >= plan.endsMs) kind.away += 1;
    else if (ont.joinAtSeconds > 0) kind.late += 1;
  }
  const lines = [...kinds].map(([name, { onts, late, away }]) => {
    const more = [...(late > 0 ? [`${late} come later`] : []), ...(away > 0 ? [`${away} not before it ends`] : [])];
    return `${plural(onts, "ONT")}, ${name}${more.length === 0 ? "" : ` (${more.join(", ")})`}`;
  });
  return others === 0 ? lines : [...lines, `not for ${plural(others, "ONT")}, as it is for others`];
}

function whenLines({ plan: { windows, endsMs }, beginsAtMs }: { plan: CampaignPlan; beginsAtMs: number }): string[] {
  const hours = windows.length === 0 ? "at any time" : windows.map(({ rule }) => rule).join(" and ");
  return [`${hours}; from ${timeText(beginsAtMs)}, ends ${timeText(endsMs)}`];
}

function waveLines({ waves, concurrency }: CampaignPlan): string[] {
  const lines = waves.map(({ devices, successShare }, number) => {
    const who = devices === 0 ? "all that are there" : plural(devices, "ONT");
    const which = waves.length === 1 ? (devices === 0 ? "at once" : "at a time") : number === 0 ? "first" : "then";
    const isFollowed = devices > 0;
    return `${which}: ${who}${isFollowed ? `, some of each kind; others when ${percentText(successShare)} have succeeded` : ""}`;
  });
  if (concurrency < Infinity) lines.push(`${plural(concurrency, "ONT")} under way at most`);
  return [...lines, `stops by itself when more than ${percentText(waves[0].failureShare)} of a wave fail`];
}

function roadLine(
  { road, attempts, takesLate, concurrency, updateMs, limitMs }: CampaignPlan["roads"][number],
  { windows }: CampaignPlan,
): string {
  const last = windows.length === 0 ? "" : " before the window closes at the latest";
  const takes = updateMs === 0 ? "" : `; begun ${durationText(updateMs / MS_PER_SECOND)}${last}`;
  const most = concurrency === Infinity ? "" : `; ${concurrency} at once`;
  const limit = limitMs === Infinity ? "" : `; stopped after ${durationText(limitMs / MS_PER_SECOND)}`;
  const whom = takesLate ? "whoever is there, late ones too" : "who is there when the wave begins";
  return `${road}: ${whom}; ${plural(attempts, "attempt")}${most}${takes}${limit}`;
}
