/** What the model says of a scenario's text, or what is wrong with it. Takes from milliseconds to seconds. */
import { InputError } from "../../../base/errors/index.ts";
import { campaignLines, hasCampaign } from "../../../run/campaign/index.ts";
import { prepareImages } from "../../../run/index.ts";
import { LIMITS, parseScenario, type Scenario, ScenarioError, YamlFile } from "../../../scenarios/index.ts";
import {
  meanLoss,
  planCost,
  type PlanCost,
  sizeCwmp,
  sizeFile,
  sizeHttps,
  sizeScenario,
  type Sizing,
  sizingInputOf,
  strategies,
  withStrategy,
} from "../../../study/sizing/index.ts";
import type {
  PayloadShare,
  PlanAnswer,
  PlanError,
  PlanHours,
  PlanRequest,
  SizingAnswer,
  WayCost,
} from "../plan-types.ts";
import { edited } from "./plan-edits.ts";

const FILE = "scenario";
const KIND = 'a scenario is a list of fields, such as "onts: 32"';
/** `scenario:3:5: olt.windowSections: …` */
const PLACED = new RegExp(`^${FILE}:(\\d+):(\\d+): (?:([\\w.]+): )?(.*)$`, "s");
const MINUTES_A_DAY = 1440;

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
    const fault = lossFault(scenario);
    const asked = hoursOf(hours);
    const errors = [
      ...(fault === undefined ? [] : [{ path: "impairments", line: 0, text: fault }]),
      ...(hours.trim() !== "" && asked === undefined
        ? [{ path: "hours", line: 0, text: "from-to by the clock, such as 02:00-05:00 or 23:00-01:30" }]
        : []),
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

/** Why the model has no answer that anybody would wait for; undefined: it has one. */
function lossFault(scenario: Scenario): string | undefined {
  const { loss, most } = meanLoss(sizingInputOf(scenario));
  if (loss <= most) return undefined;
  return `of 100 frames ${(loss * 100).toFixed(0)} are lost in the mean; the model takes up to ${most * 100} here; a run in virtual time tells more`;
}

/** Over midnight too. */
function hoursOf(text: string): PlanHours | undefined {
  const match = /^\s*(\d{1,2}):(\d\d)\s*(?:-|–|\.\.)\s*(\d{1,2}):(\d\d)\s*$/.exec(text);
  if (match === null) return undefined;
  const [fromHour, fromMinute, toHour, toMinute] = match.slice(1).map(Number);
  const [from, to] = [fromHour * 60 + fromMinute, toHour * 60 + toMinute];
  const isRight = [fromMinute, toMinute].every((minute) => minute < 60) && Math.max(from, to) <= MINUTES_A_DAY;
  if (!isRight || from % MINUTES_A_DAY === to % MINUTES_A_DAY) return undefined;
  return { startSeconds: from * 60, seconds: ((to - from + MINUTES_A_DAY) % MINUTES_A_DAY) * 60 };
}

function sized(scenario: Scenario, hours: PlanHours | null, deltas: boolean): SizingAnswer {
  const { pons, image } = scenario;
  const base = sizeScenario(scenario);
  const hasPayloads = (image.deltas.length > 0 && image.deltaPolicy !== "never") || image.variants.length > 1;
  const canPrepare = image.bytes <= LIMITS.runImageBytes;
  return {
    onts: base.onts,
    pons,
    imageBytes: base.imageBytes,
    ways: waysOf(scenario, hours),
    leavesOut: [...base.neglected],
    campaign: hasCampaign(scenario) ? campaignLines(scenario) : [],
    hasPayloads: hasPayloads && canPrepare,
    payloads: hasPayloads && canPrepare && deltas ? payloadsOf(scenario) : null,
    hours,
  };
}

function waysOf(scenario: Scenario, hours: PlanHours | null): WayCost[] {
  const { mode, recovery } = scenario.olt;
  const isOmci = scenario.road === "omci";
  const omci = strategies.map((strategy) =>
    omciWay(strategy.name, sizeScenario(withStrategy(scenario, strategy)), scenario, {
      isAsked: isOmci && strategy.mode === mode && (strategy.mode === "unicast" || strategy.recovery === recovery),
      hours,
    }),
  );
  // How far apart visits are nobody knows but who says it.
  const hasVisits = scenario.road === "file" || scenario.updateZip.everySeconds > 0;
  const beside = BESIDE.filter(({ road }) => road !== "file" || hasVisits).map((each) =>
    besideWay(each, scenario, hours),
  );
  const ways = [...omci, ...beside];
  return [...ways.filter(({ isAsked }) => isAsked), ...ways.filter(({ isAsked }) => !isAsked)];
}

const spareOf = (hours: PlanHours | null, seconds: number): number | null =>
  hours === null ? null : hours.seconds - seconds;

function omciWay(
  name: string,
  { imageCopies, downstreamBytes, seconds, shareOfLine, bitsPerSecond, peakBitsPerSecond, mode }: Sizing,
  { pons }: Scenario,
  { isAsked, hours }: { isAsked: boolean; hours: PlanHours | null },
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
  { road: "https", name: "HTTPS, each its own copy", size: sizeHttps },
  { road: "cwmp", name: "TR-069, each its own copy", size: sizeCwmp },
  { road: "file", name: "update.zip, visit by visit", size: sizeFile },
] as const;

function besideWay(
  { road, name, size }: (typeof BESIDE)[number],
  scenario: Scenario,
  hours: PlanHours | null,
): WayCost {
  const { copies, sentBytes, seconds50, seconds95, seconds100, meanBitsPerSecond, peakBitsPerSecond } = size({
    ...scenario,
    road,
  });
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

/** Whole image against deltas and variants: the images are made for it. */
function payloadsOf(scenario: Scenario): SizingAnswer["payloads"] {
  const { plan } = prepareImages(scenario);
  const cost = plan && planCost(scenario, plan);
  if (plan === undefined || cost === undefined) return null;
  const parts = cost.payloads.map((each) => payloadShare(each, scenario, plan.imageBytes));
  return { whole: wholeShare(scenario), parts, all: sumOf("in all", parts, cost), notes: [...plan.notes] };
}

function wholeShare(scenario: Scenario): PayloadShare {
  const over: Scenario = { ...scenario, image: { ...scenario.image, deltaPolicy: "never" } };
  const { plan } = scenario.image.variants.length > 1 ? prepareImages(over) : { plan: undefined };
  const cost = plan && planCost(scenario, plan);
  const name = "all by image";
  if (plan !== undefined && cost !== undefined)
    return sumOf(
      name,
      cost.payloads.map((each) => payloadShare(each, scenario, plan.imageBytes)),
      cost,
    );
  const { onts, imageBytes, imageCopies, downstreamBytes, seconds } = sizeScenario(scenario);
  return { name, onts, bytes: imageBytes, copies: imageCopies * scenario.pons, sentBytes: downstreamBytes, seconds };
}

function payloadShare(
  { payload, sizing, rebuildSeconds }: PlanCost["payloads"][number],
  { pons }: Scenario,
  wholeBytes: number,
): PayloadShare {
  const { name, onts, bytes } = payload;
  return {
    name,
    onts,
    bytes,
    copies: (sizing.imageCopies * bytes * pons) / wholeBytes,
    sentBytes: sizing.downstreamBytes,
    seconds: sizing.seconds + rebuildSeconds,
  };
}

const sumOf = (name: string, parts: readonly PayloadShare[], { copies, seconds }: PlanCost): PayloadShare => ({
  name,
  onts: parts.reduce((sum, { onts }) => sum + onts, 0),
  bytes: parts.reduce((sum, { bytes }) => sum + bytes, 0),
  copies,
  sentBytes: parts.reduce((sum, { sentBytes }) => sum + sentBytes, 0),
  seconds,
});
