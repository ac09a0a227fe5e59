/** Activate, Commit and Reboot (G.988 9.1.4), and the restart that ends a session. */
import { type RefusalName, RESULT, type Message } from "../../omci/index.ts";
import { afterActivate, afterCommit, isDowngrade, type RestartKind, withImage } from "./boot.ts";
import { activateCause } from "./conditions.ts";
import type { FlashWait, OntContext } from "./context.ts";
import { endDownload } from "./download.ts";
import { slotOfInstance } from "./images.ts";
import { meRefusal } from "./mib.ts";
import type { BootRecord, Slot } from "./types.ts";

type ActivateRequest = Extract<Message, { type: "activateImageRequest" }>;
type CommitRequest = Extract<Message, { type: "commitImageRequest" }>;
type RebootRequest = Extract<Message, { type: "rebootRequest" }>;

/** Of an image that is not what it was when it was stored. */
export const DAMAGED = "the stored image is damaged";

/** Reboot and Activate flags: 0 unconditional, 1 unless there is a call, 2 unless there is an emergency call. */
const FLAGS_MAX = 2;

/** What a Reboot gives up; a boot record on its way is none of it. */
const GIVEN_UP: ReadonlySet<FlashWait["kind"]> = new Set([
  "slotRead",
  "slotSynced",
  "rebuilt",
  "configMigrated",
  "localWritten",
  "localRead",
  "recoveryChecked",
]);

/** What keeps the ONT from carrying out any of the commands below now. */
export function isBusy(context: OntContext): boolean {
  return context.isStoring || context.restart !== null || context.waits.size > 0;
}

/**
 * Activate and Commit name a valid image (G.988 9.1.4), and none that is older than what this ONT has committed to; the one that
 * is committed is always allowed.
 */
export function isAllowed({ record, config }: OntContext, slot: Slot): boolean {
  const image = record.slots[slot];
  if (image === null) return false;
  return record.committed === slot || config.allowDowngrade === true || !isDowngrade(record, image);
}

/** Why an image is not allowed. */
const causeOf = ({ record }: OntContext, slot: Slot): RefusalName =>
  record.slots[slot] === null ? "image-not-valid" : "security-version-too-low";

/**
 * Activate image. The answer leaves before the restart, and the boot record names the image before the answer leaves.
 * Activating the image that runs is a restart without the boot loader (G.988 9.1.4): it does not change what runs.
 */
export function handleActivate(context: OntContext, nowNs: number, request: ActivateRequest): void {
  const { refusals } = context.behaviour;
  const slot = slotOfInstance(request.instanceId);
  const answer = (result: number): void => context.answer(nowNs, request, { type: "activateImageResponse", result });
  if (slot === null) return answer(refusals.unknownInstance);
  if (request.flags > FLAGS_MAX) return answer(RESULT.parameterError);
  if (isBusy(context)) return answer(RESULT.deviceBusy);
  if (!isAllowed(context, slot)) {
    context.refuse(causeOf(context, slot));
    return answer(refusals.activateOfInvalidImage);
  }
  const cause = activateCause(context.conditions, request.flags);
  context.noteInstall("activate", cause);
  if (cause !== null) return answer(RESULT.deviceBusy);
  context.refusal = 0;
  if (slot === context.running) {
    scheduleRestart(context, nowNs, "soft");
    context.countCommand(request);
    return answer(RESULT.ok);
  }
  // The committed image has proved itself, and is what a trial gone wrong falls back to.
  const isChecked =
    slot !== context.record.committed && context.checkSlot(slot, { kind: "activateChecked", slot, request });
  if (!isChecked) recordActivation(context, slot, request);
}

function recordActivation(context: OntContext, slot: Slot, request: ActivateRequest): void {
  const record = afterActivate(context.record, slot);
  context.waits.set(context.writeRecord(record), { kind: "activated", record, request });
}

/** The image has been looked at again: what is not as it was when it was stored is valid no more. */
export function handleActivateChecked(
  context: OntContext,
  nowNs: number,
  isWhole: boolean,
  { slot, request }: { slot: Slot; request: ActivateRequest },
): void {
  if (isWhole) return recordActivation(context, slot, request);
  context.adoptRecord(withImage(context.record, slot, null));
  context.setState("failed", DAMAGED);
  context.refuse("damaged");
  context.answer(nowNs, request, { type: "activateImageResponse", result: RESULT.processingError });
}

export function handleActivated(
  context: OntContext,
  nowNs: number,
  record: BootRecord,
  request: ActivateRequest,
): void {
  context.record = record;
  context.trialOutcome = "none";
  context.countCommand(request);
  context.setState("applying");
  scheduleRestart(context, nowNs, "activate");
  context.answer(nowNs, request, { type: "activateImageResponse", result: RESULT.ok });
}

/** Commit image: answered once the boot record has it, so that an answer 0 outlives a power cut. */
export function handleCommit(context: OntContext, nowNs: number, request: CommitRequest): void {
  const { refusals } = context.behaviour;
  const slot = slotOfInstance(request.instanceId);
  const answer = (result: number): void => context.answer(nowNs, request, { type: "commitImageResponse", result });
  if (slot === null) return answer(refusals.unknownInstance);
  if (isBusy(context)) return answer(RESULT.deviceBusy);
  if (!isAllowed(context, slot)) {
    context.refuse(causeOf(context, slot));
    return answer(refusals.commitOfInvalidImage);
  }
  context.refusal = 0;
  if (context.record.committed === slot) {
    context.countCommand(request);
    return answer(RESULT.ok);
  }
  const record = afterCommit(context.record, slot);
  context.waits.set(context.writeRecord(record), { kind: "committed", record, request });
}

export function handleCommitted(context: OntContext, nowNs: number, record: BootRecord, request: CommitRequest): void {
  context.record = record;
  context.committedSinceStart = true;
  context.countCommand(request);
  if (record.committed === context.running) context.setState("committed");
  context.answer(nowNs, request, { type: "commitImageResponse", result: RESULT.ok });
}

/** Reboot of the ONT: whatever runs, the committed image is booted. */
export function handleReboot(context: OntContext, nowNs: number, request: RebootRequest): void {
  const answer = (result: number): void => context.answer(nowNs, request, { type: "rebootResponse", result });
  const refusal = meRefusal(context, request);
  if (refusal !== null) return answer(refusal);
  if (request.flags > FLAGS_MAX) return answer(RESULT.parameterError);
  // A boot record on its way decides what boots; a slot that is only being written or checked is given up (S2 to S1).
  const recording = [...context.waits.values()].some(({ kind }) => !GIVEN_UP.has(kind));
  if (context.restart !== null || recording) return answer(RESULT.deviceBusy);
  scheduleRestart(context, nowNs, "reboot");
  answer(RESULT.ok);
}

function scheduleRestart(context: OntContext, nowNs: number, kind: RestartKind): void {
  const { behaviour, config } = context;
  if (!behaviour.restarts(kind)) return;
  context.restart = { kind, deadlineNs: nowNs + behaviour.restartDelayNs(config.timing.restartDelayNs) };
}

/** What any restart ends: a partial download is lost (9.1.4, "any reboot"), waiting answers are, and so is the OMCC. */
export function dropSession(context: OntContext, nowNs: number): void {
  context.waits.clear();
  context.pendingEnd = null;
  if (context.download !== null) endDownload(context, nowNs, "idle");
  context.stored = null;
  context.restart = null;
  context.upstream.clear();
  context.ranged = false;
}
