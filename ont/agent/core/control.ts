/** What the agent and the depot tell each other beside the file: polls, deployments, cancels, attributes, reports. */
import {
  DDI_DOCUMENT_BYTES_MAX,
  DDI_REQUEST_TYPE,
  type DdiDeployment,
  type DdiPoll,
  type DdiReading,
  readDdiCancel,
  writeDdiConfigData,
} from "../../../base/ddi/index.ts";
import { backoffNs, REQUEST_DEADLINE_NS, retryAfterSeconds, statusCause } from "../../road/core/index.ts";
import { beginAction, endAction, reported, withdraw } from "./action.ts";
import type { AgentContext, ControlTask } from "./context.ts";
import { confirm } from "./install.ts";
import { pollWaitNs } from "./policy.ts";
import { placeOf, report } from "./report.ts";
import type { AgentHeaders } from "./types.ts";

const NS_PER_SECOND = 1e9;

/** Asks the next thing, where nothing is asked at the moment. */
export function advanceControl(context: AgentContext, nowNs: number): void {
  if (context.control !== null) return;
  if (context.tasks.length === 0) {
    if (context.nextPollNs > nowNs) return;
    context.tasks.push({ kind: "poll" });
  }
  const index = context.tasks.findIndex((task) => !isHeldBack(context, task, nowNs));
  if (index < 0) {
    // A report that waits holds up no poll.
    if (context.nextPollNs > nowNs) return;
    context.tasks.push({ kind: "poll" });
    return advanceControl(context, nowNs);
  }
  const [task] = context.tasks.splice(index, 1);
  if (task.kind === "poll") {
    context.polls += 1;
    context.lastPollNs = nowNs;
    context.nextPollNs = nowNs + pollWaitNs(context.pollSeconds, context.config.chance);
  }
  const id = context.ask({ ...requestOf(context, task), isBulk: false });
  const deadlineNs = nowNs + REQUEST_DEADLINE_NS;
  context.control = { id, task, deadlineNs, status: 0, headers: {}, body: [], bodyBytes: 0 };
}

const isHeldBack = (context: AgentContext, task: ControlTask, nowNs: number): boolean =>
  task.kind === "report" && task.isFinal && context.reportNs > nowNs;

/** When there is something to ask again. */
export function controlTimeNs(context: AgentContext): number {
  if (context.control !== null) return context.control.deadlineNs;
  return context.tasks.length > 0 ? Math.min(context.nextPollNs, context.reportNs) : context.nextPollNs;
}

function requestOf(
  context: AgentContext,
  task: ControlTask,
): { method: "GET" | "POST" | "PUT"; path: string; headers?: Record<string, string>; body?: string } {
  const headers = { "content-type": DDI_REQUEST_TYPE };
  switch (task.kind) {
    case "poll":
      return { method: "GET", path: placeOf(context, { kind: "poll" }) };
    case "deployment":
    case "cancel":
      return { method: "GET", path: task.path };
    case "configData": {
      const data = context.config.attributes(context.device);
      return { method: "PUT", path: task.path, headers, body: writeDdiConfigData({ mode: "merge", data }) };
    }
    case "report":
      return { method: "POST", path: task.path, headers, body: task.body };
  }
}

export function controlBody(context: AgentContext, bytes: Uint8Array): void {
  const { control } = context;
  if (control === null) return;
  control.bodyBytes += bytes.length;
  // Only documents are kept, and of these no more than is read.
  if (control.bodyBytes <= DDI_DOCUMENT_BYTES_MAX) control.body.push(bytes.slice());
}

/** @param cause why there is no whole answer; undefined: there is */
export function controlDone(context: AgentContext, nowNs: number, cause?: string): void {
  const { control } = context;
  if (control === null) return;
  context.control = null;
  const { task, status, headers } = control;
  if (cause !== undefined) return failed(context, nowNs, task, cause, {});
  if (task.kind === "report") return reportDone(context, nowNs, task, status, headers);
  if (status < 200 || status >= 300) return failed(context, nowNs, task, statusCause(status), headers);
  if (control.bodyBytes > DDI_DOCUMENT_BYTES_MAX) return failed(context, nowNs, task, "endless-data", headers);
  context.pollFailures = 0;
  const body = control.body.length === 1 ? control.body[0] : Buffer.concat(control.body);
  switch (task.kind) {
    case "poll":
      return use(context, nowNs, task, context.lastPoll.of(body), (poll) => polled(context, nowNs, poll));
    case "deployment": {
      const reading = context.lastDeployment.of(body);
      return use(context, nowNs, task, reading, (read) => deployed(context, nowNs, task.path, read));
    }
    case "cancel":
      return use(context, nowNs, task, readDdiCancel(body), ({ id, stopId }) => cancelled(context, nowNs, id, stopId));
    case "configData":
      context.isIntroduced = true;
      return;
  }
}

function use<Value>(
  context: AgentContext,
  nowNs: number,
  task: ControlTask,
  reading: DdiReading<Value>,
  then: (value: Value) => void,
): void {
  if (reading.ok) then(reading.value);
  else failed(context, nowNs, task, `not readable: ${reading.problem}`, {});
}

