/** A file on its way: its header first, then the rest by ranges, into the image store; one block at most comes twice after a cut. */
import type { StoreFinding } from "../../store/types.ts";
import type { RoadContext } from "./context.ts";
import { type FileTransfer, isSameFile, type StoreWait } from "./file-transfer.ts";
import { contentLength, contentRange, retryAfterSeconds, statusCause, strongTag, unsatisfiedBytes } from "./http.ts";
import { backoffNs, HEADER_BYTES_MAX, REQUEST_DEADLINE_NS, SLOW_BYTES_PER_SECOND, SLOW_EACH_NS } from "./policy.ts";

const NS_PER_SECOND = 1e9;
/** A body that the throttle holds up goes on when there is room for as much. */
const ROOM_BYTES = 4096;

/** Pauses, goes on, asks for the next range, looks at the pace. */
export function advanceTransfer(context: RoadContext, nowNs: number): void {
  const { transfer } = context;
  if (transfer === null) return;
  const pause = transfer.step === "header" || transfer.step === "body" ? context.rules.pauseCause(nowNs) : "";
  if (pause !== "") {
    context.abort(transfer.exchange);
    transfer.exchange = null;
    return context.setState(nowNs, "paused", pause);
  }
  if (context.state === "paused") context.setState(nowNs, transfer.step === "header" ? "checking" : "downloading");
  if (transfer.exchange !== null) return lookAtPace(context, nowNs, transfer);
  if (transfer.retryNs > nowNs) return;
  if (transfer.step === "header") return askHeader(context, nowNs, transfer);
  if (transfer.step === "begin" && !context.isStoreBusy) return beginStore(context, transfer);
  if (transfer.step === "body") askBody(context, nowNs, transfer);
  const isWhole = transfer.step === "finish" && transfer.stableBytes === transfer.file.sizeBytes;
  if (isWhole && !context.isStoreBusy && context.rules.mayFinish()) finish(context, nowNs, transfer);
}

/** When there is something to look at again. */
export function transferTimeNs(context: RoadContext, nowNs: number): number {
  const { transfer } = context;
  if (transfer === null) return Infinity;
  const changeNs = context.rules.pauseChangeNs(nowNs);
  if (context.state === "paused") return changeNs;
  const paceNs = transfer.exchange === null ? Infinity : transfer.paceNs;
  if (transfer.exchange !== null) {
    const { bucket } = context;
    const roomNs = bucket.roomForPiece(nowNs, ROOM_BYTES) > 0 ? Infinity : bucket.roomAtNs(nowNs, ROOM_BYTES);
    return Math.min(transfer.exchange.status === 0 ? transfer.exchange.deadlineNs : paceNs, changeNs, roomNs);
  }
  return transfer.retryNs > nowNs ? Math.min(transfer.retryNs, changeNs) : changeNs;
}

/** So much is looked at before the rest is asked for; of a file that nobody told the size of, as much as there is. */
const headerBytesOf = ({ file: { sizeBytes } }: FileTransfer): number =>
  sizeBytes === 0 ? HEADER_BYTES_MAX : Math.min(HEADER_BYTES_MAX, sizeBytes);

function askHeader(context: RoadContext, nowNs: number, transfer: FileTransfer): void {
  transfer.header = new Uint8Array(0);
  ask(context, nowNs, transfer, { range: `bytes=0-${headerBytesOf(transfer) - 1}` });
}

function askBody(context: RoadContext, nowNs: number, transfer: FileTransfer): void {
  const { etag } = transfer.file;
  // Without a tag nobody knows whether the rest belongs to what is there: all of it again.
  if (etag === "" && transfer.receivedBytes > 0) return restart(context, transfer, "begin");
  const headers = { range: `bytes=${transfer.receivedBytes}-`, "if-range": etag };
  ask(context, nowNs, transfer, etag === "" ? {} : headers);
}

function ask(context: RoadContext, nowNs: number, transfer: FileTransfer, headers: Record<string, string>): void {
  const id = context.rules.fetch(transfer.file, headers);
  transfer.exchange = { id, deadlineNs: nowNs + REQUEST_DEADLINE_NS, status: 0, headers: {} };
  transfer.paceNs = nowNs + SLOW_EACH_NS;
  transfer.paceBytes = transfer.receivedBytes + transfer.header.length;
  transfer.skipBytes = 0;
}

function restart(context: RoadContext, transfer: FileTransfer, step: "header" | "begin" = "header"): void {
  context.dropStore();
  transfer.step = step;
  transfer.restarts += 1;
  transfer.header = new Uint8Array(0);
  transfer.receivedBytes = 0;
  transfer.stableBytes = 0;
  transfer.markedBytes = 0;
  transfer.progressBytes = 0;
}

