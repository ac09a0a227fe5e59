/** End software download (G.988 A.2.27, A.3.27): the image is verified, stored, and recorded as valid. */
import { RESULT } from "../../omci/index.ts";
import type { EndRequest } from "./behaviour.ts";
import { withImage } from "./boot.ts";
import { isLocal, type OntContext, type StoredDownload } from "./context.ts";
import { answerEnd, endDownload } from "./download.ts";
import { slotOfInstance, STAGING } from "./images.ts";
import { type DownloadJob, READ_BYTES_MAX } from "./job.ts";
import { beginRebuild } from "./rebuild.ts";
import { syncImage } from "./store.ts";
import type { BootRecord, CheckedImage, ImageVerdict } from "./types.ts";

/**
 * How long an End waits for the storing job before it is answered "device busy": well below the second within which an
 * OLT expects an answer (G.988 B.2), and long enough for a flash that is fast.
 */
export const END_HOLD_NS = 250_000_000;

/**
 * End with a CRC and size known to be wrong, by which an OLT drops a download (G.988 I.3). A Start never has size 0, so
 * size 0 with one of the two CRCs in use is no image that failed but a command that succeeds: answer 0.
 */
const isAbort = (request: EndRequest): boolean =>
  request.imageBytes === 0 && (request.crc32 === 0xffffffff || request.crc32 === 0);

/** End software download: the image is verified and stored, or the download is over (figure 9.1.4-1, S2). */
export function handleEnd(context: OntContext, nowNs: number, request: EndRequest): void {
  const slot = slotOfInstance(request.instanceId);
  const job = context.download;
  const { behaviour } = context;
  const { refusals } = behaviour;
  if (slot === null) return answerEnd(context, nowNs, request, refusals.unknownInstance);
  if (job === null || job.isLocal !== isLocal(request))
    return answerEnd(context, nowNs, request, resultWithoutDownload(context, request, slot));
  if (job.slot !== slot) return answerEnd(context, nowNs, request, refusals.endOutOfPlace);
  if (isAbort(request) && behaviour.otherSizeEndsDownload && job.storing?.step !== "recording") {
    endDownload(context, nowNs, "idle");
    return answerEnd(context, nowNs, request, RESULT.ok);
  }
  if (job.storing !== null) return holdEnd(context, nowNs, request);
  if (request.imageBytes === job.imageBytes && job.remainingBytes === 0 && job.verifiedBytes < job.imageBytes) {
    holdEnd(context, nowNs, request);
    return readBack(context, job);
  }
  judge(context, nowNs, request, job);
}

/** Windows came in out of order, or in an earlier life: the verifier gets from the flash what it has not had. */
function readBack(context: OntContext, job: DownloadJob): void {
  context.setState("verifying");
  job.storing = { step: "reading" };
  const lengthBytes = Math.min(READ_BYTES_MAX, job.imageBytes - job.verifiedBytes);
  const id = context.flash.push({ kind: "readSlot", slot: job.area, offsetBytes: job.verifiedBytes, lengthBytes });
  context.waits.set(id, { kind: "slotRead" });
}

/** A piece of the image has been read back. @param bytes undefined: the flash gave nothing, which no image survives */
export function handleSlotRead(context: OntContext, nowNs: number, bytes: Uint8Array | undefined): void {
  const job = context.download;
  if (job?.storing?.step !== "reading") return;
  const cause = bytes === undefined ? "truncated" : context.behaviour.checkBytes(job, bytes);
  // The End that waits is answered with it.
  if (cause !== undefined) return endDownload(context, nowNs, "failed", cause);
  job.verifiedBytes += bytes?.length ?? 0;
  if (job.verifiedBytes < job.imageBytes) return readBack(context, job);
  job.storing = null;
  const { pendingEnd } = context;
  context.pendingEnd = null;
  // Where it has been answered "device busy" meanwhile, the next End gets the verdict.
  if (pendingEnd !== null) judge(context, nowNs, pendingEnd.request, job);
}

