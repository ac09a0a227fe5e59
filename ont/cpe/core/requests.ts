/** What the ACS asks of the CPE, and what it is answered: one place for every RPC that this CPE knows. */
import { CPE_FAULTS, CWMP_EVENTS, cwmpFault, type CwmpMessage, type CwmpRequest } from "../../../cwmp/index.ts";
import { getAttributes, setAttributes } from "./attributes.ts";
import type { CpeContext } from "./context.ts";
import { refuseObject } from "./objects.ts";
import { getNames, getValues, setValues } from "./parameter-requests.ts";
import { withEvents } from "./context.ts";
import { INFORMS_MAX } from "./policy.ts";
import { allQueued, cancelTransfer, download, queuedStates, scheduleDownload } from "./queue.ts";

/** In the order of the standard's table 6. */
const METHODS = [
  "GetRPCMethods",
  "SetParameterValues",
  "GetParameterValues",
  "GetParameterNames",
  "SetParameterAttributes",
  "GetParameterAttributes",
  "AddObject",
  "DeleteObject",
  "Reboot",
  "Download",
  "ScheduleDownload",
  "CancelTransfer",
  "GetQueuedTransfers",
  "GetAllQueuedTransfers",
  "ScheduleInform",
  "FactoryReset",
] as const;

type Known = Extract<CwmpRequest, { method: (typeof METHODS)[number] }>;

const KNOWN: ReadonlySet<string> = new Set(METHODS);
const isKnown = (message: CwmpRequest): message is Known => KNOWN.has(message.method);

export const isRequest = (message: CwmpMessage): message is CwmpRequest =>
  message.method !== "Fault" && !message.method.endsWith("Response");

/** @returns undefined where the answer comes later: a download that is answered when it is done */
export function answerOf(context: CpeContext, nowNs: number, message: CwmpRequest): CwmpMessage | undefined {
  if (!isKnown(message)) return cwmpFault(CPE_FAULTS.methodNotSupported, message.method);
  switch (message.method) {
    case "GetRPCMethods":
      return { method: "GetRPCMethodsResponse", methods: METHODS };
    case "SetParameterValues":
      return setValues(context, nowNs, message);
    case "GetParameterValues":
      return getValues(context, nowNs, message);
    case "GetParameterNames":
      return getNames(message);
    case "SetParameterAttributes":
      return setAttributes(context, nowNs, message);
    case "GetParameterAttributes":
      return getAttributes(context, message);
    case "AddObject":
    case "DeleteObject":
      return refuseObject(message.objectName);
    case "Reboot":
      return reboot(context, message.commandKey);
    case "FactoryReset":
      return factoryReset(context);
    case "ScheduleInform":
      return scheduleInform(context, nowNs, message);
    case "Download":
      return download(context, nowNs, message);
    case "ScheduleDownload":
      return scheduleDownload(context, nowNs, message);
    case "CancelTransfer":
      return cancelTransfer(context, nowNs, message.commandKey);
    case "GetQueuedTransfers":
      return { method: "GetQueuedTransfersResponse", transfers: queuedStates(context) };
    case "GetAllQueuedTransfers":
      return { method: "GetAllQueuedTransfersResponse", transfers: allQueued(context) };
  }
}

/** Once the session is over. The event is kept before, and told after it. */
function reboot(context: CpeContext, commandKey: string): CwmpMessage {
  const { record } = context;
  const event = { eventCode: CWMP_EVENTS.methodReboot, commandKey };
  context.persist({ events: withEvents(record.events, [event]) }, "answer");
  context.isRestartDue = true;
  return { method: "RebootResponse" };
}

/** Everything that the ACS has said is forgotten, the images are not. */
function factoryReset(context: CpeContext): CwmpMessage {
  const { lastNumber } = context.record;
  context.dropTransfer();
  context.configuration = null;
  context.activeNumber = 0;
  context.persist(
    {
      knownAcsUrl: "",
      parameters: {},
      parameterKey: "",
      attributes: {},
      toldValues: {},
      events: [],
      transfers: [],
      informs: [],
      lastNumber,
      bootSha256: "",
    },
    "answer",
  );
  context.isRestartDue = true;
  return { method: "FactoryResetResponse" };
}

function scheduleInform(
  context: CpeContext,
  nowNs: number,
  { delaySeconds, commandKey }: Extract<CwmpRequest, { method: "ScheduleInform" }>,
): CwmpMessage {
  const { informs, lastNumber } = context.record;
  if (delaySeconds === 0) return cwmpFault(CPE_FAULTS.invalidArguments, "DelaySeconds is 0");
  if (informs.length >= INFORMS_MAX) return cwmpFault(CPE_FAULTS.resourcesExceeded, `${INFORMS_MAX} wait already`);
  const number = lastNumber + 1;
  context.receivedNs.set(number, nowNs);
  const receivedMs = context.wallMs(nowNs);
  context.persist(
    { lastNumber: number, informs: [...informs, { number, commandKey, receivedMs, delaySeconds }] },
    "answer",
  );
  return { method: "ScheduleInformResponse" };
}
