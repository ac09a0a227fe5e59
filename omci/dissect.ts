/** Frames in words: what they are, field by field. */
import {
  AK,
  AR,
  DEVICE_EXTENDED,
  MESSAGE_TYPE_BITS,
  messageTypeName,
  MT,
  resultName,
  SOFTWARE_IMAGE,
} from "./constants.ts";
import { decodeMessage, type Deviation, type OtherMessage } from "./decode.ts";
import { ANY_INSTANCE } from "./extension.ts";
import { type Field, type FieldOf, valueOf } from "./field.ts";
import { fieldsOf, layoutOf } from "./layout.ts";
import { attributesOf, className, maskBit, unpackAttributes } from "./me.ts";
import type { Message } from "./messages.ts";
import { BASELINE_FRAME_BYTES, BASELINE_PDU_BYTES, EXTENDED_HEADER_BYTES, TRAILER_BYTES } from "./sizes.ts";
import { isHighPriority } from "./tci.ts";
import { crc32Trailer } from "./trailer.ts";

const hex = (bytes: Uint8Array): string => Buffer.from(bytes).toString("hex");
const hex16 = (value: number): string => `0x${value.toString(16).padStart(4, "0")}`;

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

interface Row {
  name: string;
  raw: string;
  meaning: string;
}

/** One line that names a message: for logs and lists. */
export function summarize(message: Message | OtherMessage): string {
  const target = `${className(message.classId)} ${hex16(message.instanceId)}`;
  return `${titleOf(message)} · ${target} · TCI ${hex16(message.tci)} · ${message.messageSet}`;
}

function titleOf(message: Message | OtherMessage): string {
  if (message.type === "other") return `${messageTypeName(message.messageType)}${message.ak ? " answer" : ""}`;
  const layout = layoutOf(message.type);
  const ar = message.type === "downloadSectionRequest" && message.ackRequested ? " (AR)" : "";
  return `${messageTypeName(layout.messageType)}${layout.ak ? " answer" : ""}${ar}`;
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

/** Slot and image of a software image instance (G.988 9.1.4). */
function instanceText(classId: number, instanceId: number): string {
  if (classId !== SOFTWARE_IMAGE) return String(instanceId);
  if (instanceId === ANY_INSTANCE) return "the instance that Start named (extension), or several in parallel";
  const slot = instanceId >> 8;
  return `${slot === 0 ? "ONT" : `slot ${slot}`}, image ${instanceId & 0xff}`;
}

function contentRows(message: Message | OtherMessage): Row[] {
  if (message.type === "other") {
    if (message.messageType === MT.mibUploadNext && message.ak) return mibUploadRows(message);
    return [{ name: "contents", raw: hex(message.contents), meaning: `${message.contents.length} bytes` }];
  }
  const fields = fieldsOf(layoutOf(message.type), message.messageSet === "extended");
  return fields.flatMap((field) => fieldRows(field, message));
}

function fieldRows(field: Field, message: Message): Row[] {
  switch (field.kind) {
    case "uint":
      return uintRows(field, valueOf(message, field), message);
    case "rest": {
      const bytes = valueOf(message, field);
      if (field.attributes && "attributeMask" in message)
        return attributeRows(message.classId, message.attributeMask, bytes);
      return [{ name: field.name, raw: hex(bytes), meaning: `${bytes.length} bytes` }];
    }
    case "instances": {
      const instances = valueOf(message, field);
      return [
        {
          name: field.name,
          raw: "",
          meaning: `${instances.length}: ${instances.map(hex16).join(", ")}`,
        },
      ];
    }
    case "instanceResults": {
      const results = valueOf(message, field).map(
        ({ instanceId, result }) => `${hex16(instanceId)} ${resultName(result)}`,
      );
      return [{ name: field.name, raw: "", meaning: results.length === 0 ? "none" : results.join(", ") }];
    }
  }
}

function uintRows(field: FieldOf<"uint">, value: number, message: Message): Row[] {
  if (field.extension && value === 0) return [];
  const raw = (value - (field.bias ?? 0)).toString(16).padStart(2 * field.bytes, "0");
  return [{ name: field.name, raw, meaning: uintMeaning(field, value, message) }];
}

const FLAG_TEXT = ["unconditional", "only if no call is under way", "only if no emergency call is under way"];

function uintMeaning(field: FieldOf<"uint">, value: number, message: Message): string {
  switch (field.meaning) {
    case "result":
      return resultName(value);
    case "flags":
      return FLAG_TEXT[value] ?? "reserved";
    case "mask":
      return maskText(message.classId, value);
    default:
      break;
  }
  if (field.name === "crc32") return "CRC-32 (I.363.5) of the image";
  const unit = field.name === "imageBytes" ? " bytes" : field.name === "windowSections" ? " sections" : "";
  return `${value}${unit}${field.extension ? " (extension)" : ""}`;
}

function maskText(classId: number, mask: number): string {
  if (mask === 0) return "none";
  const table = attributesOf(classId);
  const names: string[] = [];
  for (let index = 0; index < 16; index++) {
    if (mask & maskBit(index)) names.push(table?.[index]?.name ?? `attribute ${index + 1}`);
  }
  return names.join(", ");
}

function attributeRows(classId: number, mask: number, values: Uint8Array): Row[] {
  const unpacked = unpackAttributes(classId, mask, values);
  const rows = Object.entries(unpacked).map(([name, value]) => ({
    name,
    raw: value instanceof Uint8Array ? hex(value) : "",
    meaning:
      value instanceof Uint8Array ? `${value.length} bytes` : typeof value === "string" ? `"${value}"` : String(value),
  }));
  if (rows.length > 0 || values.length === 0) return rows;
  return [{ name: "values", raw: hex(values), meaning: `${values.length} bytes` }];
}

/** MIB upload next answers carry one ME's attributes (G.988 11.2). */
function mibUploadRows(message: OtherMessage): Row[] {
  const { contents } = message;
  if (contents.length < 6) return [{ name: "contents", raw: hex(contents), meaning: "too short" }];
  const classId = (contents[0] << 8) | contents[1];
  const instanceId = (contents[2] << 8) | contents[3];
  const mask = (contents[4] << 8) | contents[5];
  return [
    {
      name: "of class",
      raw: hex(contents.subarray(0, 2)),
      meaning: `${classId} ${className(classId)}`,
    },
    {
      name: "of instance",
      raw: hex(contents.subarray(2, 4)),
      meaning: instanceText(classId, instanceId),
    },
    { name: "attributeMask", raw: hex(contents.subarray(4, 6)), meaning: maskText(classId, mask) },
    ...attributeRows(classId, mask, contents.subarray(6)),
  ];
}
