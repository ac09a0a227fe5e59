/** A run of a campaign in processes: what has to hold before it begins. Loaded late, as no other run needs it. */
import { windowAt } from "../../../base/maintenance/index.ts";
import { durationText } from "../../../base/text/index.ts";
import type { Scenario } from "../../../scenarios/index.ts";
import { acsConfigOf } from "../../cwmp/facts.ts";
import { RunInputError } from "../../errors.ts";
import { depotConfigOf } from "../../https/facts.ts";
import { makeHeadendIdentity } from "../../pull/identity.ts";
import type { MakePullProcesses } from "../../pull/road.ts";
import { type PlannedCampaign, planCampaign } from "../plan.ts";
import { CampaignProcesses } from "./processes.ts";

const MS_PER_SECOND = 1000;

/** @throws RunInputError for a campaign, or a headend of it, that cannot be */
export async function campaignProcesses(scenario: Scenario, nowSeconds: number): Promise<MakePullProcesses> {
  const planned = planOf(scenario);
  depotConfigOf(scenario);
  acsConfigOf(scenario);
  const identity = await makeHeadendIdentity(nowSeconds);
  return (options) => new CampaignProcesses(options, planned, identity);
}

function planOf(scenario: Scenario): PlannedCampaign {
  const planned = planCampaign(scenario, scenario.image.version);
  const { plan, beginsAtMs } = planned;
  const waits = plan.windows.map((window) => windowAt(window, beginsAtMs).opensMs - beginsAtMs);
  const waitSeconds = plan.windows.length === 0 ? 0 : Math.min(...waits) / MS_PER_SECOND;
  const { runSeconds } = scenario.olt;
  if (waitSeconds > runSeconds)
    throw new RunInputError(
      `campaign.windows: the first opens ${durationText(waitSeconds)} after the run begins, which may last ${durationText(runSeconds)} (olt.runSeconds); ` +
        `processes take their time: campaign.beginsAt sets their clock, --virtual waits for nothing`,
    );
  // Where nobody speaks of a campaign, it is known when all are there, and those are told of at one instant.
  return scenario.campaign === undefined ? { ...planned, plan: { ...plan, gatherMs: 1 } } : planned;
}
