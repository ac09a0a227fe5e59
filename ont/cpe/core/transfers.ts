/** The transfer that is under way: which it is, how it is fetched, and what its end is called. */
import { CWMP_FILE_TYPES } from "../../../cwmp/index.ts";
import { backoffNs, newTransfer, type TransferRules, type FileRecord } from "../../road/core/index.ts";
import { beginConfiguration } from "./configuration.ts";
import type { CpeContext } from "./context.ts";
import { faultOf, isFinalCause, NO_FAULT } from "./faults.ts";
import { FILE_ATTEMPTS_MAX } from "./policy.ts";
import { eventsOf } from "./reports.ts";
import type { TransferRecord } from "./types.ts";
import { dueNs, holdCause, isMissed, openWindow, retriesMax, windowChangeNs } from "./windows.ts";

const NOTHING_KNOWN: FileRecord = { sha256: "", sizeBytes: 0, image: "image", etag: "", targetSha256: "" };

export const fileRules = (context: CpeContext): TransferRules<FileRecord> => ({
  attemptsMax: FILE_ATTEMPTS_MAX,
  isFinal: isFinalCause,
  fetch: (_file, headers) => {
    const { url, username, password } = context.active!;
    const from = context.movedUrl === "" ? url : context.movedUrl;
    return context.request({ method: "GET", url: from, headers, isBulk: true, credentials: { username, password } });
  },
  // What is held belongs to this transfer, and its tag says that it is the same file still.
  identityOf: ({ sizeBytes }) => `00000000${hex(sizeBytes, 8)}c3${hex(context.activeNumber, 30)}`,
  pauseCause: (nowNs) => (context.active === undefined ? "" : holdCause(context, context.active, nowNs)),
  pauseChangeNs: (nowNs) => (context.active === undefined ? Infinity : windowChangeNs(context, context.active, nowNs)),
  fits: (verdict, file) => {
    file.image = verdict.image;
    file.targetSha256 = verdict.targetSha256;
    context.changeTransfer(context.activeNumber, { phase: "fetching", file: { ...file } });
    return "";
  },
  mayFinish: () => mayFinish(context),
  refuse: (nowNs, cause) => endTransfer(context, nowNs, cause),
  fail: (nowNs, cause) => transferFailed(context, nowNs, cause),
});

/** Nobody has told what the whole image is: one that is valid after this is kept, and was none before, is this one. */
function mayFinish(context: CpeContext): boolean {
  const { active } = context;
  if (active?.phase === "fetching") context.changeTransfer(active.number, { phase: "verifying" });
  return context.persistWaits.size === 0;
}

const hex = (value: number, digits: number): string => value.toString(16).padStart(digits, "0");

/** Begins the next one that is due; where windows have closed for good, ends what was to be done in them. */
export function advanceQueue(context: CpeContext, nowNs: number): void {
  for (const transfer of context.record.transfers)
    if (transfer.phase !== "done" && !isInstalling(context, transfer) && isMissed(context, transfer, nowNs))
      missed(context, nowNs, transfer);
  if (context.activeNumber !== 0 && !maySwitch(context, nowNs)) return;
  const next = nextOf(context, nowNs);
  if (next === undefined || next.number === context.activeNumber) return;
  if (context.activeNumber !== 0) putBack(context);
  begin(context, nowNs, next);
}

/** It is past what a window is for. */
const isInstalling = ({ activeNumber, state }: CpeContext, { number, phase }: TransferRecord): boolean =>
  phase === "applying" || (number === activeNumber && state === "confirming");

/** What it answered in its session is done in it; everything else waits until that is over. */
function mayGo(context: CpeContext, transfer: TransferRecord): boolean {
  return context.session === null || context.heldAnswer?.number === transfer.number;
}

function nextOf(context: CpeContext, nowNs: number): TransferRecord | undefined {
  if (context.isRestartDue || context.state === "confirming") return undefined;
  const open = context.record.transfers.filter(
    (each) => each.phase === "queued" && mayGo(context, each) && holdCause(context, each, nowNs) === "",
  );
  // The one that has waited longest.
  return open.toSorted((one, other) => dueNs(context, one) - dueNs(context, other))[0];
}

/** One that its window holds up lets another one go first, while nothing of it is in the slot for good. */
function maySwitch(context: CpeContext, nowNs: number): boolean {
  const { active } = context;
  if (active === undefined) return true;
  return (active.phase === "queued" || active.phase === "fetching") && holdCause(context, active, nowNs) !== "";
}

