/** What the model says of a scenario's text, or what is wrong with it. Takes from milliseconds to seconds. */
import { InputError } from "../../../base/errors/index.ts";
import { campaignLines, hasCampaign } from "../../../run/campaign/index.ts";
import { LIMITS, parseScenario, type Scenario, ScenarioError, YamlFile } from "../../../scenarios/index.ts";
import {
  besideModels,
  hasPayloads,
  hasVisits,
  HOURS_FORM,
  lossFaultOf,
  type NightHours,
  nightHoursIn,
  payloadSharesOf,
  sizeScenario,
  type Sizing,
  strategies,
  withStrategy,
} from "../../../study/sizing/index.ts";
import type { PlanAnswer, PlanError, PlanRequest, SizingAnswer, WayCost } from "../plan-types.ts";
import { edited } from "./plan-edits.ts";

const FILE = "scenario";
const KIND = 'a scenario is a list of fields, such as "onts: 32"';
/** `scenario:3:5: olt.windowSections: …` */
const PLACED = new RegExp(`^${FILE}:(\\d+):(\\d+): (?:([\\w.]+): )?(.*)$`, "s");

export function planAnswer({ yaml, edits = [], hours = "", deltas = false }: PlanRequest): PlanAnswer {
  let text = yaml;
  let input: PlanAnswer["input"] = {};
  const answer = (errors: PlanError[], sizing: SizingAnswer | null): PlanAnswer => ({
    yaml: text,
    input,
    errors,
    sizing,
  });
  try {
    text = edited(yaml, edits);
    input = new YamlFile(text, FILE, KIND).input;
    const scenario = parseScenario(text, FILE, [], "model");
    const fault = lossFaultOf(scenario);
    const asked = nightHoursIn(hours);
    const errors = [
      ...(fault === undefined
        ? []
        : [{ path: "impairments", line: 0, text: `${fault}; a run in virtual time tells more` }]),
      ...(hours.trim() !== "" && asked === undefined ? [{ path: "hours", line: 0, text: HOURS_FORM }] : []),
    ];
    return answer(errors, fault === undefined ? sized(scenario, asked ?? null, deltas) : null);
  } catch (error) {
    return answer(errorsOf(error), null);
  }
}

/** @throws what is no mistake of the text */
function errorsOf(error: unknown): PlanError[] {
  if (!(error instanceof InputError)) throw error;
  const lines = error instanceof ScenarioError ? error.lines : [error.message];
  return lines.map((line) => {
    const placed = PLACED.exec(line);
    if (placed === null) return { path: "", line: 0, text: line };
    const [, at, , path = "", text] = placed;
    return { path, line: Number(at), text };
  });
}

function sized(scenario: Scenario, hours: NightHours | null, deltas: boolean): SizingAnswer {
  const { pons, image } = scenario;
  const base = sizeScenario(scenario);
  const isPrepared = hasPayloads(scenario) && image.bytes <= LIMITS.runImageBytes;
  return {
    onts: base.onts,
    pons,
    imageBytes: base.imageBytes,
    ways: waysOf(scenario, hours),
    leavesOut: [...base.neglected],
    campaign: hasCampaign(scenario) ? campaignLines(scenario) : [],
    hasPayloads: isPrepared,
    payloads: isPrepared && deltas ? (payloadSharesOf(scenario) ?? null) : null,
    hours,
  };
}

function waysOf(scenario: Scenario, hours: NightHours | null): WayCost[] {
  const { mode, recovery } = scenario.olt;
  const isOmci = scenario.road === "omci";
  const omci = strategies.map((strategy) =>
    omciWay(strategy.name, sizeScenario(withStrategy(scenario, strategy)), scenario, {
      isAsked: isOmci && strategy.mode === mode && (strategy.mode === "unicast" || strategy.recovery === recovery),
      hours,
    }),
  );
  const beside = BESIDE.filter(({ road }) => road !== "file" || hasVisits(scenario)).map((each) =>
    besideWay(each, scenario, hours),
  );
  const ways = [...omci, ...beside];
  return [...ways.filter(({ isAsked }) => isAsked), ...ways.filter(({ isAsked }) => !isAsked)];
}

const spareOf = (hours: NightHours | null, seconds: number): number | null =>
  hours === null ? null : hours.seconds - seconds;

function omciWay(
  name: string,
  { imageCopies, downstreamBytes, seconds, shareOfLine, bitsPerSecond, peakBitsPerSecond, mode }: Sizing,
  { pons }: Scenario,
  { isAsked, hours }: { isAsked: boolean; hours: NightHours | null },
): WayCost {
  return {
    name: mode === "unicast" ? "unicast" : `multicast, ${name}`,
    road: "omci",
    isAsked,
    copies: imageCopies * pons,
    sentBytes: downstreamBytes,
    seconds,
    reached: null,
    shareOfLine,
    meanBitsPerSecond: bitsPerSecond * pons,
    peakBitsPerSecond: peakBitsPerSecond * pons,
    spareSeconds: spareOf(hours, seconds),
  };
}

/** Roads beside OMCI, by which each ONT has its own copy. */
const BESIDE = [
  { road: "https", name: "HTTPS, each its own copy" },
  { road: "cwmp", name: "TR-069, each its own copy" },
  { road: "file", name: "update.zip, visit by visit" },
] as const;

function besideWay({ road, name }: (typeof BESIDE)[number], scenario: Scenario, hours: NightHours | null): WayCost {
  const { copies, sentBytes, seconds50, seconds95, seconds100, meanBitsPerSecond, peakBitsPerSecond } = besideModels[
    road
  ]({ ...scenario, road });
  return {
    name,
    road,
    isAsked: scenario.road === road,
    copies,
    sentBytes,
    seconds: seconds100,
    reached: [seconds50, seconds95, seconds100],
    shareOfLine: null,
    meanBitsPerSecond,
    peakBitsPerSecond,
    spareSeconds: spareOf(hours, seconds100),
  };
}
