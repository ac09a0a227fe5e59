/** A file on its way: its header first, then the rest by ranges, into the image store; one block at most comes twice after a cut. */
import { fail, refuseArtifact } from "./action.ts";
import { type AgentContext, isSameFile, type FileTransfer } from "./context.ts";
import { contentLength, contentRange, retryAfterSeconds, statusCause, strongTag, unsatisfiedBytes } from "./http.ts";
import {
  ATTEMPTS_MAX,
  backoffNs,
  HEADER_BYTES_MAX,
  REQUEST_DEADLINE_NS,
  SLOW_BYTES_PER_SECOND,
  SLOW_EACH_NS,
} from "./policy.ts";
import type { StoreFinding } from "../../store/types.ts";

const NS_PER_SECOND = 1e9;
/** A body that the throttle holds up goes on when there is room for as much. */
const ROOM_BYTES = 4096;

/** Why nothing is fetched now; empty: it is. */
function pauseCause(context: AgentContext, nowNs: number): string {
  const { config, record } = context;
  if (record.isUserPaused) return "user";
  if (context.isDepotPaused) return "depot";
  return config.downloadsInWindowOnly === true && !windowIsOpen(context, nowNs) ? "window" : "";
}

/** The device's own window; one that goes by a clock is closed where nobody knows the time. */
export function windowIsOpen(context: AgentContext, nowNs: number): boolean {
  const { window } = context.config;
  if (window === undefined) return true;
  const wallSeconds = context.wallSeconds(nowNs);
  return wallSeconds !== undefined && window.at(wallSeconds).isOpen;
}

/** When the window changes; Infinity where it does not, or nobody knows. */
export function windowChangeNs(context: AgentContext, nowNs: number): number {
  const wallSeconds = context.wallSeconds(nowNs);
  const { window } = context.config;
  if (window === undefined || wallSeconds === undefined) return Infinity;
  return nowNs + Math.max(1, Math.ceil(window.at(wallSeconds).changesInSeconds * NS_PER_SECOND));
}

/** Pauses, goes on, asks for the next range, looks at the pace. */
export function advanceTransfer(context: AgentContext, nowNs: number): void {
  const { transfer } = context;
  if (transfer === null) return;
  const pause = transfer.step === "header" || transfer.step === "body" ? pauseCause(context, nowNs) : "";
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
  if (transfer.step === "finish" && !context.isStoreBusy && transfer.stableBytes === transfer.artifact.sizeBytes)
    finish(context, nowNs, transfer);
}

/** When there is something to look at again. */
export function transferTimeNs(context: AgentContext, nowNs: number): number {
  const { transfer } = context;
  if (transfer === null) return Infinity;
  if (context.state === "paused") return windowChangeNs(context, nowNs);
  const paceNs = transfer.exchange === null ? Infinity : transfer.paceNs;
  const changeNs = context.config.downloadsInWindowOnly === true ? windowChangeNs(context, nowNs) : Infinity;
  if (transfer.exchange !== null) {
    const { bucket } = context;
    const roomNs = bucket.room(nowNs) > 0 ? Infinity : bucket.roomAtNs(nowNs, ROOM_BYTES);
    return Math.min(transfer.exchange.status === 0 ? transfer.exchange.deadlineNs : paceNs, changeNs, roomNs);
  }
  return transfer.retryNs > nowNs ? Math.min(transfer.retryNs, changeNs) : changeNs;
}

function askHeader(context: AgentContext, nowNs: number, transfer: FileTransfer): void {
  const { path, sizeBytes } = transfer.artifact;
  transfer.header = new Uint8Array(0);
  ask(context, nowNs, transfer, path, { range: `bytes=0-${Math.min(HEADER_BYTES_MAX, sizeBytes) - 1}` });
}

function askBody(context: AgentContext, nowNs: number, transfer: FileTransfer): void {
  const { path, etag } = transfer.artifact;
  // Without a tag nobody knows whether the rest belongs to what is there: all of it again.
  if (etag === "" && transfer.receivedBytes > 0) return restart(context, transfer, "begin");
  const headers = { range: `bytes=${transfer.receivedBytes}-`, "if-range": etag };
  ask(context, nowNs, transfer, path, etag === "" ? {} : headers);
}

