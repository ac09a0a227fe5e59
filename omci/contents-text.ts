/** What a message says beside its header, in a few words, for lists: from its layout. */
import { alarmsText, maskText, readingsText } from "./attribute-text.ts";
import { attributesLength, readAttributes } from "./attribute-values.ts";
import type { AttributeList } from "./attribute.ts";
import { resultName } from "./constants.ts";
import { alarmedEntities, uploadedEntities } from "./entries.ts";
import { type Field, type FieldOf, valueOf } from "./field.ts";
import { fieldsOf, layoutOf } from "./layout.ts";
import { className } from "./me.ts";
import type { Message } from "./messages.ts";

/** MEs that one line names; extended answers can hold a hundred. */
const ENTITIES_MAX = 4;

const hex16 = (value: number): string => `0x${value.toString(16).padStart(4, "0")}`;
const snaked = (name: string): string => name.replaceAll(/[A-Z]/g, (letter) => ` ${letter.toLowerCase()}`);

/** Every field that says something, in the order of the layout: results, masks by name, attributes with their values. */
export function contentsText(message: Message): string {
  const fields = fieldsOf(layoutOf(message.type), message.messageSet === "extended");
  const texts = fields.map((field) => fieldText(field, message)).filter((text) => text !== "");
  return texts.join(", ");
}

function fieldText(field: Field, message: Message): string {
  switch (field.kind) {
    case "uint":
      return uintText(field, valueOf(message, field), message);
    case "bytes":
      return alarmsText(message.classId, valueOf(message, field));
    case "rest":
      return restText(field, valueOf(message, field), message);
    case "instances":
      return valueOf(message, field).map(hex16).join(" ");
    case "instanceResults":
      return valueOf(message, field)
        .map(({ instanceId, result }) => `${hex16(instanceId)} ${resultName(result)}`)
        .join(", ");
  }
}

/** Fields that answers have in case of failure only, and words for them. */
const FAILED: Readonly<Record<string, string>> = {
  optionalAttributeMask: "does not have",
  attributeExecutionMask: "failed",
};

function uintText({ name, meaning }: FieldOf<"uint">, value: number, message: Message): string {
  if (meaning === "result") return resultName(value);
  // Some ONTs have other things there when nothing failed.
  if (name in FAILED)
    return value === 0 || ("result" in message && message.result === 0)
      ? ""
      : `${FAILED[name]}: ${maskText(message.classId, value)}`;
  // The values behind it name what the mask does.
  if (meaning === "mask") return "values" in message ? "" : maskText(message.classId, value);
  return `${snaked(name)} ${value}`;
}

function restText(field: FieldOf<"rest">, bytes: Uint8Array, message: Message): string {
  if (field.entries === "alarms") {
    return some(
      alarmedEntities(bytes),
      ({ classId, instanceId, alarmBitmap }) =>
        `${className(classId)} ${hex16(instanceId)}: ${alarmsText(classId, alarmBitmap)}`,
    );
  }
  if (field.entries === "managedEntities") {
    return some(uploadedEntities(bytes, message.messageSet === "extended"), (entity) => {
      const { classId, instanceId, attributeMask, values } = entity;
      return `${className(classId)} ${hex16(instanceId)}: ${attributesText(classId, attributeMask, values, "get")}`;
    });
  }
  if (!field.attributes) return `${bytes.length} bytes`;
  const mask = "attributeMask" in message ? message.attributeMask : 0;
  return attributesText(message.classId, mask, bytes, field.attributes);
}

/** Attributes with their values, or what is known where they are not. */
export function attributesText(classId: number, mask: number, values: Uint8Array, list: AttributeList): string {
  const text = readingsText(classId, readAttributes(classId, mask, values, list));
  if (text !== "" && attributesLength(classId, mask, list) !== undefined) return text;
  if (list === "create") return text === "" ? `${values.length} bytes` : text;
  return mask === 0 ? "" : [text, `mask ${hex16(mask)}`].filter(Boolean).join(", ");
}

function some<Entry>(entries: readonly Entry[], textOf: (entry: Entry) => string): string {
  const more = entries.length > ENTITIES_MAX ? [`${entries.length - ENTITIES_MAX} more`] : [];
  return [...entries.slice(0, ENTITIES_MAX).map(textOf), ...more].join("; ");
}
