/** The contents of a message in words, field by field. */
import { alarmsText, attributeText, maskText } from "./attribute-text.ts";
import { attributesLength, readAttributes } from "./attribute-values.ts";
import type { AttributeList } from "./attribute.ts";
import { resultName, SOFTWARE_IMAGE } from "./constants.ts";
import type { OtherMessage } from "./decoded.ts";
import { alarmedEntities, uploadedEntities } from "./entries.ts";
import { ANY_INSTANCE } from "./extension.ts";
import { type Field, type FieldOf, valueOf } from "./field.ts";
import { fieldsOf, layoutOf } from "./layout.ts";
import { className } from "./me.ts";
import type { Message } from "./messages.ts";

/** A line of a dissection. */
export interface Row {
  name: string;
  raw: string;
  meaning: string;
}

const hex = (bytes: Uint8Array): string => Buffer.from(bytes).toString("hex");
const hex16 = (value: number): string => `0x${value.toString(16).padStart(4, "0")}`;

/** Slot and image of a software image instance (G.988 9.1.4). */
export function instanceText(classId: number, instanceId: number): string {
  if (classId !== SOFTWARE_IMAGE) return String(instanceId);
  if (instanceId === ANY_INSTANCE) return "the instance that Start named (extension), or several in parallel";
  const slot = instanceId >> 8;
  return `${slot === 0 ? "ONT" : `slot ${slot}`}, image ${instanceId & 0xff}`;
}

/** What a message says beside its header, field by field. */
export function contentRows(message: Message | OtherMessage): Row[] {
  if (message.type === "other") {
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
      if (field.entries) return entryRows(field, bytes, message);
      if (field.attributes) return attributeRows(message.classId, maskIn(message), bytes, field.attributes);
      return [{ name: field.name, raw: hex(bytes), meaning: `${bytes.length} bytes` }];
    }
    case "bytes": {
      const bytes = valueOf(message, field);
      const meaning = field.name === "alarmBitmap" ? alarmsText(message.classId, bytes) : `${bytes.length} bytes`;
      return [{ name: field.name, raw: hex(bytes), meaning }];
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

/** Of a message that has one. */
const maskIn = (message: Message): number => ("attributeMask" in message ? message.attributeMask : 0);

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

/** Attributes with their values; what no attribute is known for stays bytes. */
function attributeRows(classId: number, mask: number, values: Uint8Array, list: AttributeList): Row[] {
  const readings = readAttributes(classId, mask, values, list);
  const rows = readings.map(({ attribute, value, raw }) => ({
    name: attribute.name,
    raw: hex(raw),
    meaning: attributeText(classId, attribute, value),
  }));
  if (attributesLength(classId, mask, list) !== undefined) return rows;
  const rest = values.subarray(readings.reduce((sum, { raw }) => sum + raw.length, 0));
  return rest.length === 0 ? rows : [...rows, { name: "values", raw: hex(rest), meaning: `${rest.length} bytes` }];
}

/** What is listed ME by ME. */
function entryRows({ entries }: FieldOf<"rest">, list: Uint8Array, message: Message): Row[] {
  if (entries === "alarms") {
    return alarmedEntities(list).map(({ classId, instanceId, alarmBitmap }) => ({
      name: "alarms",
      raw: hex(alarmBitmap),
      meaning: `${className(classId)} ${hex16(instanceId)}: ${alarmsText(classId, alarmBitmap)}`,
    }));
  }
  return uploadedEntities(list, message.messageSet === "extended").flatMap((entity) => {
    const { classId, instanceId, attributeMask, values } = entity;
    return [
      { name: "of class", raw: hex16(classId).slice(2), meaning: `${classId} ${className(classId)}` },
      { name: "of instance", raw: hex16(instanceId).slice(2), meaning: instanceText(classId, instanceId) },
      { name: "attributeMask", raw: hex16(attributeMask).slice(2), meaning: maskText(classId, attributeMask) },
      ...attributeRows(classId, attributeMask, values, "get"),
    ];
  });
}
