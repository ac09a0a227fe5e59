/**
 * What of a scenario the sizing model goes by, and what it has to leave out. The formulas themselves see no scenario.
 */
import { statSync } from "node:fs";
import { MANIFEST_AT, SEAL_BYTES, SIGNATURE_BYTES, encodeManifest } from "../../image/index.ts";
import { type MessageSet, supportsExtended, WINDOW_SECTIONS_MAX } from "../../omci/index.ts";
import { INITIAL_ANSWER_NS } from "../../olt/index.ts";
import { DownstreamLine, lineProfiles, propagationNs } from "../../pon/virtual/index.ts";
import { isServed, RunInputError } from "../../run/index.ts";
import { type Impairment, LIMITS, type Scenario } from "../../scenarios/index.ts";
import { type OntPlan, planFleet, quirkProfileOf, toOltConfig } from "../../run/fleet/index.ts";
import { grantPlan } from "../../run/virtual/index.ts";
import { type BurstChannel, meanBurstLoss } from "./chance.ts";
import { DISCOVERY_QUESTIONS } from "./control.ts";
import { neglectedOf } from "./neglected.ts";
import { laterOf } from "./returns.ts";
import type { FlashFacts, LineFacts, Receivers, SizingInput } from "./types.ts";

/** One of several payloads, and who is sent it. */
export interface SizingPart {
  imageBytes: number;
  takes: (plan: OntPlan) => boolean;
}

/**
 * What the model needs of a scenario.
 *
 * @param part of what the scenario sends, this; left out: the image, to all
 * @throws RunInputError for an image file that cannot be read, InputError for grants that do not fit
 */
export function sizingInputOf(scenario: Scenario, part?: SizingPart): SizingInput {
  const config = toOltConfig(scenario);
  const fleet = planFleet({ ...scenario, pons: 1 });
  const willing = fleet.filter((plan) => isServed(plan, scenario) && part?.takes(plan) !== false);
  const beginSeconds = discoverySecondsOf(scenario, willing);
  const eligible = willing.filter(({ joinAtSeconds }) => joinAtSeconds <= beginSeconds);
  const messageSetOf = (plan: OntPlan): MessageSet =>
    config.messageSet === "extended" && supportsExtended(plan.properties.omccVersion) ? "extended" : "baseline";
  const groupOf = (plan: OntPlan): string => {
    const slot = config.instance === "group" ? plan.slot : "any";
    return config.mode === "unicast" ? "all" : `${messageSetOf(plan)}/${slot}`;
  };
  const groups = new Map<string, OntPlan[]>();
  for (const plan of eligible) {
    const key = groupOf(plan);
    groups.set(key, [...(groups.get(key) ?? []), plan]);
  }
  const kinds = [...groups.values()].map((plans) => receiversOf(plans, messageSetOf));
  const feederLoss = combined(scenario.impairments.map((each) => (each.kind === "feederLoss" ? each.chance : 0)));
  const { answerTimeoutMinNs, answerTimeoutNs, busyPollNs, sendsMax } = config.limits;
  return {
    mode: config.mode,
    recovery: config.recovery,
    messageSet: config.messageSet,
    windowSections: config.windowSections,
    sectionBytes: config.sectionBytes,
    imageBytes: part?.imageBytes ?? bundleBytesOf(scenario),
    pons: scenario.pons,
    ontsOnPon: scenario.onts,
    groups: kinds,
    ...laterOf(scenario, willing, { beginSeconds, groupOf, kindOf: (plan) => receiversOf([plan], messageSetOf)[0] }),
    feederLoss,
    concurrency: config.concurrency,
    patience: config.patience,
    proactive: config.proactive,
    padLastWindow: config.padLastWindow,
    line: lineFactsOf(scenario, willing, config.rateBytesPerSecond),
    flash: flashFactsOf(willing),
    answerFloorNs: answerTimeoutMinNs,
    answerCeilingNs: answerTimeoutNs,
    sendsMax,
    busyPollNs,
    neglected: neglectedOf(scenario, fleet, {
      groups: kinds,
      feederLoss,
      mode: config.mode,
      recovery: config.recovery,
    }),
  };
}