/** Bytes of its own making wait are no sign of a slow server: half of what the throttle lets through is asked for, at most. */
function lookAtPace(context: RoadContext, nowNs: number, transfer: FileTransfer): void {
  if (nowNs < transfer.paceNs) return;
  const bytes = transfer.receivedBytes + transfer.header.length;
  const leastPerSecond = Math.min(SLOW_BYTES_PER_SECOND, context.config.rateBytesPerSecond / 2);
  const isOurs = context.config.blockBytes - (transfer.receivedBytes - transfer.stableBytes) <= 0;
  const isSlow = bytes - transfer.paceBytes < (leastPerSecond * SLOW_EACH_NS) / NS_PER_SECOND;
  transfer.paceNs = nowNs + SLOW_EACH_NS;
  transfer.paceBytes = bytes;
  if (isSlow && !isOurs) broken(context, nowNs, transfer, "slow-retrieval");
}

/** Why the request did not do; it is made again, from where the file has come to, as long as there is progress now and then. */
export function broken(
  context: RoadContext,
  nowNs: number,
  transfer: FileTransfer,
  cause: string,
  askedSeconds = 0,
): void {
  const { config } = context;
  context.abort(transfer.exchange);
  transfer.exchange = null;
  if (transfer.receivedBytes - transfer.progressBytes >= config.blockBytes) transfer.attempts = 0;
  transfer.progressBytes = transfer.receivedBytes;
  transfer.attempts += 1;
  context.emit({ type: "dropped", cause: `file: ${cause}` });
  const { rules } = context;
  if (Math.max(transfer.attempts, transfer.restarts) >= rules.attemptsMax || rules.isFinal(cause))
    return rules.fail(nowNs, cause);
  const askedNs = askedSeconds * (1 + config.chance.nextFloat() / 2) * NS_PER_SECOND;
  transfer.retryNs = nowNs + Math.round(Math.max(askedNs, backoffNs(transfer.attempts, config.chance)));
  if (context.state === "checking" || context.state === "downloading") context.setState(nowNs, context.state, cause);
}

/** Status and headers of the answer. */
export function bulkResponse(context: RoadContext, nowNs: number, transfer: FileTransfer): void {
  const { exchange, file } = transfer;
  if (exchange === null) return;
  const { status, headers } = exchange;
  const retry = (cause: string): void =>
    broken(context, nowNs, transfer, cause, retryAfterSeconds(headers, context.wallSeconds(nowNs)));
  if (status === 416 && transfer.step === "body") {
    const isWhole = unsatisfiedBytes(headers) === file.sizeBytes && transfer.receivedBytes === file.sizeBytes;
    if (!isWhole) restart(context, transfer);
    return retry("range not satisfiable");
  }
  if (status !== 200 && status !== 206) return retry(statusCause(status));
  const range = contentRange(headers);
  const isFromStart = status === 200;
  const totalBytes = isFromStart ? (contentLength(headers) ?? file.sizeBytes) : range?.totalBytes;
  if (file.sizeBytes === 0 && totalBytes !== undefined) file.sizeBytes = totalBytes;
  if (totalBytes !== file.sizeBytes || totalBytes === 0) {
    // Another file by now, or not the one that was announced.
    if (transfer.step === "body") restart(context, transfer);
    return retry("size-mismatch");
  }
  if (transfer.step === "header") {
    if (!isFromStart && range?.from !== 0) return retry("other range");
    file.etag = strongTag(headers);
    return;
  }
  if (!isSameFile(transfer, headers)) {
    restart(context, transfer);
    return retry("changed");
  }
  if (!isFromStart && range?.from !== transfer.receivedBytes) return retry("other range");
  // A server that does not know ranges sends what is held once more; it is not written again.
  transfer.skipBytes = isFromStart ? transfer.receivedBytes : 0;
  context.emit({ type: "transfer", offsetBytes: isFromStart ? 0 : transfer.receivedBytes, imageBytes: totalBytes });
}

export function bulkBody(context: RoadContext, nowNs: number, transfer: FileTransfer, bytes: Uint8Array): void {
  context.bucket.take(nowNs, bytes.length);
  context.receivedBytes += bytes.length;
  if (transfer.step === "header") return headerBody(context, nowNs, transfer, bytes);
  if (transfer.step !== "body") return;
  const skipped = Math.min(transfer.skipBytes, bytes.length);
  transfer.skipBytes -= skipped;
  const fresh = bytes.subarray(skipped);
  const roomBytes = transfer.file.sizeBytes - transfer.receivedBytes;
  if (fresh.length > roomBytes) return broken(context, nowNs, transfer, "endless-data");
  if (fresh.length > 0) write(context, transfer, fresh);
  if (transfer.receivedBytes < transfer.file.sizeBytes) return;
  transfer.step = "finish";
  context.abort(transfer.exchange);
  transfer.exchange = null;
}

