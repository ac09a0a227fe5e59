/** What comes in on the OMCC beside sections: each command to whoever carries it out, a repeat to its kept answer. */
import {
  decodeMessage,
  isNotification,
  layoutOf,
  type OtherMessage,
  RECOVERY,
  RESULT,
  type Message,
  type MessageBody,
  type MessageHeader,
} from "../../omci/index.ts";
import { handleActivate, handleCommit, handleReboot } from "./activation.ts";
import type { OntContext } from "./context.ts";
import { handleStart } from "./download.ts";
import { asksHeld, setHeld } from "./place.ts";
import { keepBeginning } from "./sections.ts";
import { type Command, handleGet, meRefusal, takesCommand } from "./mib.ts";
import { handleEnd } from "./end-software-download.ts";

/** A frame of the OMCC that is no Download section. What cannot be read is dropped and counted, never answered. */
export function handleMessage(context: OntContext, nowNs: number, pdu: Uint8Array): void {
  const decoded = decodeMessage(pdu);
  if (!decoded.ok) return context.drop(decoded.cause);
  const { message, deviations } = decoded;
  if (message.messageSet === "extended" && !context.supportsExtended)
    return context.drop("extended message set not supported");
  if (message.tci === 0) return context.drop("request with TCI 0");
  if (isFromOnt(message)) return context.drop("not a request");
  if (message.messageSet === "extended") context.extendedSeen = true;
  // Seen in the field: an OLT that sends commands without asking for an answer. They are none of this ONT's business.
  if (deviations.includes("ar-unexpected") || (message.type === "other" && !message.ar)) {
    return context.drop("request without AR");
  }
  const verdict = context.cache.look(message.tci, pdu);
  if (verdict.kind === "answered") return context.transmit(nowNs, verdict.answer);
  if (verdict.kind === "pending") return context.drop("repeat of a request under way");
  context.cache.begin(message.tci, pdu);
  dispatch(context, nowNs, message);
}

/** Answers and notifications, which only an ONT sends. */
const isFromOnt = (message: Message | OtherMessage): boolean =>
  message.type === "other"
    ? message.ak
    : layoutOf(message.type).ak || isNotification(layoutOf(message.type).messageType);

function dispatch(context: OntContext, nowNs: number, message: Message | OtherMessage): void {
  switch (message.type) {
    case "other":
      return answerNotSupported(context, nowNs, message, message.messageType);
    case "getRequest":
      if (asksHeld(message)) keepBeginning(context, nowNs);
      return handleGet(context, nowNs, message);
    case "setRequest":
      return handleSet(context, nowNs, message);
    case "mibResetRequest":
    case "rebootRequest":
    case "startDownloadRequest":
    case "endDownloadRequest":
    case "activateImageRequest":
    case "commitImageRequest":
      return handleCommand(context, nowNs, message);
    case "createRequest":
    case "deleteRequest":
    case "getAllAlarmsRequest":
    case "getAllAlarmsNextRequest":
    case "mibUploadRequest":
    case "mibUploadNextRequest":
    case "testRequest":
    case "synchronizeTimeRequest":
    case "getNextRequest":
    case "getCurrentDataRequest":
    case "setTableRequest":
      return answerNotSupported(context, nowNs, message, layoutOf(message.type).messageType);
    case "alarm":
    case "createResponse":
    case "deleteResponse":
    case "downloadSectionRequest":
    case "getAllAlarmsNextResponse":
    case "getAllAlarmsResponse":
    case "getCurrentDataResponse":
    case "getNextResponse":
    case "mibUploadNextResponse":
    case "mibUploadResponse":
    case "setTableResponse":
    case "synchronizeTimeResponse":
    case "testResponse":
    case "testResult":
    case "getResponse":
    case "setResponse":
    case "mibResetResponse":
    case "avc":
    case "rebootResponse":
    case "startDownloadResponse":
    case "downloadSectionResponse":
    case "endDownloadResponse":
    case "activateImageResponse":
    case "commitImageResponse":
      return context.drop("not a request");
  }
  message satisfies never;
}

/** What a simulated ONT has no use for: of the MIB, it has what software download needs. */
function answerNotSupported(context: OntContext, nowNs: number, request: MessageHeader, messageType: number): void {
  context.answerResult(nowNs, request, messageType, meRefusal(context, request) ?? RESULT.notSupported);
}

function handleCommand(context: OntContext, nowNs: number, message: Command): void {
  if (!takesCommand(context.config, message)) {
    const result = meRefusal(context, message) ?? RESULT.notSupported;
    return context.answer(nowNs, message, refusalOf(message.type, result));
  }
  switch (message.type) {
    case "mibResetRequest":
      return handleMibReset(context, nowNs, message);
    case "rebootRequest":
      return handleReboot(context, nowNs, message);
    case "startDownloadRequest":
      return handleStart(context, nowNs, message);
    case "endDownloadRequest":
      return handleEnd(context, nowNs, message);
    case "activateImageRequest":
      return handleActivate(context, nowNs, message);
    case "commitImageRequest":
      return handleCommit(context, nowNs, message);
  }
  message satisfies never;
}

/** Set (G.988 11.2): of all that this ONT has, only the recovery ME has attributes to write. */
function handleSet(context: OntContext, nowNs: number, request: Extract<Message, { type: "setRequest" }>): void {
  const takesSet = request.classId === RECOVERY && context.config.placeAware;
  const result = meRefusal(context, request) ?? (takesSet ? setHeld(context, request) : RESULT.notSupported);
  const attributeExecutionMask = result === RESULT.attributeFailed ? request.attributeMask : 0;
  context.answer(nowNs, request, { type: "setResponse", result, optionalAttributeMask: 0, attributeExecutionMask });
}

/** MIB reset: the counter starts again; images and a download that runs are none of the MIB's. */
function handleMibReset(context: OntContext, nowNs: number, request: MessageHeader): void {
  const refusal = meRefusal(context, request);
  if (refusal === null) context.mibDataSync = 0;
  context.answer(nowNs, request, { type: "mibResetResponse", result: refusal ?? RESULT.ok });
}

/** The answer to a command for a managed entity of another class. */
function refusalOf(type: Command["type"], result: number): MessageBody {
  switch (type) {
    case "startDownloadRequest":
      return { type: "startDownloadResponse", result, windowSections: 1, instanceResults: [] };
    case "endDownloadRequest":
      return { type: "endDownloadResponse", result, instanceResults: [] };
    case "activateImageRequest":
      return { type: "activateImageResponse", result };
    case "commitImageRequest":
      return { type: "commitImageResponse", result };
    case "rebootRequest":
      return { type: "rebootResponse", result };
    case "mibResetRequest":
      return { type: "mibResetResponse", result };
  }
}