/** Rounds of a window are followed by their chances: in parity, where ONTs lose much, through so many states that nobody waits for it. */
const PARITY_LOSS_MAX = 0.15;
/** Where hardly anything arrives, nobody waits for the download itself. */
const LOSS_MAX = 0.4;

/** Share of frames that is lost in the mean over the ONTs that share a pass, the worse way of the two; and up to which the model says something. */
export function meanLoss({ groups, feederLoss, mode, recovery }: SizingInput): { loss: number; most: number } {
  const kinds = groups.flat();
  const onts = kinds.reduce((sum, kind) => sum + kind.onts, 0);
  const lost = kinds.reduce(
    (sum, { onts: alike, lossDown, lossUp }) => sum + alike * Math.max(lossUp, combined([lossDown, feederLoss])),
    0,
  );
  const isParity = mode === "multicast" && recovery === "parity";
  return { loss: onts === 0 ? 0 : lost / onts, most: isParity ? PARITY_LOSS_MAX : LOSS_MAX };
}

/** Chance that at least one of several independent losses happens. */
const combined = (chances: readonly number[]): number => 1 - chances.reduce((kept, chance) => kept * (1 - chance), 1);

/** How long the OLT asks those that are there from the beginning: whoever comes meanwhile is one of them. */
function discoverySecondsOf({ pon }: Scenario, plans: readonly OntPlan[]): number {
  const unasked = plans.reduce((chance, { joinAtSeconds, impairments }) => {
    const { lossDown, lossUp } = lossesOf(impairments);
    return joinAtSeconds > 0 ? chance : chance * ((1 - lossDown) * (1 - lossUp)) ** DISCOVERY_QUESTIONS;
  }, 1);
  return ((1 - unasked) * INITIAL_ANSWER_NS) / 1e9 + (DISCOVERY_QUESTIONS * pon.grantCycleMicroseconds) / 1e6;
}

/** Size of the file that is sent: a bundle around the payload, unless it is one already. */
function bundleBytesOf({ image, olt }: Scenario): number {
  const { file, bytes, version, productCode, hardware, minimumVersion, securityVersion } = image;
  let payloadBytes = bytes;
  if (file !== undefined) {
    try {
      payloadBytes = statSync(file).size;
    } catch {
      throw new RunInputError(`image: ${file}: cannot be read`);
    }
    if (payloadBytes < 1 || payloadBytes > LIMITS.imageBytes)
      throw new RunInputError(`image: ${file}: ${payloadBytes} bytes are not allowed; 1 to ${LIMITS.imageBytes}`);
    if (image.keyFile !== undefined || olt.force) return payloadBytes;
  }
  const fields = { version, productCode, hardware: [...hardware], minimumVersion, securityVersion, buildTime: 0 };
  const manifest = encodeManifest({ ...fields, payloadBytes });
  return MANIFEST_AT + manifest.length + SIGNATURE_BYTES + payloadBytes + SEAL_BYTES;
}

/** ONTs of a group that are alike, counted. */
function receiversOf(plans: readonly OntPlan[], messageSetOf: (plan: OntPlan) => MessageSet): Receivers[] {
  const kinds = new Map<string, Receivers>();
  for (const plan of plans) {
    const { properties, impairments } = plan;
    const quirks = quirkProfileOf(properties.quirk, "ont.quirk");
    const receivers: Receivers = {
      onts: 0,
      messageSet: messageSetOf(plan),
      windowSections: Math.min(
        quirks.grantsAnyWindow === true ? WINDOW_SECTIONS_MAX : properties.maxWindowSections,
        quirks.windowSectionsMax ?? WINDOW_SECTIONS_MAX,
      ),
      ...lossesOf(impairments),
      recoveryAware: properties.recoveryAware,
      parityAware: properties.recoveryAware && properties.parityAware,
      placeAware: properties.recoveryAware && properties.placeAware,
      keepsSections: quirks.discardsPartialWindow !== true && quirks.strictOrder !== true,
    };
    const key = JSON.stringify(receivers);
    const kind = kinds.get(key) ?? receivers;
    kind.onts++;
    kinds.set(key, kind);
  }
  return [...kinds.values()];
}

