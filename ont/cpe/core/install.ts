/** From a whole file to a committed image: stored, installed in its window, booted, confirmed. Nothing is called done before Commit. */
import { CWMP_EVENTS, CWMP_FILE_TYPES } from "../../../cwmp/index.ts";
import { APPLY_ATTEMPTS_MAX, backoffNs, begun, newTransfer, POWER_UP_SPREAD_NS } from "../../road/core/index.ts";
import type { StoreFinding } from "../../store/types.ts";
import { type CpeContext, withEvents } from "./context.ts";
import { NO_FAULT } from "./faults.ts";
import { flagOf } from "./parameters.ts";
import { eventsOf } from "./reports.ts";
import { endTransfer, transferFailed } from "./transfers.ts";
import type { CpeRecord, TransferRecord } from "./types.ts";
import { holdCause } from "./windows.ts";

/** What the record says was under way when the power went, or the device restarted; and what this boot is to tell. */
export function powerUp(context: CpeContext, nowNs: number): void {
  const { device, record, config } = context;
  context.addEvent(CWMP_EVENTS.boot);
  context.sessionNs = nowNs + Math.round(POWER_UP_SPREAD_NS * config.chance.nextFloat());
  const version = device.runs?.version ?? "";
  if (record.knownVersion !== "" && record.knownVersion !== version) context.addEvent(CWMP_EVENTS.valueChange);
  tellDone(context);
  const active = record.transfers.find(({ phase }) => phase !== "queued" && phase !== "done");
  if (active !== undefined) {
    context.activeNumber = active.number;
    goOn(context, nowNs, active);
  } else if (record.trialSha256 !== "") trial(context, nowNs);
  noteOtherRoad(context, nowNs);
}

/** What was over when the power went, before anybody could be told. */
function tellDone(context: CpeContext): void {
  const { record } = context;
  const events = withEvents(record.events, record.transfers.filter(({ phase }) => phase === "done").flatMap(eventsOf));
  if (events.length > record.events.length) context.persist({ events });
}

function goOn(context: CpeContext, nowNs: number, active: TransferRecord): void {
  const { device } = context;
  const { number, phase, file } = active;
  const target = file?.targetSha256 ?? "";
  const isTarget = (sha256: string | undefined): boolean => target !== "" && sha256 === target;
  switch (phase) {
    case "verifying":
      // The store had taken it for good before it could be kept that it has.
      if (file !== null && device.other !== null)
        return stored(context, nowNs, { ...active, file: { ...file, targetSha256: device.other.sha256 } });
      return fetchAgain(context, nowNs, active);
    case "fetching":
    case "stored":
      // It runs, and the record that says so was lost.
      if (isTarget(device.runs?.sha256)) {
        context.changeTransfer(number, { phase: "applying" });
        return context.setState(nowNs, "confirming");
      }
      if (isTarget(device.other?.sha256)) return stored(context, nowNs, active);
      return fetchAgain(context, nowNs, active);
    case "applying":
      if (isTarget(device.runs?.sha256)) return context.setState(nowNs, "confirming");
      return notRunning(context, nowNs, active, isTarget(device.other?.sha256));
    case "queued":
    case "done":
      return;
  }
}

function fetchAgain(context: CpeContext, nowNs: number, { number, phase, file }: TransferRecord): void {
  if (file === null || phase === "stored") {
    context.activeNumber = 0;
    return context.changeTransfer(number, { phase: "queued", file: null });
  }
  const fromNs = nowNs + Math.round(POWER_UP_SPREAD_NS * context.config.chance.nextFloat());
  context.transfer = newTransfer({ ...file }, fromNs);
  context.transfer.step = "begin";
  context.setState(nowNs, "downloading");
}

/** The new image was to run, and does not. @param isThere it is valid in the other slot */
function notRunning(context: CpeContext, nowNs: number, active: TransferRecord, isThere: boolean): void {
  const { rolledBack } = context.device;
  if (rolledBack !== "") return endTransfer(context, nowNs, rolledBack, "rolledBack");
  // A power cut takes a trial away, whatever the image is like: it has another chance, in its window.
  if (isThere && active.attempts < APPLY_ATTEMPTS_MAX) {
    context.changeTransfer(active.number, { phase: "stored" });
    return context.setState(nowNs, "waiting");
  }
  const cause = isThere ? "the power went each time" : "the image is no longer valid";
  endTransfer(context, nowNs, cause, "rolledBack");
}

