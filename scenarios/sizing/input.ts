import { sectionDataBytes } from "../../omci/index.ts";
import { framePayloadBytes, gemFrameBytes, lineProfiles, propagationNs } from "../../pon/virtual/index.ts";
import type { Scenario } from "../schema/index.ts";

/** A section's OMCI frame beside its data: header and section number; extended has a length field as well. */
const FRAME_BYTES = { baseline: 44 - 31, extended: 11 } as const;
const TRAILER_BYTES = 4;

/** What the model goes by: a scenario, reduced to numbers. Times in seconds. */
export interface SizingInput {
  onts: number;
  pons: number;
  imageBytes: number;
  mode: "multicast" | "unicast";
  recovery: Scenario["olt"]["recovery"];
  messageSet: "baseline" | "extended";
  windowSections: number;
  sectionBytes: number;
  sections: number;
  proactive: number | "auto";
  patience: number;
  concurrency: number;
  lossDown: number;
  lossUp: number;
  /** GEM frame of a section on the line, bytes. */
  sectionFrameBytes: number;
  /** What the OMCC may use, and what the line can carry: bytes of GEM frames per second, of one port. */
  rateBytesPerSecond: number;
  lineBytesPerSecond: number;
  propagationSeconds: number;
  grantCycleSeconds: number;
  answerTimeoutMinSeconds: number;
  answerTimeoutSeconds: number;
  busyPollSeconds: number;
  flash: { eraseSeconds: number; writeBytesPerSecond: number; verifyBytesPerSecond: number };
  /** What of the scenario the model leaves out, in words. */
  leftOut: string[];
}

/** @param bundleBytes bytes of manifest and signatures around the payload */
export function inputOf(scenario: Scenario, bundleBytes: number): SizingInput {
  const { olt, pon, ont, impairments, fleet } = scenario;
  const sectionBytes = olt.messageSet === "baseline" ? sectionDataBytes("baseline") : olt.sectionBytes;
  const imageBytes = scenario.image.bytes + bundleBytes;
  const profile = lineProfiles[pon.profile];
  const frameBytes = sectionBytes + FRAME_BYTES[olt.messageSet] + (pon.trailer === "none" ? 0 : TRAILER_BYTES);
  const lineBytesPerSecond = framePayloadBytes(profile, allocations(scenario)) / (profile.frameNs / 1e9);
  const share = (pon.headendBitsPerSecond ?? Infinity) / 8 / scenario.pons;
  const loss = (direction: "down" | "up"): number =>
    1 -
    impairments.reduce((through, impairment) => {
      const isLoss = impairment.kind === "loss" || impairment.kind === "corruption";
      const acts = isLoss && (impairment.direction === "both" || impairment.direction === direction);
      return acts ? through * (1 - impairment.chance) : through;
    }, 1);
  const windowSections = Math.min(olt.windowSections, ...fleet.map((group) => group.maxWindowSections ?? 256));
  return {
    onts: scenario.onts,
    pons: scenario.pons,
    imageBytes,
    mode: olt.mode,
    recovery: olt.recovery,
    messageSet: olt.messageSet,
    windowSections,
    sectionBytes,
    sections: Math.ceil(imageBytes / sectionBytes),
    proactive: olt.proactive,
    patience: olt.patience,
    concurrency: olt.concurrency,
    lossDown: loss("down"),
    lossUp: loss("up"),
    sectionFrameBytes: gemFrameBytes(profile, frameBytes),
    rateBytesPerSecond: Math.min(olt.rateBytesPerSecond ?? Infinity, lineBytesPerSecond, share),
    lineBytesPerSecond,
    propagationSeconds: propagationNs(pon.distanceKm.most) / 1e9,
    grantCycleSeconds: pon.grantCycleMicroseconds / 1e6,
    answerTimeoutMinSeconds: olt.answerTimeoutMinMs / 1e3,
    answerTimeoutSeconds: olt.answerTimeoutMs / 1e3,
    busyPollSeconds: olt.busyPollMs / 1e3,
    flash: {
      eraseSeconds: ont.flashEraseMs / 1e3,
      writeBytesPerSecond: ont.flashWriteBytesPerSecond,
      verifyBytesPerSecond: ont.flashVerifyBytesPerSecond,
    },
    leftOut: leftOutOf(scenario),
  };
}

/** Upstream allocations in each downstream frame. */
function allocations({ onts, pon }: Scenario): number {
  const { frameNs } = lineProfiles[pon.profile];
  return Math.ceil((onts * frameNs) / (pon.grantCycleMicroseconds * 1e3));
}

function leftOutOf({ impairments, fleet, faults }: Scenario): string[] {
  const kinds = new Set([...impairments, ...fleet.flatMap((group) => group.impairments)].map(({ kind }) => kind));
  const known: ReadonlySet<string> = new Set(["loss", "corruption"]);
  const out = [...kinds].filter((kind) => !known.has(kind)).map((kind) => `impairment ${kind}`);
  if (fleet.some((group) => group.impairments.length > 0)) out.push("losses of single ONTs");
  if (faults.length > 0) out.push("faults");
  if (fleet.some((group) => group.joinAtSeconds > 0)) out.push("late joiners");
  if (fleet.some((group) => group.expect === "skipped")) out.push("ONTs that are skipped");
  return out;
}