function putBack(context: CpeContext): void {
  const { activeNumber } = context;
  context.dropTransfer();
  context.activeNumber = 0;
  context.changeTransfer(activeNumber, { phase: "queued", file: null });
}

function begin(context: CpeContext, nowNs: number, transfer: TransferRecord): void {
  const { number, fileType, fileSizeBytes } = transfer;
  context.activeNumber = number;
  context.movedUrl = "";
  context.redirects = 0;
  const startMs = transfer.startMs === "unknown" ? context.wallMs(nowNs) : transfer.startMs;
  const window = openWindow(context, transfer, nowNs);
  const retries = window === transfer.windowOfRetries ? transfer.retries : 0;
  context.changeTransfer(number, { startMs, windowOfRetries: window, retries });
  context.setState(nowNs, "checking");
  const fromNs = Math.max(nowNs, context.installNs);
  if (fileType === CWMP_FILE_TYPES.configuration) return beginConfiguration(context, number, fromNs);
  context.transfer = newTransfer({ ...NOTHING_KNOWN, sizeBytes: fileSizeBytes }, fromNs);
}

/** When something of the queue changes by itself. */
export function queueTimeNs(context: CpeContext, nowNs: number): number {
  const { record, session, activeNumber } = context;
  let atNs = context.heldAnswer?.deadlineNs ?? Infinity;
  for (const transfer of record.transfers) {
    if (transfer.phase === "done" || transfer.phase === "applying") continue;
    atNs = Math.min(atNs, windowChangeNs(context, transfer, nowNs));
    const due = dueNs(context, transfer);
    if (transfer.phase === "queued" && session === null && activeNumber === 0 && due > nowNs)
      atNs = Math.min(atNs, due);
  }
  return atNs;
}

function missed(context: CpeContext, nowNs: number, transfer: TransferRecord): void {
  if (transfer.number === context.activeNumber) return endTransfer(context, nowNs, "window");
  done(context, nowNs, transfer, "window");
}

/** It did not come, or was not installed: once more, if its window lets it. */
export function transferFailed(context: CpeContext, nowNs: number, cause: string): void {
  const { active } = context;
  if (active === undefined) return;
  const { windows, retries, number } = active;
  if (windows.length === 0) return endTransfer(context, nowNs, cause);
  const window = openWindow(context, active, nowNs);
  const mayTryAgain = retries < retriesMax(active, window);
  const isLast = window < 0 || window === windows.length - 1;
  if (!mayTryAgain && isLast) return endTransfer(context, nowNs, cause);
  context.dropTransfer();
  context.configuration = null;
  context.activeNumber = 0;
  context.emit({ type: "dropped", cause: `try: ${cause}` });
  context.installNs = nowNs + backoffNs(retries + 1, context.config.chance);
  context.changeTransfer(number, {
    phase: "queued",
    file: null,
    retries: retries + 1,
    windowOfRetries: window,
    ...(!mayTryAgain && { windows: windows.slice(1), windowOfRetries: -1, retries: 0 }),
  });
  context.setState(nowNs, "waiting", cause);
}

/** @param cause empty: it went well */
export function endTransfer(context: CpeContext, nowNs: number, cause: string, state?: "rolledBack"): void {
  const { active } = context;
  if (active === undefined) return;
  context.dropTransfer();
  context.abort(context.configuration?.exchange ?? null);
  context.configuration = null;
  context.activeNumber = 0;
  if (cause !== "") context.setState(nowNs, state ?? "failed", cause);
  else if (active.fileType === CWMP_FILE_TYPES.firmware) context.setState(nowNs, "committed");
  else context.setState(nowNs, "idle", "done");
  done(context, nowNs, active, cause);
}

/** The end of a transfer and what tells of it are kept at once. */
function done(context: CpeContext, nowNs: number, transfer: TransferRecord, cause: string): void {
  const fault = cause === "" ? NO_FAULT : faultOf(cause);
  const completeMs = context.wallMs(nowNs);
  const { number } = transfer;
  context.confirmed.delete(number);
  context.refused.delete(number);
  if (context.heldAnswer?.number === number) {
    // Its answer says how it ended.
    context.heldAnswer.deadlineNs = nowNs;
    context.changeTransfer(number, { phase: "done", fault, completeMs }, "answer");
    return;
  }
  context.changeTransfer(number, { phase: "done", fault, completeMs }, "none", eventsOf(transfer));
}
