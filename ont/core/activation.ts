import { RESULT, type Message } from "../../omci/index.ts";
import { afterActivate, afterCommit } from "./boot.ts";
import type { OntContext, RestartKind } from "./context.ts";
import { endDownload } from "./download.ts";
import { isValid, slotOfInstance } from "./images.ts";
import { meRefusal } from "./mib.ts";
import type { BootRecord } from "./types.ts";

type ActivateRequest = Extract<Message, { type: "activateImageRequest" }>;
type CommitRequest = Extract<Message, { type: "commitImageRequest" }>;
type RebootRequest = Extract<Message, { type: "rebootRequest" }>;

/** Reboot and Activate flags: 0 unconditional, 1 and 2 unless a call is up; this ONT has no telephone. */
const flagsMax = 2;

/** What keeps the ONT from carrying out any of the commands below now. */
function isBusy(ctx: OntContext): boolean {
  return ctx.isStoring || ctx.restart !== null || ctx.waits.size > 0;
}

/**
 * Activate image. The answer leaves before the restart, and the boot record names the image before the answer leaves.
 * Activating the image that runs is a restart without the boot loader (G.988 9.1.4): it does not change what runs.
 */
export function handleActivate(ctx: OntContext, nowNs: number, request: ActivateRequest): void {
  const { quirks } = ctx.config;
  const slot = slotOfInstance(request.instanceId);
  const refuse = (result: number): void => respond(ctx, nowNs, request, result);
  if (slot === null) return refuse(quirks.unknownInstanceResult ?? RESULT.unknownInstance);
  if (request.flags > flagsMax) return refuse(RESULT.parameterError);
  if (isBusy(ctx)) return refuse(RESULT.deviceBusy);
  if (!isValid(ctx.record, slot)) return refuse(ctx.illegal(RESULT.parameterError));
  if (slot === ctx.running) {
    if (quirks.ignoresActivateOfActive !== true) scheduleRestart(ctx, nowNs, "soft");
    ctx.countCommand();
    return respond(ctx, nowNs, request, RESULT.ok);
  }
  const record = afterActivate(ctx.record, slot);
  ctx.waits.set(ctx.writeRecord(record), { kind: "activated", record, request });
}

export function handleActivated(ctx: OntContext, nowNs: number, record: BootRecord, request: ActivateRequest): void {
  ctx.record = record;
  ctx.trialOutcome = "none";
  ctx.countCommand();
  ctx.setState("applying");
  scheduleRestart(ctx, nowNs, "activate");
  respond(ctx, nowNs, request, RESULT.ok);
}

function respond(ctx: OntContext, nowNs: number, request: ActivateRequest, result: number): void {
  if (ctx.config.quirks.activateUnanswered === true) return;
  ctx.answer(nowNs, request, { type: "activateImageResponse", result });
}

/** Commit image: answered once the boot record has it, so that an answer 0 outlives a power cut. */
export function handleCommit(ctx: OntContext, nowNs: number, request: CommitRequest): void {
  const { quirks } = ctx.config;
  const slot = slotOfInstance(request.instanceId);
  const answer = (result: number): void => ctx.answer(nowNs, request, { type: "commitImageResponse", result });
  if (slot === null) return answer(quirks.unknownInstanceResult ?? RESULT.unknownInstance);
  if (isBusy(ctx)) return answer(RESULT.deviceBusy);
  if (!isValid(ctx.record, slot)) return answer(quirks.commitInvalidResult ?? ctx.illegal(RESULT.parameterError));
  if (ctx.record.committed === slot) {
    ctx.countCommand();
    return answer(RESULT.ok);
  }
  const record = afterCommit(ctx.record, slot);
  ctx.waits.set(ctx.writeRecord(record), { kind: "committed", record, request });
}

export function handleCommitted(ctx: OntContext, nowNs: number, record: BootRecord, request: CommitRequest): void {
  ctx.record = record;
  ctx.committedSinceStart = true;
  ctx.countCommand();
  if (record.committed === ctx.running) ctx.setState("committed");
  ctx.answer(nowNs, request, { type: "commitImageResponse", result: RESULT.ok });
}

/** Reboot of the ONT: whatever runs, the committed image is booted. */
export function handleReboot(ctx: OntContext, nowNs: number, request: RebootRequest): void {
  const answer = (result: number): void => ctx.answer(nowNs, request, { type: "rebootResponse", result });
  const refusal = meRefusal(ctx, request);
  if (refusal !== null) return answer(refusal);
  if (request.flags > flagsMax) return answer(RESULT.parameterError);
  // A boot record on its way decides what boots; a slot that is only being written is given up (S2 to S1).
  const recording = [...ctx.waits.values()].some((wait) => wait.kind !== "slotSynced");
  if (ctx.restart !== null || recording) return answer(RESULT.deviceBusy);
  scheduleRestart(ctx, nowNs, "reboot");
  answer(RESULT.ok);
}

function scheduleRestart(ctx: OntContext, nowNs: number, kind: RestartKind): void {
  if (ctx.config.quirks.neverRestarts === true) return;
  const delayNs = ctx.config.quirks.restartDelayNs ?? ctx.config.timing.restartDelayNs;
  ctx.restart = { kind, deadlineNs: nowNs + delayNs };
}

/** What any restart ends: a partial download is lost (9.1.4, "any reboot"), waiting answers are, and so is the OMCC. */
export function dropSession(ctx: OntContext, nowNs: number): void {
  ctx.waits.clear();
  ctx.pendingEnd = null;
  if (ctx.download !== null) endDownload(ctx, nowNs, "idle");
  ctx.stored = null;
  ctx.restart = null;
  ctx.upstream.clear();
  ctx.ranged = false;
}
