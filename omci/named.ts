/** Attributes that a message carries, by name: for whoever wants them as data. */
import { type AttributeValue, readAttributes } from "./attribute-values.ts";
import { uploadedEntities } from "./entries.ts";
import { layoutOf } from "./layout.ts";
import { className } from "./me.ts";
import type { Message } from "./messages.ts";

/** One managed entity with the attributes of it that a message carries. */
export interface NamedAttributes {
  classId: number;
  className: string;
  instanceId: number;
  attributes: Record<string, AttributeValue>;
}

/** Of Get, Set, Create and AVC one, of MIB upload next those that it lists, of other messages none. */
export function namedAttributes(message: Message): NamedAttributes[] {
  if (message.type === "mibUploadNextResponse") {
    const entities = uploadedEntities(message.managedEntities, message.messageSet === "extended");
    return entities.map(({ classId, instanceId, attributeMask, values }) =>
      named(classId, instanceId, readAttributes(classId, attributeMask, values)),
    );
  }
  if (!("values" in message)) return [];
  const field = layoutOf(message.type).fields.find(({ name }) => name === "values");
  const list = field?.kind === "rest" ? field.attributes : undefined;
  const mask = "attributeMask" in message ? message.attributeMask : 0;
  return [named(message.classId, message.instanceId, readAttributes(message.classId, mask, message.values, list))];
}

function named(classId: number, instanceId: number, readings: ReturnType<typeof readAttributes>): NamedAttributes {
  const attributes = Object.fromEntries(readings.map(({ attribute, value }) => [attribute.name, value]));
  return { classId, className: className(classId), instanceId, attributes };
}
