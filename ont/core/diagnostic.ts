/**
 * The boot loader in diagnostic mode: no image runs, and what a tool asks goes to the same slots, verifier and boot record as by
 * any other road. It may fill either slot, but never the committed image while that still boots.
 */
import { RESULT } from "../../omci/index.ts";
import { isAllowed, isBusy } from "./activation.ts";
import { afterActivate, nextRecord } from "./boot.ts";
import { answerLocal, localHeader, type OntContext } from "./context.ts";
import { handleStart } from "./download.ts";
import { isRecoverable } from "./images.ts";
import { READ_BYTES_MAX } from "./job.ts";
import type { RecoveryCommand } from "./local-types.ts";
import type { BootRecord, FlashFinding, Slot } from "./types.ts";

/** Why the boot loader stays, where somebody has asked for it. */
export const HELD = "held in diagnostic mode";

const KINDS: ReadonlySet<string> = new Set<RecoveryCommand["kind"]>([
  "beginSlot",
  "readBack",
  "setActive",
  "leave",
  "diagnose",
]);

export const isRecovery = (command: { kind: string }): command is RecoveryCommand => KINDS.has(command.kind);

export function handleRecovery(context: OntContext, nowNs: number, command: RecoveryCommand): void {
  const { id } = command;
  const refuse = (cause: string): void => answerLocal(context, id, RESULT.processingError, cause);
  if (context.restart !== null) return answerLocal(context, id, RESULT.deviceBusy, "busy");
  if (command.kind === "diagnose") return restart(context, nowNs, id, "diagnostic");
  if (context.diagnostic === null) return refuse("not-in-diagnostic-mode");
  switch (command.kind) {
    case "beginSlot":
      return beginSlot(context, nowNs, command);
    case "readBack":
      return readBack(context, command, refuse);
    case "setActive":
      return setActive(context, command, refuse);
    case "leave":
      return restart(context, nowNs, id, "reboot");
  }
}

function restart(context: OntContext, nowNs: number, id: number, kind: "reboot" | "diagnostic"): void {
  if (isBusy(context)) return answerLocal(context, id, RESULT.deviceBusy, "busy");
  const { restartDelayNs } = context.config.timing;
  context.restart = { kind, deadlineNs: nowNs + context.behaviour.restartDelayNs(restartDelayNs) };
  answerLocal(context, id, RESULT.ok);
}

function beginSlot(
  context: OntContext,
  nowNs: number,
  { id, slot, imageBytes, identity }: Extract<RecoveryCommand, { kind: "beginSlot" }>,
): void {
  if (!isRecoverable(context.record, slot))
    return answerLocal(context, id, RESULT.processingError, "slot-holds-the-committed-image");
  const before = context.download;
  context.announced = identity;
  context.announcedKind = "image";
  const start = { type: "startDownloadRequest" as const, windowSections: 1, imageBytes, instances: [slot] };
  handleStart(context, nowNs, { ...localHeader(id), ...start, instanceId: slot });
  context.announced = "";
  const { download, record } = context;
  if (download === null || download === before) return;
  download.isLocal = true;
  // The boots that failed were those of the image that is no more.
  if (slot === record.committed && record.committedFailures > 0)
    context.adoptRecord(nextRecord(record, { committedFailures: 0 }));
}

function readBack(
  context: OntContext,
  { id, slot, offsetBytes, lengthBytes }: Extract<RecoveryCommand, { kind: "readBack" }>,
  refuse: (cause: string) => void,
): void {
  const image = context.record.slots[slot];
  if (image === null) return refuse("image-not-valid");
  if (offsetBytes < 0 || lengthBytes <= 0 || lengthBytes > READ_BYTES_MAX) return refuse("impossible-range");
  if (offsetBytes + lengthBytes > image.imageBytes) return refuse("impossible-range");
  const read = context.flash.push({ kind: "readSlot", slot, offsetBytes, lengthBytes });
  context.waits.set(read, { kind: "localRead", id });
}

/** What a read of a slot gave. */
export function handleLocalRead(context: OntContext, id: number, finding: FlashFinding | undefined): void {
  if (!(finding instanceof Uint8Array)) return answerLocal(context, id, RESULT.processingError, "flash-unreadable");
  answerLocal(context, id, RESULT.ok, "", finding.slice());
}

/** Which image the next boot takes: a valid one, that is still what it was when it was stored, and no downgrade. */
function setActive(
  context: OntContext,
  { id, slot }: Extract<RecoveryCommand, { kind: "setActive" }>,
  refuse: (cause: string) => void,
): void {
  if (isBusy(context)) return answerLocal(context, id, RESULT.deviceBusy, "busy");
  if (context.record.slots[slot] === null) return refuse("image-not-valid");
  if (!isAllowed(context, slot)) return refuse("security-version-too-low");
  if (!context.checkSlot(slot, { kind: "recoveryChecked", id, slot })) recordActive(context, id, slot);
}

export function handleRecoveryChecked(context: OntContext, id: number, slot: Slot, isWhole: boolean): void {
  if (!isWhole) return answerLocal(context, id, RESULT.processingError, "the-stored-image-is-damaged");
  recordActive(context, id, slot);
}

function recordActive(context: OntContext, id: number, slot: Slot): void {
  const record = afterActivate(context.record, slot);
  context.waits.set(context.writeRecord(record), { kind: "recoveryActivated", id, record });
}

export function handleRecoveryActivated(context: OntContext, id: number, record: BootRecord): void {
  context.record = record;
  answerLocal(context, id, RESULT.ok);
}
