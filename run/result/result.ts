/** Puts `result.json` together from counters, times and ONTs. Pure: no clock, no files, no knowledge of who ran it. */
import type { OltStatus } from "../../olt/core/types.ts";
import { reasonsOf } from "./reasons.ts";
import { inBaseline } from "./words.ts";
import { ontResultOf } from "./ont-result.ts";
import { percentile } from "../../base/statistics/index.ts";
import {
  RESULT_SCHEMA,
  type CounterTotals,
  type Forecast,
  type GroupResult,
  type HostFacts,
  type ImageFacts,
  type OntFinal,
  type OntOutcome,
  type OntResult,
  type PoncastBuild,
  type RunResult,
  type RunVerdict,
} from "./types.ts";
import type { LinkTraffic } from "../../pon/index.ts";
import type { PayloadPlan } from "../payloads/types.ts";

const NS_PER_SECOND = 1e9;
const BITS_PER_BYTE = 8;

/** Everything a result is made of; the process and the virtual runner fill it alike. */
export interface ResultInputs {
  /** Default: nobody said. */
  poncast?: PoncastBuild | undefined;
  /** Asked where the run came to its end. */
  forecast?: ((plan?: PayloadPlan) => Forecast | undefined) | undefined;
  /** The resolved scenario, as it goes into the result. */
  scenario: unknown;
  seed: number;
  clock: "wall" | "virtual";
  image: ImageFacts;
  /** Of what the OLT may send, by its numbers; left out: the image alone. */
  payloadNames?: readonly string[];
  /** Default: omci. */
  road?: GroupResult["road"];
  /** Of each group, where a run has several roads. */
  groupRoads?: readonly GroupResult["road"][];
  /** What the run was to send, where there was more than one image. */
  plan?: PayloadPlan | undefined;
  /** Last status of the OLT; undefined when there never was one. */
  olt: OltStatus | undefined;
  /** Of all OLT processes of the run together. */
  counters: CounterTotals;
  onts: readonly OntFinal[];
  /** Outcome of each, in their order. */
  expected: readonly OntOutcome[];
  downstream: LinkTraffic;
  upstream: LinkTraffic;
  /** Why the run ended before the OLT was done, else empty. */
  endedEarly: string;
  /** What else of the run as a whole is not as expected, a line each. */
  remarks?: readonly string[];
  /** First process started to all ONTs up; 0 in virtual time. */
  spawnSeconds: number;
  totalSeconds: number;
  host?: HostFacts;
}

function secondsBetween(fromNs: number, toNs: number): number | null {
  return fromNs >= 0 && toNs >= fromNs ? (toNs - fromNs) / NS_PER_SECOND : null;
}

function timingOf(inputs: ResultInputs, ontResults: readonly OntResult[]): RunResult["timing"] {
  const { olt } = inputs;
  const each = ontResults.flatMap((ont) => (ont.downloadSeconds === null ? [] : [ont.downloadSeconds]));
  const sorted = each.toSorted((first, second) => first - second);
  return {
    spawnSeconds: inputs.spawnSeconds,
    downloadSeconds: olt ? secondsBetween(olt.firstStartNs, olt.lastEndNs) : null,
    activateSeconds: olt ? secondsBetween(olt.firstActivateNs, olt.lastCommitNs) : null,
    totalSeconds: inputs.totalSeconds,
    p50Seconds: percentile(sorted, 0.5),
    p95Seconds: percentile(sorted, 0.95),
    p99Seconds: percentile(sorted, 0.99),
  };
}

/** Delivered: to the ONTs whose download ended well, so that a failed ONT does not count as goodput. */
function goodputOf(imageBytes: number, downloadSeconds: number | null, delivered: number): RunResult["goodput"] {
  if (downloadSeconds === null || downloadSeconds === 0) {
    return { imageBitsPerSecond: null, deliveredBitsPerSecond: null };
  }
  const imageBitsPerSecond = Math.round((imageBytes * BITS_PER_BYTE) / downloadSeconds);
  return {
    imageBitsPerSecond,
    deliveredBitsPerSecond: Math.round((delivered * imageBytes * BITS_PER_BYTE) / downloadSeconds),
  };
}

function groupsOf(inputs: ResultInputs): GroupResult[] {
  const { olt, image } = inputs;
  if (!olt) return [];
  return olt.groups.map(({ why, payload, onts, startNs, endNs, payloadBytes }, number) => ({
    road: inputs.groupRoads?.[number] ?? inputs.road ?? "omci",
    payload: inputs.payloadNames?.[payload] ?? "image",
    onts,
    startSeconds: (startNs - olt.firstStartNs) / NS_PER_SECOND,
    endSeconds: endNs < 0 ? null : (endNs - olt.firstStartNs) / NS_PER_SECOND,
    copies: image.bytes === 0 ? 0 : payloadBytes / image.bytes,
    why,
  }));
}

function verdictOf(inputs: ResultInputs, ontResults: readonly OntResult[]): RunVerdict {
  const { expected, olt, endedEarly, remarks = [] } = inputs;
  const forecast = endedEarly === "" ? inputs.forecast?.(inputs.plan) : undefined;
  const reasons = reasonsOf(ontResults, expected, [endedEarly, olt?.stopReason ?? "", ...remarks]);
  return {
    asExpected: reasons.length === 0,
    reasons,
    modelCopies: forecast?.copies ?? null,
    modelSeconds: forecast?.seconds ?? null,
    modelLeavesOut: forecast?.leavesOut ?? [],
  };
}

/** Makes the `result.json` of a run. Pure: the same inputs give the same result. */
export function buildResult(inputs: ResultInputs): RunResult {
  const { image, counters } = inputs;
  const statusOf = new Map(inputs.olt?.onts.map((ont) => [ont.serial, ont]));
  const ontResults = inputs.onts.map((final) => {
    const status = statusOf.get(final.serial);
    const own = { ...image, sha256: final.targetSha256 ?? image.sha256 };
    const payload = inputs.plan && status && status.startedNs >= 0 ? inputs.payloadNames?.[status.payload] : undefined;
    return { ...ontResultOf(final, status, own, inputs.endedEarly), ...(payload !== undefined && { payload }) };
  });
  const count = (outcome: string): number => ontResults.filter((ont) => ont.outcome === outcome).length;
  const timing = timingOf(inputs, ontResults);
  const baselineOnts = inBaseline(inputs.olt?.onts ?? []);
  const delivered = ontResults.filter((ont) => ont.downloadSeconds !== null).length;
  return {
    schema: RESULT_SCHEMA,
    poncast: inputs.poncast ?? { version: "", commit: "" },
    scenario: inputs.scenario,
    seed: inputs.seed,
    clock: inputs.clock,
    image,
    onts: {
      total: ontResults.length,
      committed: count("committed"),
      rolledBack: count("rolledBack"),
      failed: count("failed"),
    },
    verdict: verdictOf(inputs, ontResults),
    ...(baselineOnts > 0 && { baselineOnts }),
    ...(inputs.plan && { plan: inputs.plan }),
    groups: groupsOf(inputs),
    downstream: {
      ...inputs.downstream,
      sections: counters.sections,
      repairSections: counters.repairSections,
      windows: counters.windows,
      imageCopies: image.bytes === 0 ? 0 : counters.sectionPayloadBytes / image.bytes,
    },
    upstream: inputs.upstream,
    timing,
    goodput: goodputOf(image.bytes, timing.downloadSeconds, delivered),
    ontResults,
    ...(inputs.host && { host: inputs.host }),
  };
}