function headerBody(context: RoadContext, nowNs: number, transfer: FileTransfer, bytes: Uint8Array): void {
  const { file } = transfer;
  const most = headerBytesOf(transfer);
  if (transfer.header.length + bytes.length > most && transfer.exchange?.status === 206)
    return context.rules.refuse(nowNs, "endless-data");
  transfer.header = Buffer.concat([transfer.header, bytes.subarray(0, most - transfer.header.length)]);
  const verdict = context.config.checkHeader(
    transfer.header,
    file.sizeBytes,
    context.device,
    context.wallSeconds(nowNs),
  );
  if (verdict.kind === "refused") return context.rules.refuse(nowNs, verdict.cause);
  if (transfer.header.length < most) return;
  if (verdict.kind === "more") return context.rules.refuse(nowNs, "bad-manifest");
  const cause = context.rules.fits(verdict, file);
  if (cause !== "") return context.rules.refuse(nowNs, cause);
  context.abort(transfer.exchange);
  transfer.exchange = null;
  transfer.step = "begin";
}

function beginStore(context: RoadContext, transfer: FileTransfer): void {
  const { image, sizeBytes, etag } = transfer.file;
  const identity = etag === "" ? "" : context.rules.identityOf(transfer.file);
  context.store({ kind: "begin", image, imageBytes: sizeBytes, identity }, { kind: "begin" });
}

/** The store is ready, and says what it has. */
export function begun(context: RoadContext, nowNs: number, transfer: FileTransfer, finding: StoreFinding): void {
  if (!finding.ok) {
    if (!finding.passes) return context.rules.refuse(nowNs, finding.cause);
    // A battery may take its time: it costs no attempt, and the state has its own end.
    context.storeFailures += 1;
    transfer.retryNs = nowNs + backoffNs(context.storeFailures, context.config.chance);
    return context.setState(nowNs, context.state, finding.cause);
  }
  context.storeFailures = 0;
  const heldBytes = Math.min(finding.heldBytes ?? 0, transfer.file.sizeBytes);
  transfer.receivedBytes = heldBytes;
  transfer.stableBytes = heldBytes;
  transfer.markedBytes = heldBytes;
  transfer.progressBytes = heldBytes;
  transfer.step = "body";
  context.setState(nowNs, "downloading");
  if (transfer.file.etag !== "" && transfer.header.length > heldBytes)
    write(context, transfer, transfer.header.subarray(heldBytes));
  transfer.header = new Uint8Array(0);
  const { sizeBytes } = transfer.file;
  if (transfer.receivedBytes !== sizeBytes) return;
  transfer.step = "finish";
  // All of it came with the header.
  context.emit({ type: "transfer", offsetBytes: 0, imageBytes: sizeBytes });
}

/** What became of a write. The slot may have gone to another road, or the image is refused while it comes in. */
export function written(
  context: RoadContext,
  nowNs: number,
  { transfer, stableBytes }: Extract<StoreWait, { kind: "write" }>,
  finding: StoreFinding,
): void {
  if (transfer !== context.transfer) return;
  if (finding.ok) {
    transfer.stableBytes = Math.max(transfer.stableBytes, stableBytes);
    return;
  }
  if (!finding.passes) return context.rules.fail(nowNs, finding.cause);
  // What is held is asked for anew.
  for (const [id, { kind }] of context.storeWaits) if (kind === "write") context.storeWaits.delete(id);
  transfer.step = "begin";
  broken(context, nowNs, transfer, finding.cause);
}

/** What may be read of a file now, bytes. */
export function transferRoomBytes({ bucket, transfer, config }: RoadContext, nowNs: number): number {
  if (transfer === null) return 0;
  const unstableBytes = transfer.step === "header" ? 0 : transfer.receivedBytes - transfer.stableBytes;
  return Math.max(0, Math.min(bucket.roomForPiece(nowNs, ROOM_BYTES), config.blockBytes - unstableBytes));
}

/** Half a block at a time is brought to stable storage, while the other half comes in. */
function write(context: RoadContext, transfer: FileTransfer, bytes: Uint8Array): void {
  const offsetBytes = transfer.receivedBytes;
  transfer.receivedBytes += bytes.length;
  const isLast = transfer.receivedBytes === transfer.file.sizeBytes;
  const isStable = isLast || transfer.receivedBytes - transfer.markedBytes >= context.config.blockBytes / 2;
  if (isStable) transfer.markedBytes = transfer.receivedBytes;
  const stableBytes = isStable ? transfer.receivedBytes : 0;
  context.store({ kind: "write", offsetBytes, bytes, isStable }, { kind: "write", transfer, stableBytes });
}

function finish(context: RoadContext, nowNs: number, transfer: FileTransfer): void {
  context.setState(nowNs, "verifying");
  context.store({ kind: "finish", sha256: transfer.file.sha256 }, { kind: "finish" });
}
