/** From a whole file to a committed image: checked, installed in its window, booted, confirmed. Nothing is called done before Commit. */
import { APPLY_ATTEMPTS_MAX, backoffNs, begun, newTransfer, POWER_UP_SPREAD_NS } from "../../road/core/index.ts";
import type { StoreFinding } from "../../store/types.ts";
import { closeAction, fail, refuseArtifact, tellOutcome } from "./action.ts";
import type { AgentContext, PersistWait } from "./context.ts";
import { FRESH_EACH_NS, FRESH_NS } from "./policy.ts";
import { report } from "./report.ts";
import { windowChangeNs, windowIsOpen } from "./window.ts";

/** What the record says was under way when the power went, or the device restarted. */
export function powerUp(context: AgentContext, nowNs: number): void {
  const { device, record, config } = context;
  const { action } = record;
  if (action === null) {
    if (record.isUserPaused) context.setState(nowNs, "paused", "user");
    return;
  }
  context.pollBy(nowNs + Math.round(POWER_UP_SPREAD_NS * config.chance.nextFloat()));
  const isTarget = (sha256: string | undefined): boolean =>
    sha256 !== undefined && sha256 === action.artifact?.targetSha256;
  switch (action.phase) {
    case "checking":
      // The deployment comes again with the next poll.
      context.record = { ...record, action: null };
      return;
    case "downloading":
    case "stored":
      // It runs, and the record that says so was lost.
      if (isTarget(device.runs?.sha256)) {
        context.changeAction({ phase: "applying" });
        return context.setState(nowNs, "confirming");
      }
      if (isTarget(device.other?.sha256)) {
        if (action.phase === "downloading") context.changeAction({ phase: "stored" });
        return context.setState(nowNs, "waiting");
      }
      if (action.artifact === null) return;
      context.transfer = newTransfer(
        { ...action.artifact },
        nowNs + Math.round(POWER_UP_SPREAD_NS * config.chance.nextFloat()),
      );
      context.transfer.step = "begin";
      return context.setState(nowNs, "downloading");
    case "applying":
      if (isTarget(device.runs?.sha256)) return context.setState(nowNs, "confirming");
      return notRunning(context, nowNs, isTarget(device.other?.sha256));
    case "closed":
      if (action.outcome === null) return;
      context.setState(nowNs, action.outcome.state, action.outcome.cause);
      // Given up, but it runs: a trial that nobody will confirm.
      if (action.outcome.state !== "committed" && !device.isCommitted)
        context.store({ kind: "rollBack" }, { kind: "rollBack" });
      return tellOutcome(context, nowNs);
  }
}

/** The new image was to run, and does not. @param isThere it is valid in the other slot */
function notRunning(context: AgentContext, nowNs: number, isThere: boolean): void {
  const { device, record } = context;
  const { rolledBack } = device;
  if (rolledBack !== "") return closeAction(context, nowNs, { state: "rolledBack", cause: rolledBack });
  const attempts = record.action?.attempts ?? 0;
  // A power cut takes a trial away, whatever the image is like: it has another chance, in its window.
  if (isThere && attempts < APPLY_ATTEMPTS_MAX) {
    context.changeAction({ phase: "stored" });
    return context.setState(nowNs, "waiting");
  }
  const cause = isThere ? "the power went each time" : "the image is no longer valid";
  closeAction(context, nowNs, { state: "rolledBack", cause });
}

/** Installs what waits, when everything allows it. */
export function advanceInstall(context: AgentContext, nowNs: number): void {
  const { state, record } = context;
  if (state === "confirming" && context.config.confirmBy === "boot") confirm(context, nowNs);
  if (record.action?.phase !== "stored" || (state !== "waiting" && state !== "paused")) return;
  if (context.persistWaits.size > 0 || context.isStoreBusy) return;
  if (record.isUserPaused) return context.setState(nowNs, "paused", "user");
  // What refused it last is the cause until it is tried again.
  if (context.installNs > nowNs) return;
  const cause = waitCause(context, nowNs);
  if (cause !== "") return context.setState(nowNs, "waiting", cause);
  context.waitingSinceNs = context.sinceNs;
  context.setState(nowNs, "applying");
  context.changeAction({ phase: "applying", attempts: record.action.attempts + 1 }, "apply");
}