function lossesOf(impairments: readonly Impairment[]): Pick<Receivers, "lossDown" | "lossUp" | "burst"> {
  const down: number[] = [];
  const up: number[] = [];
  let burst: BurstChannel | undefined;
  for (const each of impairments) {
    if (each.kind !== "loss" && each.kind !== "corruption" && each.kind !== "burstLoss") continue;
    const chance = each.kind === "burstLoss" ? meanBurstLoss(each) : each.chance;
    if (each.direction !== "up") down.push(chance);
    if (each.direction !== "down") up.push(chance);
    if (each.kind === "burstLoss" && each.direction !== "up") burst = each;
  }
  return { lossDown: combined(down), lossUp: combined(up), burst: burst && withOthers(burst, down) };
}

/** The burst channel with the other losses in each of its states. */
function withOthers(channel: BurstChannel, down: readonly number[]): BurstChannel {
  const others = 1 - (1 - combined(down)) / (1 - meanBurstLoss(channel));
  const { goodToBad, badToGood, lossGood, lossBad } = channel;
  return {
    goodToBad,
    badToGood,
    lossGood: combined([lossGood, others]),
    lossBad: combined([lossBad, others]),
  };
}

function lineFactsOf(scenario: Scenario, plans: readonly OntPlan[], budgetBytesPerSecond: number): LineFacts {
  const { pon, onts, impairments } = scenario;
  const profile = lineProfiles[pon.profile];
  const { cycleNs, grantBytes } = grantPlan(scenario, onts);
  const allocations = Math.ceil((onts * profile.frameNs) / cycleNs);
  const distances = plans.map(({ distanceKm }) => propagationNs(distanceKm));
  const delayOf = (direction: "down" | "up"): number => {
    const acting = impairments.flatMap((each) =>
      each.kind === "latency" && (each.direction === "both" || each.direction === direction) ? [each.meanMs * 1e6] : [],
    );
    return acting.reduce((sum, each) => sum + each, 0);
  };
  const limits = impairments.flatMap((each) =>
    each.kind === "rateLimit" && each.direction !== "up" ? [each.bytesPerSecond] : [],
  );
  return {
    profile,
    trailerBytes: pon.trailer === "none" ? 0 : 4,
    lineBytesPerSecond: new DownstreamLine(profile, allocations).bytesPerSecond,
    budgetBytesPerSecond: Math.min(budgetBytesPerSecond, ...limits),
    feedBytesPerSecond: (pon.headendBitsPerSecond ?? Infinity) / 8,
    sectionNs: Math.max(0, ...plans.map(({ properties }) => properties.sectionMicroseconds * 1e3)),
    travelNs: distances,
    delayDownNs: delayOf("down"),
    delayUpNs: delayOf("up"),
    cycleNs,
    slotNs: Math.ceil((grantBytes * 8e9) / profile.upBitsPerSecond) + profile.burstOverheadNs,
    grantBytes,
  };
}

function flashFactsOf(plans: readonly OntPlan[]): FlashFacts {
  const each = plans.map(({ properties }) => properties);
  return {
    eraseNs: Math.max(0, ...each.map(({ flashEraseMs }) => flashEraseMs * 1e6)),
    writeBytesPerSecond: Math.min(...each.map(({ flashWriteBytesPerSecond }) => flashWriteBytesPerSecond)),
    verifyBytesPerSecond: Math.min(...each.map(({ flashVerifyBytesPerSecond }) => flashVerifyBytesPerSecond)),
  };
}
