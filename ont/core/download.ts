/** Start software download (G.988 A.2.23, A.3.23), and how a download ends without an image. */
import {
  identityImageBytes,
  nextWindowBase,
  RESULT,
  type InstanceResult,
  type Message,
  type MessageHeader,
  GROUP_TCI_LAST,
} from "../../omci/index.ts";
import type { Refusal } from "./behaviour.ts";
import { Stretches } from "../../base/stretches/index.ts";
import { withImage, withPartial } from "./boot.ts";
import { roomCause, startCause } from "./conditions.ts";
import type { OntContext } from "./context.ts";
import { isRecoverable, slotOfInstance, STAGING, startIsLegal } from "./images.ts";
import { DownloadJob } from "./job.ts";
import { runningSha256 } from "./mib.ts";
import { identityBytes } from "./place.ts";
import type { FlashArea, Slot, UpdateState, VerifierOptions } from "./types.ts";

type StartRequest = Extract<Message, { type: "startDownloadRequest" }>;

/** Largest image an ONT takes, bytes, the size of its slots: a payload of 256 MiB, and room for what a bundle adds to it. */
export const IMAGE_BYTES_MAX = 256 * 1024 * 1024 + 64 * 1024;

/**
 * Flash operations that may still be under way when a download begins. More of them mean that the flash is behind with
 * downloads that were given up: a Start is answered "device busy" then, so that their number stays bounded.
 */
export const FLASH_BACKLOG_MAX = 16;

/**
 * Start software download. A download that runs is begun again; the image in the slot loses *valid* at once, first in
 * the boot record and then in the flash, so that a power cut between the two finds no half-erased image called valid.
 */
export function handleStart(context: OntContext, nowNs: number, request: StartRequest): void {
  const windowSections = context.behaviour.windowGranted(request.windowSections, context.config.maxWindowSections);
  const judged = judgeStart(context, request);
  if ("slot" in judged) begin(context, nowNs, request, { ...judged, windowSections });
  const result = "slot" in judged ? RESULT.ok : judged.result;
  context.answer(nowNs, request, {
    type: "startDownloadResponse",
    result,
    windowSections,
    instanceResults: instanceResults(context, request.instances, request.instanceId, result),
  });
}

/** @returns what a download needs to begin, or the result of a Start that begins none */
function judgeStart(
  context: OntContext,
  request: StartRequest,
): { slot: Slot; running: Slot | null } | { result: number } {
  const refuse = (refusal: Refusal): { result: number } => ({ result: context.behaviour.refusals[refusal] });
  const { running, record, waits, flash } = context;
  const slot = slotOfInstance(request.instanceId);
  // 0xFFFF marks a parallel download to several circuit packs, which an ONT of one piece has none of.
  if (slot === null) return refuse("unknownInstance");
  if (context.isStoring) return refuse("startWhileStoring");
  const isBusy = context.restart !== null || waits.size > 0 || flash.unfinished > FLASH_BACKLOG_MAX;
  if (isBusy) return { result: RESULT.deviceBusy };
  // A boot loader fills a slot that it does not boot by (diagnostic.ts).
  const isLegal =
    running === null ? context.diagnostic !== null && isRecoverable(record, slot) : startIsLegal(record, running, slot);
  if (!isLegal) return refuse("startOfImageInUse");
  // An image of no bytes cannot be verified, and one beyond the slot cannot be stored: neither helps to ask again.
  if (request.imageBytes === 0 || request.imageBytes > IMAGE_BYTES_MAX) return refuse("startOfImpossibleSize");
  const area = areaOf(context, slot);
  const { imageBytes } = request;
  const needed =
    area === STAGING ? { slotBytes: 0, stagingBytes: imageBytes } : { slotBytes: imageBytes, stagingBytes: 0 };
  const cause = roomCause(context.conditions, needed) ?? startCause(context.conditions);
  context.noteInstall("start", cause);
  if (cause !== null) return { result: cause === "room" ? RESULT.processingError : RESULT.deviceBusy };
  return { slot, running };
}

/** A delta that was announced goes to the staging area: the slot is what it makes. */
const areaOf = ({ config, announcedKind }: OntContext, slot: Slot): FlashArea =>
  config.deltaAware === true && announcedKind === "delta" ? STAGING : slot;

/** What an image, or a delta, has to be to be taken now. @param running null: nothing does, and none is replaced */
export function verifierOptions(
  { config, record }: OntContext,
  running: Slot | null,
  imageBytes: number,
): VerifierOptions {
  return {
    trustedKeys: config.trustedKeys,
    productCode: config.productCode,
    hardwareVersion: config.hardwareVersion,
    ...(running !== null && { runningVersion: record.slots[running]?.version ?? "" }),
    securityVersion: config.allowDowngrade === true ? 0 : (record.securityVersion ?? 0),
    imageBytes,
  };
}