/** Of an image that BootFirmwareImage named. */
function trial(context: CpeContext, nowNs: number): void {
  const { device, record } = context;
  if (device.runs?.sha256 === record.trialSha256) {
    if (!device.isCommitted) return context.setState(nowNs, "confirming");
    return context.persist({ trialSha256: "", knownSha256: record.trialSha256 });
  }
  context.persist({ trialSha256: "" });
  context.setState(nowNs, "rolledBack", device.rolledBack || "the image does not run");
}

/** The image came by another road: who asks for it is told (AutonomousTransferCompletePolicy). */
function noteOtherRoad(context: CpeContext, nowNs: number): void {
  const { device, record, state } = context;
  const { runs, isCommitted } = device;
  if (runs === null || !isCommitted || state === "confirming" || record.knownSha256 === runs.sha256) return;
  const isNew = record.knownSha256 === "";
  const change: Partial<CpeRecord> = { knownSha256: runs.sha256 };
  if (!isNew && flagOf(context, "Device.ManagementServer.AutonomousTransferCompletePolicy.Enable")) {
    const number = record.lastNumber + 1;
    const transfer: TransferRecord = {
      number,
      rpc: "autonomous",
      commandKey: "",
      fileType: CWMP_FILE_TYPES.firmware,
      url: "",
      username: "",
      password: "",
      fileSizeBytes: 0,
      targetFileName: "",
      receivedMs: "unknown",
      delaySeconds: 0,
      windows: [],
      phase: "done",
      file: null,
      retries: 0,
      windowOfRetries: -1,
      attempts: 0,
      startMs: "unknown",
      completeMs: context.wallMs(nowNs),
      fault: NO_FAULT,
    };
    change.transfers = [...context.record.transfers, transfer];
    change.events = withEvents(context.record.events, eventsOf(transfer));
    change.lastNumber = number;
  }
  context.persist(change);
}

/** Installs what waits, when everything allows it. */
export function advanceInstall(context: CpeContext, nowNs: number): void {
  const { active, state, config } = context;
  if (state === "confirming" && config.confirmBy === "boot") confirm(context, nowNs);
  restart(context, nowNs);
  if (active?.phase !== "stored" || state !== "waiting") return;
  if (context.persistWaits.size > 0 || context.isStoreBusy || context.installNs > nowNs) return;
  const cause = context.session === null ? holdCause(context, active, nowNs) : "session";
  if (cause !== "") return context.setState(nowNs, "waiting", cause);
  context.setState(nowNs, "applying");
  context.changeTransfer(active.number, { phase: "applying", attempts: active.attempts + 1 }, "apply");
}

/** When something of it changes by itself. */
export function installTimeNs(context: CpeContext, nowNs: number): number {
  const { state, installNs, active, config, isRestartDue } = context;
  const isWaiting =
    (state === "confirming" && config.confirmBy === "boot") ||
    (state === "waiting" && active?.phase === "stored") ||
    (isRestartDue && context.session === null);
  return isWaiting && installNs > nowNs ? installNs : Infinity;
}

/** The restart that the ACS asked for, into the image that it wants. */
function restart(context: CpeContext, nowNs: number): void {
  const { isRestartDue, session, persistWaits, isStoreBusy, installNs, record, device } = context;
  if (!isRestartDue || session !== null || persistWaits.size > 0 || isStoreBusy || installNs > nowNs) return;
  if (context.state === "applying" || context.state === "rebooting") return;
  const isOther = record.bootSha256 !== "" && record.bootSha256 === device.other?.sha256 && context.activeNumber === 0;
  if (isOther && record.trialSha256 !== record.bootSha256)
    return context.persist({ trialSha256: record.bootSha256, bootSha256: "" });
  if (record.trialSha256 !== "" && record.trialSha256 === device.other?.sha256)
    return context.store({ kind: "activate" }, { kind: "activate" });
  // Restarts into the committed image, which is the one that runs.
  context.store({ kind: "rollBack" }, { kind: "rollBack" });
}

/** It is kept that it is about to be installed. */
export function applyPersisted(context: CpeContext, nowNs: number): void {
  const { active } = context;
  if (context.state !== "applying" || active === undefined) return;
  // The window may have closed meanwhile.
  const cause = holdCause(context, active, nowNs);
  if (cause === "") return context.store({ kind: "activate" }, { kind: "activate" });
  notApplied(context, nowNs, active, cause);
}