/** End outside a download: the repeat of one that was good keeps its answer while that image is there. */
function resultWithoutDownload(context: OntContext, request: EndRequest, slot: number): number {
  const { stored } = context;
  const isRepeat =
    stored !== null &&
    stored.slot === slot &&
    stored.crc32 === request.crc32 &&
    stored.imageBytes === request.imageBytes;
  return isRepeat ? resultOfStored(context, stored) : context.behaviour.refusals.endOutOfPlace;
}

function resultOfStored({ behaviour }: OntContext, stored: StoredDownload): number {
  const result = behaviour.endResult(stored.ends);
  stored.ends += 1;
  return result;
}

function judge(context: OntContext, nowNs: number, request: EndRequest, job: DownloadJob): void {
  const { behaviour, config } = context;
  if (request.imageBytes !== job.imageBytes) {
    if (behaviour.otherSizeEndsDownload) endDownload(context, nowNs, "failed", "size-mismatch");
    return answerEnd(context, nowNs, request, behaviour.refusals.endOfOtherSize);
  }
  if (job.remainingBytes === 0) context.setState("verifying");
  const verdict = verdictOf(context, request, job);
  if (verdict.valid) return store(context, nowNs, request, job, verdict.image);
  endDownload(context, nowNs, "failed", verdict.cause);
  // A delta that failed has left the slot as it was.
  if (job.area === STAGING) return answerEnd(context, nowNs, request, RESULT.processingError);
  const image = behaviour.imageAfterBadEnd(job, request, verdict.cause, config.productCode);
  if (image !== null) context.adoptRecord(withImage(context.record, job.slot, image));
  answerEnd(context, nowNs, request, RESULT.processingError);
}

/** Roads beside OMCI tell no CRC-32 but the SHA-256 of the file. */
function verdictOf({ behaviour, config }: OntContext, request: EndRequest, job: DownloadJob): ImageVerdict {
  if (!isLocal(request)) return behaviour.verdict(job, request, config.productCode);
  const { crc32 = 0 } = job.verifier;
  const verdict = behaviour.verdict(job, { ...request, crc32 }, config.productCode);
  const isOther = verdict.valid && (request.sha256 ?? "") !== "" && verdict.image.sha256 !== request.sha256;
  return isOther ? { valid: false, cause: "payload-hash-mismatch" } : verdict;
}

/** Begins the storing job; the End is answered when it is done or has taken too long. */
function store(context: OntContext, nowNs: number, request: EndRequest, job: DownloadJob, image: CheckedImage): void {
  context.setState("verifying");
  context.stored = { slot: job.slot, crc32: request.crc32, imageBytes: request.imageBytes, ends: 0 };
  // An ONT that answers its first Ends "device busy" whatever the flash does so at once.
  if (context.behaviour.endResult(0) === RESULT.ok) holdEnd(context, nowNs, request);
  else answerEnd(context, nowNs, request, resultOfStored(context, context.stored));
  if (job.area === STAGING) beginRebuild(context, nowNs, job, image.delta);
  else syncImage(context, job, image);
}

/** Lets the End wait for the storing job; an earlier End that still waits has been given up by the OLT. */
function holdEnd(context: OntContext, nowNs: number, request: EndRequest): void {
  context.pendingEnd = { request, deadlineNs: isLocal(request) ? Infinity : nowNs + END_HOLD_NS };
}

/** The boot record is on stable storage: S3 or S3'. */
export function handleImageRecorded(context: OntContext, nowNs: number, record: BootRecord): void {
  const job = context.download;
  if (job?.storing?.step !== "recording") return;
  context.record = record;
  context.download = null;
  context.downloadDeadlineNs = Infinity;
  context.setState("applying");
  context.events.push({ type: "imageStored", slot: job.slot, image: job.storing.image });
  const { pendingEnd } = context;
  context.pendingEnd = null;
  if (pendingEnd === null) return;
  const { request } = pendingEnd;
  answerEnd(context, nowNs, request, resultWithoutDownload(context, request, job.slot));
}
