/**
 * The way into the ONT beside OMCI: what its own update agent, a TR-069 client or a file asks of slots, verifier and boot record.
 * Each command is the request that an OLT would send, carried out by the same code; only its answer goes another way, and what
 * comes on the OMCC meanwhile is not taken for its sections. An OLT that begins a download has the slot.
 */
import { RESULT } from "../../omci/index.ts";
import { handleActivate, handleCommit, handleReboot } from "./activation.ts";
import { withPartial } from "./boot.ts";
import { answerLocal, localHeader, type OntContext } from "./context.ts";
import { handleRecovery, isRecovery } from "./diagnostic.ts";
import { handleStart, noteActivity } from "./download.ts";
import { handleEnd } from "./end-software-download.ts";
import { downloadableSlot } from "./images.ts";
import { store } from "./sections.ts";
import type { LocalCommand, LocalRequest } from "./local-types.ts";

/** ONU-G, which is who reboots. */
const ONU_G = 256;
/** Activate's flag that waits for the end of any call (G.988 A.2.29). */
const NOT_IN_A_CALL = 1;
/** End with a size and CRC known to be wrong drops a download (G.988 I.3). */
const ABORT = { imageBytes: 0, crc32: 0xffff_ffff };
const BUSY = "busy";
/** What of an image that comes in while the boot loader is in diagnostic mode is as always. */
const TAKEN_IN_DIAGNOSTIC: ReadonlySet<LocalCommand["kind"]> = new Set(["write", "finish", "drop"]);

export function handleLocal(context: OntContext, nowNs: number, command: LocalCommand): void {
  const { id } = command;
  const { running, record } = context;
  if (isRecovery(command)) return handleRecovery(context, nowNs, command);
  const isUp = running !== null || (context.diagnostic !== null && TAKEN_IN_DIAGNOSTIC.has(command.kind));
  if (!isUp || context.restart !== null) return answerLocal(context, id, RESULT.deviceBusy, BUSY);
  const header = localHeader(id);
  const slot = running === null ? null : downloadableSlot(record, running);
  context.refusal = 0;
  switch (command.kind) {
    case "begin":
      return begin(context, nowNs, command, header);
    case "write":
      return write(context, nowNs, command);
    case "finish": {
      const { download: job } = context;
      if (job === null || !job.isLocal) return answerLocal(context, id, RESULT.processingError, context.cause ?? BUSY);
      const { imageBytes } = job;
      const end = { type: "endDownloadRequest" as const, crc32: 0, imageBytes, instances: [job.slot] };
      const request = { ...header, ...end, instanceId: job.slot, sha256: command.sha256 };
      return handleEnd(context, nowNs, request);
    }
    case "drop": {
      const { download: job } = context;
      if (job === null || !job.isLocal) return answerLocal(context, id, RESULT.ok);
      const end = { type: "endDownloadRequest" as const, ...ABORT, instances: [job.slot] };
      handleEnd(context, nowNs, { ...header, ...end, instanceId: job.slot });
      if (context.diagnostic !== null) context.setState("failed", context.diagnostic);
      return;
    }
    case "activate":
      if (slot === null) return answerLocal(context, id, RESULT.deviceBusy, BUSY);
      return handleActivate(context, nowNs, {
        ...header,
        type: "activateImageRequest",
        flags: NOT_IN_A_CALL,
        instanceId: slot,
      });
    case "commit":
      return handleCommit(context, nowNs, { ...header, type: "commitImageRequest", instanceId: running ?? 0 });
    case "rollBack":
      return handleReboot(context, nowNs, {
        ...header,
        type: "rebootRequest",
        flags: 0,
        classId: ONU_G,
        instanceId: 0,
      });
  }
}

function begin(
  context: OntContext,
  nowNs: number,
  { id, image, imageBytes, identity }: Extract<LocalCommand, { kind: "begin" }>,
  header: LocalRequest & { messageSet: "extended" },
): void {
  const { running, record, announced, announcedKind, config } = context;
  const slot = running === null ? null : downloadableSlot(record, running);
  // Another road is at work, or an image is on trial: both pass.
  const isTaken = context.download !== null && !context.download.isLocal;
  if (slot === null || isTaken) return answerLocal(context, id, RESULT.deviceBusy, BUSY);
  if (image === "delta" && config.deltaAware !== true)
    return answerLocal(context, id, RESULT.processingError, "delta-not-expected");
  const before = context.download;
  context.announced = identity;
  context.announcedKind = image;
  handleStart(context, nowNs, {
    ...header,
    type: "startDownloadRequest",
    windowSections: 1,
    imageBytes,
    instances: [slot],
    instanceId: slot,
  });
  // What the OLT told stays what it told.
  context.announced = announced;
  context.announcedKind = announcedKind;
  if (context.download !== null && context.download !== before) context.download.isLocal = true;
}

function write(
  context: OntContext,
  nowNs: number,
  { id, offsetBytes, bytes, isStable }: Extract<LocalCommand, { kind: "write" }>,
): void {
  const { download: job } = context;
  if (job === null || !job.isLocal || job.storing !== null) return answerLocal(context, id, RESULT.deviceBusy, BUSY);
  noteActivity(context, nowNs);
  job.offsetBytes = offsetBytes;
  const cause = offsetBytes + bytes.length > job.imageBytes ? "size-mismatch" : undefined;
  if (cause !== undefined || !store(context, nowNs, job, bytes))
    return answerLocal(context, id, RESULT.processingError, cause ?? context.cause);
  if (!isStable || job.identity === "") return answerLocal(context, id, RESULT.ok);
  // What the boot record names is brought to stable storage before it is.
  const { area, identity, held } = job;
  context.record = withPartial(context.record, { slot: area, identity, held: [...held.all] });
  context.waits.set(context.writeRecord(context.record), { kind: "localWritten", id });
}
