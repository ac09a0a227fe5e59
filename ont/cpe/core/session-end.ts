/** The end of a session: what is delivered with it, or when it is tried again. */
import { CWMP_EVENTS } from "../../../cwmp/index.ts";
import type { CpeContext, CpeSession } from "./context.ts";
import { retryParameters, valueOf } from "./parameters.ts";
import { RETRY_MULTIPLIER, RETRY_SECONDS, retryWaitNs } from "./policy.ts";

const NS_PER_SECOND = 1e9;

/** Events are delivered once the session is over; those of transfers were, with each acknowledgement. */
export function ended(context: CpeContext, nowNs: number, session: CpeSession): void {
  context.session = null;
  context.sessions += 1;
  const { retryCount, record, device } = context;
  context.retryCount = 0;
  const isTold = ({ eventCode, commandKey }: { eventCode: string; commandKey: string }): boolean =>
    session.events.some((each) => each.eventCode === eventCode && each.commandKey === commandKey);
  context.lifeEvents = context.lifeEvents.filter((event) => !isTold(event));
  const events = record.events.filter((event) => isOfTransfers(event.eventCode) || !isTold(event));
  const hasBoot = session.events.some(({ eventCode }) => eventCode === CWMP_EVENTS.bootstrap);
  const knownAcsUrl = hasBoot ? informedUrl(context) : record.knownAcsUrl;
  const knownVersion = device.runs?.version ?? "";
  const isSame =
    events.length === record.events.length &&
    knownAcsUrl === record.knownAcsUrl &&
    knownVersion === record.knownVersion;
  const isTaught = Object.keys(session.told).length > 0;
  const toldValues = isTaught ? { ...record.toldValues, ...session.told } : record.toldValues;
  if (!isSame || isTaught) context.persist({ events, knownAcsUrl, knownVersion, toldValues });
  // Whatever the ACS would not hear is not told at once again.
  const isLeft = session.own.length > 0;
  context.sessionNs = nowNs + (isLeft ? retryWaitNs(1, RETRY_SECONDS, RETRY_MULTIPLIER, context.config.chance) : 0);
  context.emit({ type: "session", cause: "", events: session.events.map(({ eventCode }) => eventCode), retryCount });
  if (record.transfers.length === 0 && isOver(context)) context.setState(nowNs, "idle");
}

const informedUrl = (context: CpeContext): string => valueOf(context, "Device.ManagementServer.URL");

const isOver = ({ state }: CpeContext): boolean =>
  state === "committed" || state === "rolledBack" || state === "failed";

const TRANSFER_EVENTS: ReadonlySet<string> = new Set([
  CWMP_EVENTS.transferComplete,
  CWMP_EVENTS.autonomousTransferComplete,
  CWMP_EVENTS.methodDownload,
  CWMP_EVENTS.methodScheduleDownload,
]);
const isOfTransfers = (eventCode: string): boolean => TRANSFER_EVENTS.has(eventCode);

/** It is tried again with the same events, later each time. */
export function failed(context: CpeContext, nowNs: number, session: CpeSession, cause: string, askedSeconds = 0): void {
  const { config } = context;
  context.abort(session.exchange);
  context.session = null;
  context.emit({
    type: "session",
    cause,
    events: session.events.map(({ eventCode }) => eventCode),
    retryCount: context.retryCount,
  });
  context.retryCount += 1;
  const { minimumSeconds, multiplier } = retryParameters(context);
  const waitNs = retryWaitNs(context.retryCount, minimumSeconds, multiplier, config.chance);
  context.sessionNs = nowNs + Math.max(waitNs, askedSeconds * NS_PER_SECOND);
}
