/** Known flaws of CPEs, as data: what our own CPE does wrong where a case is to find it out. */
import { CPE_FAULTS, CWMP_EVENTS, cwmpFault } from "../../../cwmp/index.ts";
import { type CpeFlaw, events, of, without } from "./flaw.ts";

const { methodDownload, methodReboot, valueChange, bootstrap, periodic } = CWMP_EVENTS;
/** Version of what it came with. */
export const FACTORY_VERSION = "PONCAST-1.0.0";

/** Of the parameters that cases set. */
const isSettable = (name: string): boolean => /Periodic|Provisioning|ConnectionRequest|CWMPRetry|URL$/.test(name);

export const CPE_FLAWS: readonly CpeFlaw[] = [
  { name: "reference", about: "as the standard has it" },
  {
    name: "forgets-command-key",
    about: "TransferComplete without its CommandKey",
    says: of("TransferComplete", (message) => ({ ...message, commandKey: "" })),
  },
  {
    name: "forgets-event-key",
    about: "M Download without its key",
    says: events((list) =>
      list.map((each) => (each.eventCode === methodDownload ? { ...each, commandKey: "" } : each)),
    ),
  },
  { name: "reports-twice", about: "TransferComplete again although it was acknowledged", reportsAgain: true },
  { name: "reports-once", about: "TransferComplete once, acknowledged or not", reportsOnce: true },
  {
    name: "ignores-delay",
    about: "DelaySeconds means nothing to it",
    hears: of("Download", (message) => ({ ...message, delaySeconds: 0 })),
  },
  {
    name: "ignores-window",
    about: "windows are open at once",
    hears: of("ScheduleDownload", (message) => ({
      ...message,
      windows: message.windows.map((each) => ({ ...each, windowStartSeconds: Math.min(1, each.windowStartSeconds) })),
    })),
  },
  { name: "impatient", about: "a POST again before the one in front of it was answered", isImpatient: true },
  { name: "forgets-cookies", about: "no cookie comes back", fields: (headers) => without(headers, "cookie") },
  {
    name: "no-soap-action",
    about: "no SOAPAction",
    fields: (headers) => without(headers, "soapaction"),
  },
  {
    name: "own-ids",
    about: "answers have IDs of its own",
    envelope: ({ id, message }) => (message.method.endsWith("Response") ? { id: `cpe-${id}` } : {}),
  },
  {
    name: "one-fault",
    about: "each fault is 9002",
    says: of("Fault", () => cwmpFault(CPE_FAULTS.internalError)),
  },
  {
    name: "one-transfer-fault",
    about: "each failed transfer is 9010",
    says: of("TransferComplete", (message) =>
      message.fault.faultCode === 0
        ? message
        : { ...message, fault: { ...message.fault, faultCode: CPE_FAULTS.transferFailed } },
    ),
  },
  {
    name: "always-succeeds",
    about: "each transfer went well",
    says: of("TransferComplete", (message) => ({ ...message, fault: { faultCode: 0, faultString: "" } })),
  },
  {
    name: "status-0",
    about: "Download is answered 0 although it is done later",
    says: of("DownloadResponse", (message) => ({ ...message, status: 0 })),
  },
  { name: "forgets-at-power-cut", about: "what waited is gone with the power", forgetsAtPowerCut: true },
  { name: "open-door", about: "whoever asks for a session gets one", door: { letsAnybodyIn: true } },
  { name: "takes-replays", about: "an answer to a challenge counts twice", door: { takesReplays: true } },
  {
    name: "always-new",
    about: "0 BOOTSTRAP in each Inform",
    says: events((list) => [
      { eventCode: bootstrap, commandKey: "" },
      ...list.filter(({ eventCode }) => eventCode !== bootstrap),
    ]),
  },
  {
    name: "silent-restart",
    about: "no M Reboot",
    says: events((list) => list.filter(({ eventCode }) => eventCode !== methodReboot)),
  },
  {
    name: "silent-change",
    about: "no 4 VALUE CHANGE",
    says: events((list) => list.filter(({ eventCode }) => eventCode !== valueChange)),
  },
  {
    name: "forgets-attributes",
    about: "SetParameterAttributes is answered, and not carried out",
    hears: of("SetParameterAttributes", (message) => ({ ...message, parameters: [] })),
  },
  {
    name: "always-changed",
    about: "4 VALUE CHANGE in each Inform",
    says: events((list) =>
      list.some(({ eventCode }) => eventCode === valueChange)
        ? list
        : [...list, { eventCode: valueChange, commandKey: "" }],
    ),
  },
  {
    name: "can-be-muted",
    about: "whatever notification is asked for is granted",
    says: of("Fault", (fault) =>
      fault.faultCode === CPE_FAULTS.notificationRejected ? { method: "SetParameterAttributesResponse" } : fault,
    ),
  },
  {
    name: "counts-no-tries",
    about: "RetryCount is always 0",
    says: of("Inform", (inform) => ({ ...inform, retryCount: 0 })),
  },
  {
    name: "hammers",
    about: "a failed session is tried again after a second",
    hears: of("SetParameterValues", (message) => ({
      ...message,
      parameters: message.parameters.map((each) =>
        each.name.includes("CWMPRetry")
          ? { ...each, value: { ...each.value, text: each.name.endsWith("Multiplier") ? "1000" : "1" } }
          : each,
      ),
    })),
  },
  {
    name: "tells-secrets",
    about: "passwords can be read",
    says: of("GetParameterValuesResponse", (message) => ({
      ...message,
      parameters: message.parameters.map((each) =>
        each.name.endsWith("Password") ? { ...each, value: { ...each.value, text: "secret" } } : each,
      ),
    })),
  },
  {
    name: "passes-over",
    about: "of what is to be set, what cannot be is passed over",
    hears: of("SetParameterValues", (message) => ({
      ...message,
      parameters:
        message.parameters.length > 1 ? message.parameters.filter(({ name }) => isSettable(name)) : message.parameters,
    })),
  },
  { name: "deaf-to-hold", about: "HoldRequests means nothing to it", isDeafToHold: true },
  {
    name: "takes-any-header",
    about: "headers that must be understood are passed over",
    hearsText: (text) => text.replace('mustUnderstand="1">1</x:New>', 'mustUnderstand="0">1</x:New>'),
  },
  {
    name: "takes-any-method",
    about: "a method that it does not know is answered as one that it knows",
    hearsText: (text) => text.replaceAll("MakeCoffee", "GetRPCMethods"),
  },
  {
    name: "cancels-nothing",
    about: "CancelTransfer is answered, and not carried out",
    hears: of("CancelTransfer", (message) => ({ ...message, commandKey: "another" })),
  },
  {
    name: "lists-nothing",
    about: "GetAllQueuedTransfers is answered by an empty list",
    says: of("GetAllQueuedTransfersResponse", (message) => ({ ...message, transfers: [] })),
  },
  {
    name: "short-keys",
    about: "a CommandKey has 31 characters at most",
    says: of("TransferComplete", (message) => ({ ...message, commandKey: message.commandKey.slice(0, 31) })),
  },
  {
    name: "own-words",
    about: "2 PERIODIC INFORM in place of 2 PERIODIC",
    says: events((list) =>
      // It is no code of the standard: that is what is wrong with it.
      list.map((each) => (each.eventCode === periodic ? { ...each, eventCode: `${periodic} INFORM` } : each)),
    ),
  },
  {
    name: "old-version",
    about: "its Informs tell the version that it came with",
    says: of("Inform", (inform) => ({
      ...inform,
      parameters: inform.parameters.map((each) =>
        each.name.endsWith("SoftwareVersion") ? { ...each, value: { ...each.value, text: FACTORY_VERSION } } : each,
      ),
    })),
  },
  {
    name: "old-clock",
    about: "its clock stands in 1970",
    says: of("Inform", (inform) => ({ ...inform, currentTime: 0 })),
  },
  {
    name: "deaf-to-redirects",
    about: "302 and 307 are taken for failures",
    hearsStatus: (status) => (status === 302 || status === 307 ? 500 : status),
  },
  {
    name: "deaf-to-chunks",
    about: "answers without a length have no body for it",
    dropsChunks: true,
  },
  {
    name: "own-namespace",
    about: "answers are of CWMP 1.0",
    envelope: ({ message }) => (message.method.endsWith("Response") ? { version: "1.0" } : {}),
  },
  {
    name: "half-names",
    about: "names of parameters are not whole",
    says: of("GetParameterValuesResponse", (message) => ({
      ...message,
      parameters: message.parameters.map((each) =>
        each.name.includes("DeviceInfo.") ? { ...each, name: each.name.replace("Device.", "") } : each,
      ),
    })),
  },
  {
    name: "sets-nothing",
    about: "SetParameterValues is answered, and not carried out, but for the ACS and its door",
    hears: of("SetParameterValues", (message) => ({
      ...message,
      parameters: message.parameters.filter(({ name }) => /URL$|ConnectionRequest/.test(name)),
    })),
  },
  {
    name: "forgets-door",
    about: "its Informs have no ConnectionRequestURL but the first",
    says: of("Inform", (inform) =>
      inform.events.some(({ eventCode }) => eventCode === bootstrap)
        ? inform
        : { ...inform, parameters: inform.parameters.filter(({ name }) => !name.endsWith("ConnectionRequestURL")) },
    ),
  },
  {
    name: "no-list",
    about: "GetRPCMethods names nothing but itself",
    says: of("GetRPCMethodsResponse", (message) => ({ ...message, methods: ["GetRPCMethods"] })),
  },
  {
    name: "many-envelopes",
    about: "MaxEnvelopes 2",
    says: of("Inform", (inform) => ({ ...inform, maxEnvelopes: 2 })),
  },
  {
    name: "backwards",
    about: "StartTime behind CompleteTime",
    says: of("TransferComplete", (message) => ({
      ...message,
      startTime: 1_767_300_000_000,
      completeTime: 1_767_225_600_001,
    })),
  },
  {
    name: "small-queue",
    about: "two transfers wait at most",
    queueMax: 2,
  },
  { name: "any-path", about: "its door is at every path", door: { hasAnyPath: true } },
  { name: "shows-no-password", about: "file servers that ask are shown nothing", isNameless: true },
  { name: "trusts-anybody", about: "images of any signer are installed", trustsStrangers: true },
  { name: "trusts-revoked", about: "a revoked certificate is as good as any", trustsRevoked: true },
];