/** Nothing has happened: it waits again. */
function notApplied(context: CpeContext, nowNs: number, active: TransferRecord, cause: string): void {
  context.changeTransfer(active.number, { phase: "stored", attempts: active.attempts - 1 });
  context.setState(nowNs, "waiting", cause);
}

/** The ACS was reached, or the image has booted: whichever is the proof. */
export function confirm(context: CpeContext, nowNs: number): void {
  if (context.state !== "confirming" || context.isStoreBusy || context.installNs > nowNs) return;
  if (context.device.isCommitted) return committed(context, nowNs);
  context.store({ kind: "commit" }, { kind: "commit" });
}

function committed(context: CpeContext, nowNs: number): void {
  context.device = { ...context.device, isCommitted: true };
  const knownSha256 = context.device.runs?.sha256 ?? "";
  // In one piece with what it is the end of.
  context.record = { ...context.record, knownSha256, trialSha256: "" };
  if (context.active !== undefined) return endTransfer(context, nowNs, "");
  context.persist({});
  context.setState(nowNs, "committed");
}

/** The new image runs, and is not good enough to stay: the restart brings the committed one back. */
export function rollBack(context: CpeContext, nowNs: number, cause: string): void {
  if (context.active === undefined) context.setState(nowNs, "rolledBack", cause);
  else endTransfer(context, nowNs, cause, "rolledBack");
  context.store({ kind: "rollBack" }, { kind: "rollBack" });
}

/** An answer of the store that is none to a write. */
export function storeAnswered(
  context: CpeContext,
  nowNs: number,
  kind: "begin" | "finish" | "activate" | "commit" | "rollBack" | "drop",
  finding: StoreFinding,
): void {
  const { transfer, active } = context;
  switch (kind) {
    case "begin":
      if (active?.phase === "verifying") context.changeTransfer(active.number, { phase: "fetching" });
      if (transfer?.step === "begin") begun(context, nowNs, transfer, finding);
      return;
    case "finish":
      if (transfer?.step === "finish" && active !== undefined) finished(context, nowNs, active, finding);
      return;
    case "activate":
      return activated(context, nowNs, active, finding);
    case "commit":
      if (context.state !== "confirming") return;
      if (finding.ok) return committed(context, nowNs);
      if (!finding.passes) return rollBack(context, nowNs, finding.cause);
      return again(context, nowNs);
    case "rollBack":
      if (!context.isRestartDue) return;
      if (finding.ok) return context.setState(nowNs, "rebooting");
      if (finding.passes) return again(context, nowNs);
      context.isRestartDue = false;
      return;
    case "drop":
      return;
  }
}

function again(context: CpeContext, nowNs: number): void {
  context.storeFailures += 1;
  context.installNs = nowNs + backoffNs(context.storeFailures, context.config.chance);
}

function activated(
  context: CpeContext,
  nowNs: number,
  active: TransferRecord | undefined,
  finding: StoreFinding,
): void {
  if (context.isRestartDue && context.state !== "applying") {
    if (finding.ok) return context.setState(nowNs, "rebooting");
    if (finding.passes) return again(context, nowNs);
    context.persist({ trialSha256: "" });
    return;
  }
  if (context.state !== "applying" || active === undefined) return;
  if (finding.ok) return context.setState(nowNs, "rebooting");
  if (!finding.passes) return endTransfer(context, nowNs, finding.cause);
  again(context, nowNs);
  notApplied(context, nowNs, active, finding.cause);
}

function finished(context: CpeContext, nowNs: number, active: TransferRecord, finding: StoreFinding): void {
  const { transfer } = context;
  if (transfer === null) return;
  if (!finding.ok) {
    return finding.passes ? transferFailed(context, nowNs, finding.cause) : endTransfer(context, nowNs, finding.cause);
  }
  const image = finding.image ?? null;
  context.transfer = null;
  context.storeFailures = 0;
  context.installNs = nowNs;
  context.device = { ...context.device, other: image };
  const targetSha256 = image?.sha256 ?? transfer.file.targetSha256;
  stored(context, nowNs, { ...active, file: { ...transfer.file, targetSha256 } });
}

/** A whole image is in the other slot: to be installed, or to be kept there (FileType 6). */
function stored(context: CpeContext, nowNs: number, { number, file, fileType }: TransferRecord): void {
  if (fileType === CWMP_FILE_TYPES.storedFirmware) return endTransfer(context, nowNs, "");
  context.changeTransfer(number, { phase: "stored", file });
  context.setState(nowNs, "waiting");
}
