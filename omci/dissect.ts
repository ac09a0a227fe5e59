/** Frames in words: what they are, field by field. */
import { AK, AR, DEVICE_EXTENDED, MESSAGE_TYPE_BITS, messageTypeName } from "./constants.ts";
import { decodeMessage } from "./decode.ts";
import type { Deviation, OtherMessage } from "./decoded.ts";
import { contentRows, instanceText, type Row } from "./dissect-contents.ts";
import { layoutOf } from "./layout.ts";
import { className } from "./me.ts";
import type { Message } from "./messages.ts";
import { BASELINE_FRAME_BYTES, BASELINE_PDU_BYTES, EXTENDED_HEADER_BYTES, TRAILER_BYTES } from "./sizes.ts";
import { isHighPriority } from "./tci.ts";
import { crc32Trailer } from "./trailer.ts";

const hex = (bytes: Uint8Array): string => Buffer.from(bytes).toString("hex");
const HEX2 = Array.from({ length: 256 }, (_, byte) => byte.toString(16).padStart(2, "0"));
const hex16 = (value: number): string => `0x${HEX2[value >> 8]}${HEX2[value & 0xff]}`;

/** How the four bytes behind a PDU look. A MIC can only be told from a wrong CRC with its key. */
export type TrailerStatus = "absent" | "crc32" | "zero" | "unknown";

/** Length of the PDU within a frame: what is behind it is the trailer. */
export function pduLength(frame: Uint8Array): number {
  if (frame[3] === DEVICE_EXTENDED && frame.length >= EXTENDED_HEADER_BYTES) {
    const end = EXTENDED_HEADER_BYTES + ((frame[8] << 8) | frame[9]);
    return end === frame.length - TRAILER_BYTES ? end : frame.length;
  }
  return frame.length === BASELINE_FRAME_BYTES ? BASELINE_PDU_BYTES : frame.length;
}

export function trailerStatus(frame: Uint8Array): TrailerStatus {
  const end = pduLength(frame);
  if (end === frame.length) return "absent";
  if (crc32Trailer.check(frame, 0, frame.length)) return "crc32";
  return frame.subarray(end).every((byte) => byte === 0) ? "zero" : "unknown";
}

const TRAILER_TEXT: Readonly<Record<TrailerStatus, string>> = {
  absent: "none",
  crc32: "CRC-32 (I.363.5), right",
  zero: "zero, not filled in",
  unknown: "no CRC-32 of this frame: a MIC, or wrong",
};

const DEVIATION_TEXT: Readonly<Record<Deviation, string>> = {
  "nonzero-padding": "padding is not zero",
  "sdu-length-not-40": "SDU length is not 40",
  "tci-zero-on-non-notification": "TCI 0 is for autonomous messages only",
  "no-instance-count": "ends before the instance count; taken as none",
  "reserved-bit": "the DB bit is set; it is always 0",
  "ar-unexpected": "AR is not as this message has it",
  "trailing-bytes": "contents go on behind the last field",
};

/** What a deviation is, in a few words. */
export const deviationText = (deviation: Deviation): string => DEVIATION_TEXT[deviation];

/** One line that names a message: for logs and lists. */
export const summarize = (message: Message | OtherMessage): string => summaryPieces(message).join("");

/** The same in pieces, for who writes many. */
export function summaryPieces(message: Message | OtherMessage): string[] {
  const { classId, instanceId, tci, messageSet } = message;
  return [
    titleOf(message),
    " · ",
    className(classId),
    " ",
    hex16(instanceId),
    " · TCI ",
    hex16(tci),
    " · ",
    messageSet,
  ];
}

/** Title of each type of message, without what its AR says. */
const TITLES = new Map<string, string>();

function titleOf(message: Message | OtherMessage): string {
  if (message.type === "other") return `${messageTypeName(message.messageType)}${message.ak ? " answer" : ""}`;
  const known = TITLES.get(message.type);
  const title = known ?? typeTitle(message.type);
  if (known === undefined) TITLES.set(message.type, title);
  return message.type === "downloadSectionRequest" && message.ackRequested ? `${title} (AR)` : title;
}

function typeTitle(type: Message["type"]): string {
  const layout = layoutOf(type);
  return `${messageTypeName(layout.messageType)}${layout.ak ? " answer" : ""}`;
}

/**
 * Describes a frame of any bytes over several lines: what it is, each field with its bytes and meaning, the trailer,
 * and a warning for each deviation.
 */
export function dissect(frame: Uint8Array): string {
  const decoded = decodeMessage(frame);
  if (!decoded.ok)
    return `not an OMCI frame (${frame.length} bytes): ${decoded.cause}: ${decoded.detail}\n  ${hex(frame)}`;
  const { message, deviations } = decoded;
  const status = trailerStatus(frame);
  const rows = [...headerRows(frame, message), ...contentRows(message)];
  const end = pduLength(frame);
  rows.push({ name: "trailer", raw: hex(frame.subarray(end)), meaning: TRAILER_TEXT[status] });
  const nameWidth = Math.max(...rows.map((row) => row.name.length));
  const rawWidth = Math.min(28, Math.max(...rows.map((row) => row.raw.length)));
  const lines = rows.map(({ name, raw, meaning }) =>
    `  ${name.padEnd(nameWidth)}  ${cut(raw).padEnd(rawWidth)}  ${meaning}`.trimEnd(),
  );
  const warnings = deviations.map((deviation) => `  warning: ${deviationText(deviation)} (${deviation})`);
  return [summarize(message), ...lines, ...warnings].join("\n");
}

/** Long raw bytes are cut: the meaning says how many there are. */
const cut = (raw: string): string => (raw.length <= 28 ? raw : `${raw.slice(0, 24)}…`);

function headerRows(frame: Uint8Array, message: Message | OtherMessage): Row[] {
  const priority =
    message.messageSet === "extended" ? "" : isHighPriority(message.tci) ? ", high priority" : ", low priority";
  const flags = [frame[2] & AR ? "AR" : "", frame[2] & AK ? "AK" : ""].filter(Boolean).join(" ") || "neither AR nor AK";
  const rows = [
    { name: "TCI", raw: hex(frame.subarray(0, 2)), meaning: `${message.tci}${priority}` },
    {
      name: "message type",
      raw: hex(frame.subarray(2, 3)),
      meaning: `${messageTypeName(frame[2] & MESSAGE_TYPE_BITS)}, ${flags}`,
    },
    { name: "device", raw: hex(frame.subarray(3, 4)), meaning: message.messageSet },
    {
      name: "ME class",
      raw: hex(frame.subarray(4, 6)),
      meaning: `${message.classId} ${className(message.classId)}`,
    },
    {
      name: "ME instance",
      raw: hex(frame.subarray(6, 8)),
      meaning: instanceText(message.classId, message.instanceId),
    },
  ];
  if (message.messageSet === "extended") {
    rows.push({
      name: "length",
      raw: hex(frame.subarray(8, 10)),
      meaning: `${(frame[8] << 8) | frame[9]} contents bytes`,
    });
  }
  return rows;
}