function ask(
  context: AgentContext,
  nowNs: number,
  transfer: FileTransfer,
  path: string,
  headers: Record<string, string>,
): void {
  const id = context.ask({ method: "GET", path, headers, isBulk: true });
  transfer.exchange = { id, deadlineNs: nowNs + REQUEST_DEADLINE_NS, status: 0, headers: {} };
  transfer.paceNs = nowNs + SLOW_EACH_NS;
  transfer.paceBytes = transfer.receivedBytes + transfer.header.length;
  transfer.skipBytes = 0;
}

function restart(context: AgentContext, transfer: FileTransfer, step: "header" | "begin" = "header"): void {
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
function lookAtPace(context: AgentContext, nowNs: number, transfer: FileTransfer): void {
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
  context: AgentContext,
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
  if (transfer.attempts >= ATTEMPTS_MAX || transfer.restarts >= ATTEMPTS_MAX) return fail(context, nowNs, cause);
  const askedNs = askedSeconds * (1 + config.chance.nextFloat() / 2) * NS_PER_SECOND;
  transfer.retryNs = nowNs + Math.round(Math.max(askedNs, backoffNs(transfer.attempts, config.chance)));
  if (context.state === "checking" || context.state === "downloading") context.setState(nowNs, context.state, cause);
}

/** Status and headers of the answer. */
export function bulkResponse(context: AgentContext, nowNs: number, transfer: FileTransfer): void {
  const { exchange, artifact } = transfer;
  if (exchange === null) return;
  const { status, headers } = exchange;
  const retry = (cause: string): void =>
    broken(context, nowNs, transfer, cause, retryAfterSeconds(headers, context.wallSeconds(nowNs)));
  if (status === 416 && transfer.step === "body") {
    const isWhole = unsatisfiedBytes(headers) === artifact.sizeBytes && transfer.receivedBytes === artifact.sizeBytes;
    if (!isWhole) restart(context, transfer);
    return retry("range not satisfiable");
  }
  if (status !== 200 && status !== 206) return retry(statusCause(status));
  const range = contentRange(headers);
  const isFromStart = status === 200;
  const totalBytes = isFromStart ? (contentLength(headers) ?? artifact.sizeBytes) : range?.totalBytes;
  if (totalBytes !== artifact.sizeBytes) {
    // Another file by now, or not the one that was announced.
    if (transfer.step === "body") restart(context, transfer);
    return retry("size-mismatch");
  }
  if (transfer.step === "header") {
    if (!isFromStart && range?.from !== 0) return retry("other range");
    artifact.etag = strongTag(headers);
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

export function bulkBody(context: AgentContext, nowNs: number, transfer: FileTransfer, bytes: Uint8Array): void {
  context.bucket.take(nowNs, bytes.length);
  context.receivedBytes += bytes.length;
  if (transfer.step === "header") return headerBody(context, nowNs, transfer, bytes);
  if (transfer.step !== "body") return;
  const skipped = Math.min(transfer.skipBytes, bytes.length);
  transfer.skipBytes -= skipped;
  const fresh = bytes.subarray(skipped);
  const roomBytes = transfer.artifact.sizeBytes - transfer.receivedBytes;
  if (fresh.length > roomBytes) return broken(context, nowNs, transfer, "endless-data");
  if (fresh.length > 0) write(context, transfer, fresh);
  if (transfer.receivedBytes < transfer.artifact.sizeBytes) return;
  transfer.step = "finish";
  context.abort(transfer.exchange);
  transfer.exchange = null;
}

function headerBody(context: AgentContext, nowNs: number, transfer: FileTransfer, bytes: Uint8Array): void {
  const { artifact } = transfer;
  const most = Math.min(HEADER_BYTES_MAX, artifact.sizeBytes);
  if (transfer.header.length + bytes.length > most && transfer.exchange?.status === 206)
    return refuseArtifact(context, nowNs, "endless-data");
  transfer.header = Buffer.concat([transfer.header, bytes.subarray(0, most - transfer.header.length)]);
  const verdict = context.config.checkHeader(
    transfer.header,
    artifact.sizeBytes,
    context.device,
    context.wallSeconds(nowNs),
  );
  if (verdict.kind === "refused") return refuseArtifact(context, nowNs, verdict.cause);
  if (transfer.header.length < most) return;
  if (verdict.kind === "more") return refuseArtifact(context, nowNs, "bad-manifest");
  if (verdict.image !== artifact.image)
    return refuseArtifact(context, nowNs, verdict.image === "delta" ? "delta-not-expected" : "not-a-delta");
  if (verdict.targetSha256 !== "") artifact.targetSha256 = verdict.targetSha256;
  context.abort(transfer.exchange);
  transfer.exchange = null;
  transfer.step = "begin";
  context.changeAction({ phase: "downloading", artifact: { ...artifact } });
}

/** By which the store knows the file again, in the form of OMCI; without the CRC-32, which DDI does not tell. */
export const identityOf = (sizeBytes: number, sha256: string): string =>
  `00000000${sizeBytes.toString(16).padStart(8, "0")}${sha256.slice(0, 32)}`;

function beginStore(context: AgentContext, transfer: FileTransfer): void {
  const { image, sizeBytes, sha256, etag } = transfer.artifact;
  const identity = etag === "" ? "" : identityOf(sizeBytes, sha256);
  context.store({ kind: "begin", image, imageBytes: sizeBytes, identity }, { kind: "begin" });
}

/** The store is ready, and says what it has. */
export function begun(context: AgentContext, nowNs: number, transfer: FileTransfer, finding: StoreFinding): void {
  if (!finding.ok) {
    if (!finding.passes) return refuseArtifact(context, nowNs, finding.cause);
    // A battery may take its time: it costs no attempt, and the state has its own end.
    context.installFailures += 1;
    transfer.retryNs = nowNs + backoffNs(context.installFailures, context.config.chance);
    return context.setState(nowNs, context.state, finding.cause);
  }
  context.installFailures = 0;
  const heldBytes = Math.min(finding.heldBytes ?? 0, transfer.artifact.sizeBytes);
  transfer.receivedBytes = heldBytes;
  transfer.stableBytes = heldBytes;
  transfer.markedBytes = heldBytes;
  transfer.progressBytes = heldBytes;
  transfer.step = "body";
  context.setState(nowNs, "downloading");
  if (transfer.artifact.etag !== "" && transfer.header.length > heldBytes)
    write(context, transfer, transfer.header.subarray(heldBytes));
  transfer.header = new Uint8Array(0);
  const { sizeBytes } = transfer.artifact;
  if (transfer.receivedBytes !== sizeBytes) return;
  transfer.step = "finish";
  // All of it came with the header.
  context.emit({ type: "transfer", offsetBytes: 0, imageBytes: sizeBytes });
}

/** Half a block at a time is brought to stable storage, while the other half comes in. */
function write(context: AgentContext, transfer: FileTransfer, bytes: Uint8Array): void {
  const offsetBytes = transfer.receivedBytes;
  transfer.receivedBytes += bytes.length;
  const isLast = transfer.receivedBytes === transfer.artifact.sizeBytes;
  const isStable = isLast || transfer.receivedBytes - transfer.markedBytes >= context.config.blockBytes / 2;
  if (isStable) transfer.markedBytes = transfer.receivedBytes;
  const stableBytes = isStable ? transfer.receivedBytes : 0;
  context.store({ kind: "write", offsetBytes, bytes, isStable }, { kind: "write", transfer, stableBytes });
}

function finish(context: AgentContext, nowNs: number, transfer: FileTransfer): void {
  context.setState(nowNs, "verifying");
  context.store({ kind: "finish", sha256: transfer.artifact.sha256 }, { kind: "finish" });
}
