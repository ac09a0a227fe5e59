import { RESULT, type Message } from "../../omci/index.ts";
import { withImage } from "./boot.ts";
import type { OntContext } from "./context.ts";
import { answerEnd, endDownload } from "./download.ts";
import { slotOfInstance } from "./images.ts";
import type { DownloadJob } from "./job.ts";
import type { BootRecord, StoredImage } from "./types.ts";

type EndRequest = Extract<Message, { type: "endDownloadRequest" }>;

/**
 * How long an End waits for the storing job before it is answered "device busy": well below the second within which an
 * OLT expects an answer (G.988 B.2), and long enough for a flash that is fast.
 */
export const endHoldNs = 250_000_000;

/**
 * End with a CRC and size known to be wrong, by which an OLT drops a download (G.988 I.3). A Start never has size 0, so
 * size 0 with one of the two CRCs in use is no image that failed but a command that succeeds: answer 0.
 */
const isAbort = (request: EndRequest): boolean =>
  request.imageBytes === 0 && (request.crc32 === 0xffffffff || request.crc32 === 0);

/** End software download: the image is verified and stored, or the download is over (figure 9.1.4-1, S2). */
export function handleEnd(ctx: OntContext, nowNs: number, request: EndRequest): void {
  const slot = slotOfInstance(request.instanceId);
  const job = ctx.download;
  if (slot === null) {
    const result = ctx.config.quirks.unknownInstanceResult ?? RESULT.unknownInstance;
    return answerEnd(ctx, nowNs, request, result);
  }
  if (job === null) return answerEnd(ctx, nowNs, request, resultWithoutDownload(ctx, request, slot));
  if (job.slot !== slot) return answerEnd(ctx, nowNs, request, ctx.illegal(RESULT.processingError));
  const refusesAbort = ctx.config.quirks.refusesAbort === true;
  if (isAbort(request) && !refusesAbort && job.storing?.step !== "recording") {
    endDownload(ctx, nowNs, "idle");
    return answerEnd(ctx, nowNs, request, RESULT.ok);
  }
  if (job.storing !== null) return holdEnd(ctx, nowNs, request);
  judge(ctx, nowNs, request, job);
}

/** End outside a download: the repeat of one that was good keeps its answer while that image is there. */
function resultWithoutDownload(ctx: OntContext, request: EndRequest, slot: number): number {
  const { stored } = ctx;
  const isRepeat =
    stored !== null &&
    stored.slot === slot &&
    stored.crc32 === request.crc32 &&
    stored.imageBytes === request.imageBytes;
  if (!isRepeat) return ctx.illegal(RESULT.processingError);
  if (stored.busyEndsLeft > 0) {
    stored.busyEndsLeft -= 1;
    return RESULT.deviceBusy;
  }
  stored.endsAnswered += 1;
  if (ctx.config.quirks.endIsDoneOnce === true && stored.endsAnswered > 1) return RESULT.processingError;
  return RESULT.ok;
}

function judge(ctx: OntContext, nowNs: number, request: EndRequest, job: DownloadJob): void {
  const { quirks } = ctx.config;
  if (request.imageBytes !== job.imageBytes) {
    if (quirks.refusesAbort !== true) endDownload(ctx, nowNs, "failed", "size-mismatch");
    return answerEnd(ctx, nowNs, request, quirks.endSizeResult ?? RESULT.processingError);
  }
  if (quirks.checksNothing === true) return store(ctx, nowNs, request, job, uncheckedImage(ctx, request, job));
  if (job.remainingBytes > 0) {
    endDownload(ctx, nowNs, "failed", "truncated");
    return answerEnd(ctx, nowNs, request, RESULT.processingError);
  }
  ctx.setState("verifying");
  const verdict = job.verifier.finish(quirks.crcBytesSwapped === true ? swapBytes(request.crc32) : request.crc32);
  if (verdict.valid) return store(ctx, nowNs, request, job, verdict.image);
  endDownload(ctx, nowNs, "failed", verdict.cause);
  if (quirks.keepsValidAfterBadCrc === true) {
    const image = job.replaced ?? uncheckedImage(ctx, request, job);
    ctx.adoptRecord(withImage(ctx.record, job.slot, image));
  }
  answerEnd(ctx, nowNs, request, RESULT.processingError);
}

/** Begins the storing job; the End is answered when it is done or has taken too long. */
function store(ctx: OntContext, nowNs: number, request: EndRequest, job: DownloadJob, image: StoredImage): void {
  ctx.setState("verifying");
  job.storing = { step: "syncing", image };
  const id = ctx.flash.push({ kind: "syncSlot", slot: job.slot, imageBytes: job.imageBytes });
  ctx.waits.set(id, { kind: "slotSynced" });
  const busyEnds = ctx.config.quirks.busyEnds ?? 0;
  ctx.stored = {
    slot: job.slot,
    crc32: request.crc32,
    imageBytes: request.imageBytes,
    busyEndsLeft: Math.max(0, busyEnds - 1),
    endsAnswered: 0,
  };
  if (busyEnds > 0) answerEnd(ctx, nowNs, request, RESULT.deviceBusy);
  else holdEnd(ctx, nowNs, request);
}

/** Lets the End wait for the storing job; an earlier End that still waits has been given up by the OLT. */
function holdEnd(ctx: OntContext, nowNs: number, request: EndRequest): void {
  ctx.pendingEnd = { request, deadlineNs: nowNs + endHoldNs };
}

/** The slot is on stable storage: now the boot record may call it valid. */
export function handleSlotSynced(ctx: OntContext): void {
  const job = ctx.download;
  if (job?.storing?.step !== "syncing") return;
  const record = withImage(ctx.record, job.slot, job.storing.image);
  const id = ctx.writeRecord(record);
  job.storing = { step: "recording", image: job.storing.image };
  ctx.waits.set(id, { kind: "imageRecorded", record });
}

/** The boot record is on stable storage: S3 or S3'. */
export function handleImageRecorded(ctx: OntContext, nowNs: number, record: BootRecord): void {
  const job = ctx.download;
  if (job?.storing?.step !== "recording") return;
  ctx.record = record;
  ctx.download = null;
  ctx.downloadDeadlineNs = Number.POSITIVE_INFINITY;
  ctx.setState("applying");
  ctx.events.push({ type: "imageStored", slot: job.slot, image: job.storing.image });
  const { pendingEnd } = ctx;
  ctx.pendingEnd = null;
  if (pendingEnd === null) return;
  const { request } = pendingEnd;
  answerEnd(ctx, nowNs, request, resultWithoutDownload(ctx, request, job.slot));
}

/** What an ONT that checks nothing notes down: BBSim takes the first 14 bytes of the image for its version. */
function uncheckedImage(ctx: OntContext, request: EndRequest, job: DownloadJob): StoredImage {
  const isText = (byte: number): boolean => byte >= 0x20 && byte < 0x7f;
  const version = String.fromCharCode(...job.head.filter(isText));
  const { imageBytes, crc32 } = request;
  return { version, productCode: ctx.config.productCode, imageBytes, crc32, sha256: "", md5: "" };
}

const swapBytes = (value: number): number =>
  ((value >>> 24) | ((value >>> 8) & 0xff00) | ((value << 8) & 0xff0000) | (value << 24)) >>> 0;
