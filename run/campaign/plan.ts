/** The campaign of a scenario, as its core takes it: times in milliseconds, rules read, what is absent filled in. */
import { type MaintenanceWindow, readWindow } from "../../base/maintenance/index.ts";
import {
  type CampaignDevice,
  type CampaignPlan,
  closingAfter,
  type WavePlan,
} from "../../headend/campaign/core/index.ts";
import type { CampaignFields, ImageRoad, Scenario } from "../../scenarios/index.ts";
import { RunInputError } from "../errors.ts";
import type { OntPlan } from "../fleet/plan.ts";

const MS_PER_SECOND = 1000;

/** What a scenario of several roads is updated by that says nothing of a campaign: at any time, all at once. */
const ALL_AT_ONCE: Omit<CampaignFields, "roads"> = {
  filter: {},
  windows: [],
  nights: 1,
  beginsAt: "1970-01-01T00:00Z",
  gatherSeconds: 30,
  canary: 0,
  wave: 0,
  success: 1,
  failure: 1,
};
const ROAD_DEFAULTS = { attempts: 3, takesLate: true, updateSeconds: 0 };

/** Whether somebody has to say which ONT takes which road, and when. */
export const hasCampaign = ({ campaign, fleet, road }: Pick<Scenario, "campaign" | "fleet" | "road">): boolean =>
  campaign !== undefined || fleet.some((group) => group.road !== undefined && group.road !== road);

export interface PlannedCampaign {
  plan: CampaignPlan;
  /** When virtual time begins, milliseconds since 1970. */
  beginsAtMs: number;
}

/**
 * @param targetVersion of the image that all are to run
 * @throws RunInputError for a window of no zone, and the like
 */
export function planCampaign(scenario: Scenario, targetVersion: string): PlannedCampaign {
  const fields = fieldsOf(scenario);
  const { nights, canary, wave, success, failure, filter } = fields;
  const beginsAtMs = Date.parse(fields.beginsAt);
  const windows = fields.windows.map(windowOf);
  const closesMs =
    windows.length > 0
      ? closingAfter(windows, beginsAtMs, nights)
      : beginsAtMs + scenario.olt.runSeconds * MS_PER_SECOND;
  const next: WavePlan = { devices: wave, successShare: success, failureShare: failure, pauseAfter: false };
  return {
    beginsAtMs,
    plan: {
      name: scenario.name,
      filter,
      targetVersion,
      windows,
      endsMs: closesMs,
      gatherMs: fields.gatherSeconds * MS_PER_SECOND,
      concurrency: fields.concurrency ?? Infinity,
      roads: fields.roads.map(({ road, attempts, takesLate, concurrency, updateSeconds, limitSeconds }) => ({
        road,
        attempts,
        takesLate,
        concurrency: concurrency ?? Infinity,
        updateMs: updateSeconds * MS_PER_SECOND,
        limitMs: (limitSeconds ?? Infinity) * MS_PER_SECOND,
      })),
      waves: canary > 0 ? [{ ...next, devices: canary }, next] : [next],
    },
  };
}

function fieldsOf({ campaign, fleet, road }: Scenario): CampaignFields {
  if (campaign !== undefined) return campaign;
  // Nobody else is beside file.
  const own = road === "file" ? [] : [road];
  const roads = new Set([...own, ...fleet.flatMap((group) => group.road ?? [])]);
  return { ...ALL_AT_ONCE, roads: [...roads].map((each) => ({ road: each, ...ROAD_DEFAULTS })) };
}

function windowOf(rule: string): MaintenanceWindow {
  const window = readWindow(rule);
  if (window === undefined)
    throw new RunInputError(`campaign.windows: ${rule} is not allowed; no such days or hours, or no such time zone`);
  return window;
}

/** What the campaign is told of an ONT. */
export const campaignDeviceOf = (
  { serial, properties, road, label }: OntPlan,
  scenario: Scenario,
  { roads }: Pick<CampaignPlan, "roads">,
): CampaignDevice => ({
  serial,
  product: properties.productCode,
  hardware: properties.hardware,
  version: properties.version,
  labels: label === undefined ? [] : [label],
  roads: roadsTo(road, scenario, roads),
});

/** Without a campaign an ONT has the road that it names, or the scenario's; with one all of its roads. */
function roadsTo(road: ImageRoad | undefined, scenario: Scenario, roads: CampaignPlan["roads"]): readonly string[] {
  if (road !== undefined) return [road];
  return scenario.campaign === undefined ? [scenario.road] : roads.map((each) => each.road);
}
