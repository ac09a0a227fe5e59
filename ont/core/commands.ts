import {
  decodeMessage,
  ONU_DATA,
  ONU_G,
  type OtherMessage,
  RESULT,
  SOFTWARE_IMAGE,
  type Message,
  type MessageBody,
  type MessageHeader,
} from "../../omci/index.ts";
import { handleActivate, handleCommit, handleReboot } from "./activation.ts";
import type { OntContext } from "./context.ts";
import { handleStart } from "./download.ts";
import { handleGet, meRefusal } from "./mib.ts";
import { handleEnd } from "./store.ts";

/** Class each command belongs to; Get goes to any. */
const classOf: Partial<Record<Message["type"], number>> = {
  mibResetRequest: ONU_DATA,
  rebootRequest: ONU_G,
  startDownloadRequest: SOFTWARE_IMAGE,
  endDownloadRequest: SOFTWARE_IMAGE,
  activateImageRequest: SOFTWARE_IMAGE,
  commitImageRequest: SOFTWARE_IMAGE,
};

/** A frame of the OMCC that is no Download section. What cannot be read is dropped and counted, never answered. */
export function handleMessage(ctx: OntContext, nowNs: number, pdu: Uint8Array): void {
  const decoded = decodeMessage(pdu);
  if (!decoded.ok) return ctx.drop(decoded.cause);
  const { message, deviations } = decoded;
  if (message.messageSet === "extended" && !ctx.supportsExtended) return ctx.drop("extended message set not supported");
  if (message.tci === 0) return ctx.drop("request with TCI 0");
  if (isFromOnt(message)) return ctx.drop("not a request");
  if (message.messageSet === "extended") ctx.extendedSeen = true;
  // Seen in the field: an OLT that sends commands without asking for an answer. They are none of this ONT's business.
  if (deviations.includes("ar-unexpected") || (message.type === "other" && !message.ar)) {
    return ctx.drop("request without AR");
  }
  const verdict = ctx.cache.look(message.tci, pdu);
  if (verdict.kind === "answered") return ctx.transmit(nowNs, verdict.answer);
  if (verdict.kind === "pending") return ctx.drop("repeat of a request under way");
  ctx.cache.begin(message.tci, pdu);
  dispatch(ctx, nowNs, message);
}

/** Answers and notifications, which only an ONT sends. */
const isFromOnt = (message: Message | OtherMessage): boolean =>
  message.type === "other" ? message.ak : message.type.endsWith("Response") || message.type === "avc";

function dispatch(ctx: OntContext, nowNs: number, message: Message | OtherMessage): void {
  if (message.type === "other") {
    const result = meRefusal(ctx, message) ?? RESULT.notSupported;
    return ctx.answerResult(nowNs, message, message.messageType, result);
  }
  const classId = classOf[message.type];
  if (classId !== undefined && classId !== message.classId) {
    const result = meRefusal(ctx, message) ?? RESULT.notSupported;
    return ctx.answer(nowNs, message, refusalOf(message.type, result));
  }
  switch (message.type) {
    case "getRequest":
      return handleGet(ctx, nowNs, message);
    case "mibResetRequest":
      return handleMibReset(ctx, nowNs, message);
    case "rebootRequest":
      return handleReboot(ctx, nowNs, message);
    case "startDownloadRequest":
      return handleStart(ctx, nowNs, message);
    case "endDownloadRequest":
      return handleEnd(ctx, nowNs, message);
    case "activateImageRequest":
      return handleActivate(ctx, nowNs, message);
    case "commitImageRequest":
      return handleCommit(ctx, nowNs, message);
    case "downloadSectionRequest":
    case "getResponse":
    case "mibResetResponse":
    case "avc":
    case "rebootResponse":
    case "startDownloadResponse":
    case "downloadSectionResponse":
    case "endDownloadResponse":
    case "activateImageResponse":
    case "commitImageResponse":
      return ctx.drop("not a request");
  }
}

/** MIB reset: the counter starts anew; images and a download that runs are none of the MIB's. */
function handleMibReset(ctx: OntContext, nowNs: number, request: MessageHeader): void {
  const refusal = meRefusal(ctx, request);
  if (refusal === null) ctx.mibDataSync = 0;
  ctx.answer(nowNs, request, { type: "mibResetResponse", result: refusal ?? RESULT.ok });
}

/** The answer to a command for a managed entity of another class. */
function refusalOf(type: Message["type"], result: number): MessageBody {
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
    default:
      return { type: "mibResetResponse", result };
  }
}
