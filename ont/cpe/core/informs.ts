/** When the CPE goes to its ACS by itself: periodically, at a time that the ACS asked for, after it was given another ACS. */
import { CWMP_EVENTS, readCwmpTime } from "../../../cwmp/index.ts";
import { type CpeContext, withEvents } from "./context.ts";
import { periodicSeconds, valueOf } from "./parameters.ts";

const NS_PER_SECOND = 1e9;
const NS_PER_MS = 1e6;
const MS_PER_SECOND = 1000;

export function advanceInform(context: CpeContext, nowNs: number): void {
  const { record, session } = context;
  if (session === null && record.knownAcsUrl !== valueOf(context, "Device.ManagementServer.URL"))
    context.addEvent(CWMP_EVENTS.bootstrap);
  const seconds = periodicSeconds(context);
  if (seconds !== context.periodicSeconds) {
    context.periodicSeconds = seconds;
    context.periodicNs = firstNs(context, nowNs, seconds);
  }
  while (context.periodicNs <= nowNs) {
    context.periodicNs +=
      Math.ceil((nowNs - context.periodicNs + 1) / (seconds * NS_PER_SECOND)) * seconds * NS_PER_SECOND;
    context.addEvent(CWMP_EVENTS.periodic);
  }
  const due = record.informs.filter(({ number, delaySeconds }) => dueNs(context, number, delaySeconds) <= nowNs);
  if (due.length === 0) return;
  // One event of the kind, and one for each command (TR-069, A.4.1.2).
  const events = due.map(({ commandKey }) => ({ eventCode: CWMP_EVENTS.methodScheduleInform, commandKey }));
  for (const { number } of due) context.receivedNs.delete(number);
  context.persist({
    informs: record.informs.filter((each) => !due.includes(each)),
    events: withEvents(record.events, [{ eventCode: CWMP_EVENTS.scheduled, commandKey: "" }, ...events]),
  });
}

const dueNs = ({ receivedNs }: CpeContext, number: number, delaySeconds: number): number =>
  (receivedNs.get(number) ?? 0) + delaySeconds * NS_PER_SECOND;

/** By PeriodicInformTime, where that and the time are known; or anywhere within one interval, so that devices do not knock together. */
function firstNs(context: CpeContext, nowNs: number, seconds: number): number {
  if (seconds === Infinity) return Infinity;
  const reference = readCwmpTime(valueOf(context, "Device.ManagementServer.PeriodicInformTime")) ?? "unknown";
  const wallMs = context.wallMs(nowNs);
  if (reference === "unknown" || wallMs === "unknown")
    return nowNs + Math.max(1, Math.round(seconds * context.config.chance.nextFloat() * NS_PER_SECOND));
  const eachMs = seconds * MS_PER_SECOND;
  const intoMs = (((wallMs - reference) % eachMs) + eachMs) % eachMs;
  return nowNs + Math.round((eachMs - intoMs) * NS_PER_MS);
}

export function informTimeNs(context: CpeContext, nowNs: number): number {
  let atNs = context.periodicNs;
  for (const { number, delaySeconds } of context.record.informs) {
    const due = dueNs(context, number, delaySeconds);
    if (due > nowNs) atNs = Math.min(atNs, due);
  }
  return atNs;
}