/** Why it is not installed now; empty: nothing stands against it. */
function waitCause(context: AgentContext, nowNs: number): string {
  const { depotInstall } = context;
  if (!windowIsOpen(context, nowNs)) return "window";
  if (depotInstall === null || depotInstall.toldNs + FRESH_NS < nowNs) {
    // What was said a while ago says nothing of now.
    const isAsking = context.control !== null || context.tasks.length > 0 || context.pollFailures > 0;
    if (!isAsking) context.pollBy(Math.max(nowNs, context.lastPollNs + FRESH_EACH_NS));
    return depotInstall?.isAllowed === false ? "depot" : "depot is asked";
  }
  return depotInstall.isAllowed ? "" : "depot";
}

/** When something of it changes by itself. */
export function installTimeNs(context: AgentContext, nowNs: number): number {
  const { action } = context.record;
  if (context.state === "confirming")
    return context.config.confirmBy === "boot" && !context.isStoreBusy ? context.installNs : Infinity;
  if (action?.phase !== "stored" || context.state !== "waiting") return Infinity;
  const againNs = context.installNs > nowNs ? context.installNs : Infinity;
  return Math.min(againNs, windowChangeNs(context, nowNs));
}

export function persisted(context: AgentContext, nowNs: number, wait: PersistWait): void {
  if (wait === "close") return tellOutcome(context, nowNs);
  if (wait !== "apply" || context.state !== "applying") return;
  // The window may have closed meanwhile.
  if (windowIsOpen(context, nowNs) && !context.record.isUserPaused)
    return context.store({ kind: "activate" }, { kind: "activate" });
  notApplied(context, nowNs, "window");
}

/** It was not installed, and nothing has happened: it waits again. */
function notApplied(context: AgentContext, nowNs: number, cause: string): void {
  const attempts = (context.record.action?.attempts ?? 1) - 1;
  context.changeAction({ phase: "stored", attempts });
  context.setState(nowNs, "waiting", cause);
  context.sinceNs = context.waitingSinceNs;
}

/** The depot was reached, or the image has booted: whichever is the proof. */
export function confirm(context: AgentContext, nowNs: number): void {
  if (context.state !== "confirming" || context.isStoreBusy || context.installNs > nowNs) return;
  if (context.device.isCommitted) return committed(context, nowNs);
  context.store({ kind: "commit" }, { kind: "commit" });
}

function committed(context: AgentContext, nowNs: number): void {
  context.device = { ...context.device, isCommitted: true };
  closeAction(context, nowNs, { state: "committed", cause: "" });
}

/** An answer of the store that is none to a write. */
export function stored(
  context: AgentContext,
  nowNs: number,
  kind: "begin" | "finish" | "activate" | "commit" | "rollBack" | "drop",
  finding: StoreFinding,
): void {
  const { transfer } = context;
  switch (kind) {
    case "begin":
      if (transfer?.step === "begin") begun(context, nowNs, transfer, finding);
      return;
    case "finish":
      if (transfer?.step === "finish") finished(context, nowNs, finding);
      return;
    case "activate":
      if (context.state !== "applying") return;
      if (finding.ok) return context.setState(nowNs, "rebooting");
      if (!finding.passes) return fail(context, nowNs, finding.cause);
      context.storeFailures += 1;
      context.installNs = nowNs + backoffNs(context.storeFailures, context.config.chance);
      return notApplied(context, nowNs, finding.cause);
    case "commit":
      if (context.state !== "confirming") return;
      if (finding.ok) return committed(context, nowNs);
      if (!finding.passes) return rollBack(context, nowNs, finding.cause);
      context.storeFailures += 1;
      context.installNs = nowNs + backoffNs(context.storeFailures, context.config.chance);
      return;
    case "rollBack":
    case "drop":
      return;
  }
}

function finished(context: AgentContext, nowNs: number, finding: StoreFinding): void {
  const { transfer } = context;
  const { action } = context.record;
  if (transfer === null || action === null) return;
  if (!finding.ok) return refuseArtifact(context, nowNs, finding.cause);
  context.transfer = null;
  context.storeFailures = 0;
  context.installNs = nowNs;
  const image = finding.image ?? null;
  context.device = { ...context.device, other: image };
  const targetSha256 = image?.sha256 ?? transfer.file.targetSha256;
  context.changeAction({ phase: "stored", artifact: { ...transfer.file, targetSha256 } });
  context.setState(nowNs, "waiting");
  report(context, nowNs, { action: action.id }, { execution: "downloaded", finished: "none", details: [] });
}

/** The new image runs, and is not good enough to stay: the restart brings the committed one back. */
export function rollBack(context: AgentContext, nowNs: number, cause: string): void {
  closeAction(context, nowNs, { state: "rolledBack", cause });
  context.store({ kind: "rollBack" }, { kind: "rollBack" });
}
