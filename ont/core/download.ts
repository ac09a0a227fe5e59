import {
  nextWindowBase,
  RESULT,
  type InstanceResult,
  type Message,
  type MessageHeader,
  GROUP_TCI_LAST,
} from "../../omci/index.ts";
import { withImage } from "./boot.ts";
import type { OntContext } from "./context.ts";
import { slotOfInstance, startIsLegal } from "./images.ts";
import { DownloadJob } from "./job.ts";
import type { Slot, UpdateState } from "./types.ts";

type StartRequest = Extract<Message, { type: "startDownloadRequest" }>;

/** Largest image an ONT takes, bytes: the size of its slots. */
export const maxImageBytes = 64 * 1024 * 1024;

/**
 * Flash operations that may still be under way when a download begins. More of them mean that the flash is behind with
 * downloads that were given up: a Start is answered "device busy" then, so that their number stays bounded.
 */
export const flashBacklogMax = 16;

/** Largest window, sections (G.988 9.1.4). */
const windowSectionsMax = 256;

/**
 * Start software download. A download that runs is begun again; the image in the slot loses *valid* at once, first in
 * the boot record and then in the flash, so that a power cut between the two finds no half-erased image called valid.
 */
export function handleStart(ctx: OntContext, nowNs: number, request: StartRequest): void {
  const result = startResult(ctx, request);
  const slot = slotOfInstance(request.instanceId);
  const windowSections = result === RESULT.ok && slot !== null ? begin(ctx, nowNs, request, slot) : 0;
  const granted = windowSections === 0 ? grantable(ctx, request.windowSections) : windowSections;
  ctx.answer(nowNs, request, {
    type: "startDownloadResponse",
    result,
    windowSections: granted,
    instanceResults: instanceResults(ctx, request.instances, request.instanceId, result),
  });
}

function startResult(ctx: OntContext, request: StartRequest): number {
  const { quirks } = ctx.config;
  const slot = slotOfInstance(request.instanceId);
  // 0xFFFF marks a parallel download to several circuit packs, which an ONT of one piece has none of.
  if (slot === null) return quirks.unknownInstanceResult ?? RESULT.unknownInstance;
  if (ctx.isStoring) return quirks.startWhileStoringResult ?? RESULT.deviceBusy;
  if (ctx.restart !== null || ctx.waits.size > 0 || ctx.flash.unfinished > flashBacklogMax) return RESULT.deviceBusy;
  if (ctx.running === null || !startIsLegal(ctx.record, ctx.running, slot)) return ctx.illegal(RESULT.parameterError);
  // An image of no bytes cannot be verified, and one beyond the slot cannot be stored: neither helps to ask again.
  if (request.imageBytes === 0 || request.imageBytes > maxImageBytes) return ctx.illegal(RESULT.parameterError);
  return RESULT.ok;
}

const grantable = (ctx: OntContext, proposed: number): number => {
  const { quirks, maxWindowSections } = ctx.config;
  const limit = quirks.grantsAnyWindow === true ? windowSectionsMax : maxWindowSections;
  return Math.max(1, Math.min(proposed, limit, quirks.windowSectionsMax ?? windowSectionsMax));
};

/** @returns the window granted */
function begin(ctx: OntContext, nowNs: number, request: StartRequest, slot: Slot): number {
  const { config, record, running } = ctx;
  // With result 0 for everything illegal, a Start may be "accepted" and still be nothing.
  if (running === null || !startIsLegal(record, running, slot) || request.imageBytes === 0) return 0;
  if (request.imageBytes > maxImageBytes) return 0;
  const windowSections = grantable(ctx, request.windowSections);
  const replaced = record.slots[slot];
  if (replaced !== null) ctx.adoptRecord(withImage(record, slot, null));
  if (!ctx.flash.willErase(slot)) ctx.flash.push({ kind: "eraseSlot", slot });
  ctx.stored = null;
  ctx.committedSinceStart = false;
  ctx.download = new DownloadJob({
    slot,
    imageBytes: request.imageBytes,
    windowSections,
    verifier: config.createVerifier({
      trustedKeys: config.trustedKeys,
      productCode: config.productCode,
      hardwareVersion: config.hardwareVersion,
      runningVersion: record.slots[running]?.version ?? "",
      imageBytes: request.imageBytes,
    }),
    replaced,
    chainBase: request.tci <= GROUP_TCI_LAST ? nextWindowBase(request.tci) : 0,
  });
  ctx.setState("downloading");
  noteActivity(ctx, nowNs);
  ctx.countCommand();
  return windowSections;
}

/**
 * Results per instance. With one instance listed the field answers none (k = 0) and OLTs write a zero there whatever
 * their target, so the list only counts from two on; then each instance gets its own result, the header's the overall one.
 */
export function instanceResults(
  ctx: OntContext,
  instances: readonly number[],
  target: number,
  result: number,
): InstanceResult[] {
  if (instances.length < 2) return [];
  return instances.map((instanceId) => {
    if (instanceId === target) return { instanceId, result };
    const isKnown = slotOfInstance(instanceId) !== null;
    const unknown = ctx.config.quirks.unknownInstanceResult ?? RESULT.unknownInstance;
    return { instanceId, result: isKnown ? ctx.illegal(RESULT.parameterError) : unknown };
  });
}

/** Ends the download without an image: back to S1 or S1', what came in is lost. */
export function endDownload(ctx: OntContext, nowNs: number, state: UpdateState, cause?: string): void {
  ctx.download = null;
  // A storing job that is given up has stored nothing: the repeat of its End is out of place.
  ctx.stored = null;
  ctx.downloadDeadlineNs = Number.POSITIVE_INFINITY;
  answerPendingEnd(ctx, nowNs, RESULT.processingError);
  ctx.setState(state, cause);
}

/** Restarts the timer of profiles that drop a stalled download. */
export function noteActivity(ctx: OntContext, nowNs: number): void {
  const { downloadTimeoutNs } = ctx.config.quirks;
  if (downloadTimeoutNs !== undefined) ctx.downloadDeadlineNs = nowNs + downloadTimeoutNs;
}

/** Answers the End that waits for the storing job, if any. */
export function answerPendingEnd(ctx: OntContext, nowNs: number, result: number): void {
  const { pendingEnd } = ctx;
  if (pendingEnd === null) return;
  ctx.pendingEnd = null;
  answerEnd(ctx, nowNs, pendingEnd.request, result);
}

export function answerEnd(
  ctx: OntContext,
  nowNs: number,
  request: MessageHeader & { instances: readonly number[] },
  result: number,
): void {
  if (result === RESULT.ok) ctx.countCommand();
  ctx.answer(nowNs, request, {
    type: "endDownloadResponse",
    result,
    instanceResults: instanceResults(ctx, request.instances, request.instanceId, result),
  });
}
