/** A session with the ACS (TR-069, 3.7): Inform, the CPE's own requests one by one, an empty POST, then answers only, until the ACS has no more to ask. */
import {
  ACS_FAULTS,
  CWMP_CONTENT_TYPE,
  CWMP_EVENTS,
  CWMP_MESSAGE_BYTES_MAX,
  type CwmpEnvelope,
  type CwmpMessage,
  type CwmpRequest,
  faultForReading,
  readCwmp,
  writeCwmp,
} from "../../../cwmp/index.ts";
import { REQUEST_DEADLINE_NS, retryAfterSeconds, statusCause } from "../../road/core/index.ts";
import { changesToTell } from "./attributes.ts";
import { type CpeContext, type CpeSession, withEvents } from "./context.ts";
import { keepCookies, cookieHeader, redirectedUrl } from "./http.ts";
import { confirm } from "./install.ts";
import { informParameters, valueOf } from "./parameters.ts";
import { EVENTS_MAX, REDIRECTS_MAX, REQUESTS_MAX, RETRY_REQUESTS_MAX } from "./policy.ts";
import { answerOf, isRequest } from "./requests.ts";
import { ended, failed } from "./session-end.ts";
import { acknowledged, ownRequests } from "./reports.ts";

/** Whether it may begin: who waits for a restart, or for the record, does not. */
function mayBegin(context: CpeContext, nowNs: number): boolean {
  const { state, isRestartDue, persistWaits, record, lifeEvents, sessionNs } = context;
  if (state === "applying" || state === "rebooting" || isRestartDue || persistWaits.size > 0) return false;
  return sessionNs <= nowNs && record.events.length + lifeEvents.length > 0;
}

export function advanceSession(context: CpeContext, nowNs: number): void {
  if (context.session !== null || !mayBegin(context, nowNs)) return;
  const { changed, told } = changesToTell(context, nowNs);
  const due = withEvents(context.record.events, context.lifeEvents);
  // A passive change goes with the next Inform, which says that it does (TR-069, A.3.2.4).
  const change = { eventCode: CWMP_EVENTS.valueChange, commandKey: "" };
  const events = (changed.length > 0 ? withEvents(due, [change]) : due).slice(0, EVENTS_MAX);
  const session: CpeSession = {
    step: "inform",
    url: valueOf(context, "Device.ManagementServer.URL"),
    redirects: 0,
    cookies: new Map(),
    exchange: null,
    posted: "",
    postedId: "",
    version: context.config.version,
    isHeld: false,
    own: [],
    retryRequests: 0,
    requests: 0,
    events,
    told,
    asked: null,
    answer: null,
  };
  context.session = session;
  post(context, nowNs, session, {
    method: "Inform",
    deviceId: context.config.deviceId,
    events,
    maxEnvelopes: 1,
    currentTime: context.wallMs(nowNs),
    retryCount: context.retryCount,
    parameters: informParameters(context, nowNs, changed),
  });
}

/** When it has to do with the ACS next, by itself. */
export function sessionTimeNs(context: CpeContext): number {
  const { session, record, lifeEvents, sessionNs, persistWaits, state } = context;
  if (session !== null) return session.exchange?.deadlineNs ?? Infinity;
  if (persistWaits.size > 0 || state === "applying" || state === "rebooting" || context.isRestartDue) return Infinity;
  return record.events.length + lifeEvents.length > 0 ? sessionNs : Infinity;
}

/** @param message null: an empty POST @param answers ID of the request that it answers */
function post(
  context: CpeContext,
  nowNs: number,
  session: CpeSession,
  message: CwmpMessage | null,
  answers?: NonNullable<CpeSession["asked"]>,
): void {
  if (message === null) {
    session.posted = "";
    session.postedId = "";
  } else {
    const id = answers?.id ?? String(++context.lastEnvelope);
    const { version } = answers ?? session;
    const envelope: CwmpEnvelope = { version, id, message };
    if (message.method === "Inform" && version === "1.4")
      envelope.supportedVersions = ["1.0", "1.1", "1.2", "1.3", "1.4"];
    session.posted = writeCwmp(envelope);
    session.postedId = answers === undefined ? id : "";
  }
  send(context, nowNs, session);
}

function send(context: CpeContext, nowNs: number, session: CpeSession): void {
  const { posted: body, url, cookies } = session;
  const cookie = cookieHeader(cookies);
  const id = context.request({
    method: "POST",
    url,
    headers: {
      ...(body !== "" && { "content-type": CWMP_CONTENT_TYPE, soapaction: "" }),
      ...(cookie !== "" && { cookie }),
    },
    body,
    isBulk: false,
    credentials: {
      username: valueOf(context, "Device.ManagementServer.Username"),
      password: valueOf(context, "Device.ManagementServer.Password"),
    },
  });
  session.exchange = { id, deadlineNs: nowNs + REQUEST_DEADLINE_NS, status: 0, headers: {}, body: [], bodyBytes: 0 };
}

export function sessionResponse({ session }: CpeContext, cookies: readonly string[]): void {
  if (session !== null) keepCookies(session.cookies, cookies);
}

export function sessionBody({ session }: CpeContext, bytes: Uint8Array): void {
  const exchange = session?.exchange;
  if (!exchange) return;
  exchange.bodyBytes += bytes.length;
  if (exchange.bodyBytes <= CWMP_MESSAGE_BYTES_MAX) exchange.body.push(bytes.slice());
}