function begin(
  context: OntContext,
  nowNs: number,
  request: StartRequest,
  { slot, running, windowSections }: { slot: Slot; running: Slot | null; windowSections: number },
): void {
  const { config, record } = context;
  const replaced = record.slots[slot];
  const area = areaOf(context, slot);
  const held = heldFor(context, area, request.imageBytes);
  if (replaced !== null) context.adoptRecord(withImage(record, slot, null));
  if (held.isEmpty) {
    context.adoptRecord(withPartial(context.record, null));
    if (!context.flash.willErase(area)) context.flash.push({ kind: "eraseSlot", slot: area });
  }
  context.stored = null;
  context.committedSinceStart = false;
  // Copies of the window taken in last may still come.
  const accepted = held.isEmpty ? null : (context.download?.accepted ?? null);
  context.download = new DownloadJob({
    slot,
    area,
    imageBytes: request.imageBytes,
    windowSections,
    verifier: config.createVerifier({
      ...verifierOptions(context, running, request.imageBytes),
      ...(area === STAGING && { accepts: "delta", baseSha256: runningSha256(context) }),
    }),
    replaced,
    chainBase: request.tci <= GROUP_TCI_LAST ? nextWindowBase(request.tci) : 0,
    identity: context.announced,
    held,
    keepsViews: context.behaviour.keepsViews,
  });
  context.download.accepted = accepted;
  context.setState("downloading");
  noteActivity(context, nowNs);
  context.refusal = 0;
  context.countCommand(request);
}

/** What of the image that the OLT announced lies in its area: of the download that runs, or of one that was cut off. */
function heldFor({ announced, download, record }: OntContext, area: FlashArea, imageBytes: number): Stretches {
  const isForIt = announced !== "" && identityImageBytes(identityBytes(announced)) === imageBytes;
  if (!isForIt) return new Stretches();
  if (download?.area === area && download.identity === announced && download.imageBytes === imageBytes)
    return new Stretches(download.held.all);
  const { partial } = record;
  const isOurs = partial?.slot === area && partial.identity === announced;
  return new Stretches(isOurs ? partial.held : []);
}

/**
 * Results per instance. With one instance listed the field answers none (k = 0) and OLTs write a zero there whatever
 * their target, so the list only counts from two on; then each instance gets its own result, the header's the overall one.
 */
export function instanceResults(
  context: OntContext,
  instances: readonly number[],
  target: number,
  result: number,
): InstanceResult[] {
  if (instances.length < 2) return [];
  const { refusals } = context.behaviour;
  return instances.map((instanceId) => {
    if (instanceId === target) return { instanceId, result };
    const isKnown = slotOfInstance(instanceId) !== null;
    return { instanceId, result: isKnown ? refusals.otherInstanceListed : refusals.unknownInstance };
  });
}

/** Ends the download without an image: back to S1 or S1', what came in is lost. */
export function endDownload(context: OntContext, nowNs: number, state: UpdateState, cause?: string): void {
  context.download = null;
  // Aborted or refused, it is not gone on with.
  context.adoptRecord(withPartial(context.record, null));
  // A storing job that is given up has stored nothing: the repeat of its End is out of place.
  context.stored = null;
  context.downloadDeadlineNs = Infinity;
  if (cause !== undefined) context.refuse(cause);
  answerPendingEnd(context, nowNs, RESULT.processingError);
  context.setState(state, cause);
}

/** Restarts the timer of ONTs that drop a stalled download. */
export function noteActivity(context: OntContext, nowNs: number): void {
  context.downloadDeadlineNs = nowNs + context.behaviour.downloadTimeoutNs;
}

/** Answers the End that waits for the storing job, if any. */
export function answerPendingEnd(context: OntContext, nowNs: number, result: number): void {
  const { pendingEnd } = context;
  if (pendingEnd === null) return;
  context.pendingEnd = null;
  answerEnd(context, nowNs, pendingEnd.request, result);
}

export function answerEnd(
  context: OntContext,
  nowNs: number,
  request: MessageHeader & { instances: readonly number[] },
  result: number,
): void {
  if (result === RESULT.ok) {
    context.refusal = 0;
    context.countCommand(request);
  }
  context.answer(nowNs, request, {
    type: "endDownloadResponse",
    result,
    instanceResults: instanceResults(context, request.instances, request.instanceId, result),
  });
}