/** The depot is asked again later; what is under way goes on. */
function failed(context: AgentContext, nowNs: number, task: ControlTask, cause: string, headers: AgentHeaders): void {
  const { config } = context;
  context.emit({ type: "dropped", cause: `${task.kind}: ${cause}` });
  // What followed from the same poll is asked again after the next one.
  context.tasks = context.tasks.filter(({ kind }) => kind === "report");
  context.pollFailures += 1;
  const asked = retryAfterSeconds(headers, context.wallSeconds(nowNs));
  const waitNs = backoffNs(context.pollFailures, config.chance);
  // Whoever was told to wait comes spread over half as long again.
  const askedNs = asked * (1 + config.chance.nextFloat() / 2) * NS_PER_SECOND;
  context.nextPollNs = nowNs + Math.round(Math.max(waitNs, askedNs));
  if (task.kind !== "report" || !task.isFinal) return;
  // A final report is told again with the next poll; others were of the moment.
  context.reportNs = context.nextPollNs;
  context.tasks.push(task);
}

function polled(context: AgentContext, nowNs: number, { sleepSeconds, links }: DdiPoll): void {
  context.pollSeconds = sleepSeconds;
  context.nextPollNs = nowNs + pollWaitNs(sleepSeconds, context.config.chance);
  confirm(context, nowNs);
  const { action, closedPath } = context.record;
  const { configData, cancelAction, deploymentBase } = links;
  if (configData !== undefined && !context.isIntroduced) add(context, "configData", configData);
  if (cancelAction !== undefined) return add(context, "cancel", cancelAction);
  if (action?.phase === "applying" || action?.phase === "closed") return;
  const path = deploymentBase === undefined ? undefined : context.pathOf(deploymentBase);
  if (deploymentBase === undefined) withdraw(context, nowNs, "withdrawn");
  else if (path === undefined) context.emit({ type: "dropped", cause: "deployment: other-origin" });
  else if (path !== closedPath) context.tasks.push({ kind: "deployment", path });
  if (deploymentBase === undefined && action === null && !context.record.isUserPaused) context.setState(nowNs, "idle");
}

function add(context: AgentContext, kind: "configData" | "cancel", href: string): void {
  const path = context.pathOf(href);
  if (path === undefined) context.emit({ type: "dropped", cause: `${kind}: other-origin` });
  else context.tasks.push({ kind, path });
}

function deployed(context: AgentContext, nowNs: number, path: string, deployment: DdiDeployment): void {
  const phase = context.record.action?.phase;
  if (phase === "applying" || phase === "closed") return;
  const { id, download, update, maintenanceWindow } = deployment;
  const { action } = context.record;
  if (action !== null && action.path !== path) {
    // Its window has opened, for example: what is under way of the same file goes on.
    const isSameFile = deployment.chunks.some(({ artifacts }) =>
      artifacts.some(({ hashes }) => hashes.sha256 === action.artifact?.sha256),
    );
    if (action.id === id && isSameFile) context.changeAction({ path });
    else withdraw(context, nowNs, "replaced by the depot");
  }
  const isAllowed = update !== "skip" && maintenanceWindow !== "unavailable";
  context.depotInstall = { isAllowed, toldNs: nowNs };
  context.isDepotPaused = download === "skip";
  if (context.record.action !== null) return;
  if (context.isDepotPaused) return context.setState(nowNs, "paused", "depot");
  if (context.record.isUserPaused) return context.setState(nowNs, "paused", "user");
  beginAction(context, nowNs, path, id, deployment);
}

/** DDI: what is stopped is confirmed with `closed`; what is too late to stop is rejected, and goes on. */
function cancelled(context: AgentContext, nowNs: number, id: string, stopId: string): void {
  const { action } = context.record;
  const isOurs = action !== null && action.id === stopId;
  const isTooLate = isOurs && (action.phase === "applying" || action.phase === "closed");
  if (isOurs && !isTooLate) {
    endAction(context, nowNs, action.path);
    context.setState(nowNs, "idle", "cancelled by the depot");
  }
  const status = isTooLate
    ? { execution: "rejected" as const, finished: "none" as const, details: ["too late: it is being installed"] }
    : { execution: "closed" as const, finished: "success" as const, details: ["cancelled"] };
  report(context, nowNs, { action: id, isCancel: true }, status);
}

function reportDone(
  context: AgentContext,
  nowNs: number,
  task: Extract<ControlTask, { kind: "report" }>,
  status: number,
  headers: AgentHeaders,
): void {
  const { execution, finished, isFinal } = task;
  // An action that the depot no longer has needs no report.
  const isGone = status === 404 || status === 410;
  if (!isGone && (status < 200 || status >= 300)) return failed(context, nowNs, task, statusCause(status), headers);
  context.pollFailures = 0;
  if (!isGone) context.emit({ type: "reported", execution, finished });
  if (isFinal) reported(context, nowNs);
}