/** @param cause why there is no whole answer; undefined: there is */
export function sessionDone(context: CpeContext, nowNs: number, cause?: string): void {
  const { session } = context;
  const exchange = session?.exchange;
  if (!session || !exchange) return;
  session.exchange = null;
  const { status, headers, bodyBytes } = exchange;
  if (cause !== undefined) return failed(context, nowNs, session, cause);
  if (status >= 300 && status < 400) return redirected(context, nowNs, session, headers.location);
  if (status !== 200 && status !== 204)
    return failed(context, nowNs, session, statusCause(status), retryAfterSeconds(headers, context.wallSeconds(nowNs)));
  if (bodyBytes > CWMP_MESSAGE_BYTES_MAX) return failed(context, nowNs, session, "endless-data");
  if (bodyBytes === 0) return nothing(context, nowNs, session);
  const reading = readCwmp(Buffer.concat(exchange.body));
  if (reading.ok) return came(context, nowNs, session, reading.envelope);
  const { fault } = reading;
  const answer = faultForReading(fault, "cpe");
  if (session.step !== "open" || answer === undefined)
    return failed(context, nowNs, session, `not readable: ${fault.problem}`);
  context.emit({ type: "dropped", cause: `request: ${fault.problem}` });
  post(context, nowNs, session, answer, { id: fault.id, version: fault.version ?? session.version });
}

function redirected(context: CpeContext, nowNs: number, session: CpeSession, location: string | undefined): void {
  const url = redirectedUrl(session.url, location);
  session.redirects += 1;
  if (url === undefined) return failed(context, nowNs, session, "redirected to nowhere");
  if (session.redirects > REDIRECTS_MAX) return failed(context, nowNs, session, "redirected too often");
  session.url = url;
  send(context, nowNs, session);
}

/** The ACS answers without an envelope. */
function nothing(context: CpeContext, nowNs: number, session: CpeSession): void {
  if (session.step !== "open") return failed(context, nowNs, session, `no answer to ${nameOf(session)}`);
  // It lets go of the CPE's requests, and has none of its own.
  if (!session.isHeld && session.own.length > 0) return goOn(context, nowNs, session);
  ended(context, nowNs, session);
}

const nameOf = ({ step, own }: CpeSession): string => (step === "inform" ? "Inform" : (own[0]?.message.method ?? "it"));

function came(context: CpeContext, nowNs: number, session: CpeSession, envelope: CwmpEnvelope): void {
  const { message, id, version } = envelope;
  if (envelope.holdRequests !== undefined) session.isHeld = envelope.holdRequests;
  if (session.step === "open") {
    if (!isRequest(message)) return failed(context, nowNs, session, `${message.method} where a request was due`);
    return asked(context, nowNs, session, { id, version }, message);
  }
  if (id !== "" && id !== session.postedId) return failed(context, nowNs, session, "answer to another request");
  if (message.method === "Fault" && message.faultCode === ACS_FAULTS.retryRequest) {
    session.retryRequests += 1;
    if (session.retryRequests > RETRY_REQUESTS_MAX) return failed(context, nowNs, session, "8005 again and again");
    return send(context, nowNs, session);
  }
  if (session.step === "inform") {
    if (message.method !== "InformResponse")
      return failed(context, nowNs, session, faultWords(message) ?? `${message.method} to Inform`);
    session.version = version;
    session.own = ownRequests(context, session.events);
    // The ACS can be reached: that is what a new image has to be able to do.
    if (context.config.confirmBy === "acs") confirm(context, nowNs);
    return goOn(context, nowNs, session);
  }
  const request = session.own[0];
  const fault = faultWords(message);
  if (fault === undefined && message.method !== `${request.message.method}Response`)
    return failed(context, nowNs, session, `${message.method} to ${request.message.method}`);
  // Any fault but 8005 is an answer: the same would come of the same (TR-069, 3.7.1.5).
  if (fault !== undefined) context.emit({ type: "dropped", cause: `${request.message.method}: ${fault}` });
  session.own.shift();
  acknowledged(context, request);
  goOn(context, nowNs, session);
}

const faultWords = (message: CwmpMessage): string | undefined =>
  message.method === "Fault" ? `${message.faultCode} ${message.faultString}` : undefined;

/** Its own requests first; then the ACS may ask. */
function goOn(context: CpeContext, nowNs: number, session: CpeSession): void {
  const request = session.isHeld ? undefined : session.own[0];
  session.step = request === undefined ? "open" : "own";
  post(context, nowNs, session, request?.message ?? null);
}

function asked(
  context: CpeContext,
  nowNs: number,
  session: CpeSession,
  question: NonNullable<CpeSession["asked"]>,
  message: CwmpRequest,
): void {
  session.requests += 1;
  if (session.requests > REQUESTS_MAX) return failed(context, nowNs, session, "asked without an end");
  session.step = "answering";
  session.asked = question;
  session.answer = answerOf(context, nowNs, message) ?? null;
  advanceAnswer(context, nowNs);
}

/** What an answer says is kept before it is said. */
export function advanceAnswer(context: CpeContext, nowNs: number): void {
  const { session } = context;
  if (session === null || session.step !== "answering" || session.answer === null || session.asked === null) return;
  for (const wait of context.persistWaits.values()) if (wait === "answer") return;
  const { answer, asked: question } = session;
  session.answer = null;
  session.asked = null;
  session.step = "open";
  post(context, nowNs, session, answer, question);
}

/** Nobody answered in time, or the connection broke. */
export function sessionBroken(context: CpeContext, nowNs: number, cause: string): void {
  const { session } = context;
  if (session === null) return;
  context.abort(session.exchange);
  session.exchange = null;
  failed(context, nowNs, session, cause);
}
