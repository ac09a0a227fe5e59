/** Managed entities: their attributes in one table, read and written by the masks of Get and AVC. */
import type { Attribute } from "./attribute.ts";
import { ONU2_G, ONU_DATA, ONU_G, RESULT, SOFTWARE_IMAGE } from "./constants.ts";
import { RECOVERY, RECOVERY_ATTRIBUTES } from "./extension.ts";
import type { MessageBody, MessageSet } from "./messages.ts";
import { BASELINE_GET_VALUES_BYTES, EXTENDED_GET_VALUES_BYTES } from "./sizes.ts";

export type AttributeValue = number | string | Uint8Array;
export type Attributes = Record<string, AttributeValue>;

const uint = <const Name extends string>(name: Name, bytes: number) => ({ name, bytes, kind: "uint" }) as const;
const text = <const Name extends string>(name: Name, bytes: number) => ({ name, bytes, kind: "text" }) as const;
const bytes = <const Name extends string>(name: Name, length: number) =>
  ({ name, bytes: length, kind: "bytes" }) as const;

/** The MEs that software download needs, attributes in order: attribute 1 has mask bit 15, attribute 16 bit 0. */
export const ENTITIES = {
  /** G.988 9.1.3 */
  [ONU_DATA]: { name: "ONU data", attributes: [uint("mibDataSync", 1)] },
  /** G.988 9.1.4 */
  [SOFTWARE_IMAGE]: {
    name: "Software image",
    attributes: [
      text("version", 14),
      uint("isCommitted", 1),
      uint("isActive", 1),
      uint("isValid", 1),
      text("productCode", 25),
      bytes("imageHash", 16),
    ],
  },
  /** G.988 9.1.1 */
  [ONU_G]: {
    name: "ONU-G",
    attributes: [
      text("vendorId", 4),
      text("version", 14),
      bytes("serialNumber", 8),
      uint("trafficManagementOption", 1),
      uint("deprecated", 1),
      uint("batteryBackup", 1),
      uint("administrativeState", 1),
      uint("operationalState", 1),
      uint("survivalTime", 1),
      text("logicalOnuId", 24),
      text("logicalPassword", 12),
      uint("credentialsStatus", 1),
      uint("extendedTcLayerOptions", 2),
    ],
  },
  /** G.988 9.1.2 */
  [ONU2_G]: {
    name: "ONU2-G",
    attributes: [
      text("equipmentId", 20),
      uint("omccVersion", 1),
      uint("vendorProductCode", 2),
      uint("securityCapability", 1),
      uint("securityMode", 1),
      uint("totalPriorityQueues", 2),
      uint("totalTrafficSchedulers", 1),
      uint("deprecated", 1),
      uint("totalGemPorts", 2),
      uint("sysUpTime", 4),
      uint("connectivityCapability", 2),
      uint("currentConnectivityMode", 1),
      uint("qosConfigurationFlexibility", 2),
      uint("priorityQueueScaleFactor", 2),
    ],
  },
  /** The multicast extension's (docs/extension.md, 7): what a window still misses, and how the last trial of an image ended. */
  [RECOVERY]: { name: "Recovery (extension)", attributes: RECOVERY_ATTRIBUTES },
} as const satisfies Record<number, { name: string; attributes: readonly Attribute[] }>;

/** Classes that this project knows. */
export type KnownClass = keyof typeof ENTITIES;
type AttributeIn<Class extends KnownClass> = (typeof ENTITIES)[Class]["attributes"][number];
export type AttributeName<Class extends KnownClass> = AttributeIn<Class>["name"];

interface KindValues {
  uint: number;
  text: string;
  bytes: Uint8Array;
}

/** All attributes of a class with their values. */
export type AttributesOf<Class extends KnownClass> = {
  [One in AttributeIn<Class> as One["name"]]: KindValues[One["kind"]];
};

/** The same table for a class that is only known when it runs. */
const TABLES: Readonly<Record<number, { name: string; attributes: readonly Attribute[] } | undefined>> = ENTITIES;

/** Name of an ME class, or its number. */
export const className = (classId: number): string => TABLES[classId]?.name ?? `class ${classId}`;

/** Attributes of a class in order, or undefined for a class this project does not know. */
export const attributesOf = (classId: number): readonly Attribute[] | undefined => TABLES[classId]?.attributes;

/** Mask bit of the attribute at `index` (0 = attribute 1). */
export const maskBit = (index: number): number => 0x8000 >> index;

/** Mask of attributes by name; the types let no other name through. */
export function maskOf<const Class extends KnownClass>(
  classId: Class,
  ...names: readonly AttributeName<Class>[]
): number {
  const table: readonly Attribute[] = ENTITIES[classId].attributes;
  return names.reduce((mask, name) => {
    const index = table.findIndex((attribute) => attribute.name === name);
    if (index < 0) throw new RangeError(`class ${classId} has no attribute ${name}`);
    return mask | maskBit(index);
  }, 0);
}

/** Mask of all attributes of a class. */
export const maskOfClass = (classId: number): number =>
  (attributesOf(classId) ?? []).reduce((mask, _attribute, index) => mask | maskBit(index), 0);

/** Bytes the attributes of a mask take, or undefined when the class or one of them is unknown. */
export function attributesLength(classId: number, mask: number): number | undefined {
  const table = attributesOf(classId);
  if (!table) return undefined;
  let length = 0;
  for (let index = 0; index < 16; index++) {
    if ((mask & maskBit(index)) === 0) continue;
    if (index >= table.length) return undefined;
    length += table[index].bytes;
  }
  return length;
}

/** Writes the attributes of a mask in attribute order; text is cut or zero padded to its width. */
export function packAttributes(classId: number, mask: number, source: Attributes): Uint8Array {
  const length = attributesLength(classId, mask);
  if (length === undefined) throw new RangeError(`class ${classId} has no attributes for mask 0x${mask.toString(16)}`);
  const packed = new Uint8Array(length);
  let at = 0;
  attributesOf(classId)?.forEach((attribute, index) => {
    if ((mask & maskBit(index)) === 0) return;
    packAttribute(packed, at, attribute, source[attribute.name]);
    at += attribute.bytes;
  });
  return packed;
}

function packAttribute(out: Uint8Array, at: number, attribute: Attribute, value: AttributeValue | undefined): void {
  if (typeof value === "number") {
    let rest = value;
    for (let index = attribute.bytes - 1; index >= 0; index--, rest = Math.floor(rest / 256))
      out[at + index] = rest & 0xff;
    return;
  }
  const content = typeof value === "string" ? new TextEncoder().encode(value) : (value ?? new Uint8Array(0));
  out.set(content.subarray(0, attribute.bytes), at);
}

/**
 * Reads the attributes of a mask. Values that are cut off, and attributes that the class does not have, are left out.
 * Text loses its zero (or space) padding.
 */
export function unpackAttributes<const Class extends KnownClass>(
  classId: Class,
  mask: number,
  values: Uint8Array,
): Partial<AttributesOf<Class>>;
export function unpackAttributes(classId: number, mask: number, values: Uint8Array): Attributes;
export function unpackAttributes(classId: number, mask: number, values: Uint8Array): Attributes {
  const unpacked: Attributes = {};
  let at = 0;
  for (const [index, attribute] of (attributesOf(classId) ?? []).entries()) {
    if ((mask & maskBit(index)) === 0) continue;
    const end = at + attribute.bytes;
    if (end > values.length) break;
    unpacked[attribute.name] = readAttribute(attribute, values.subarray(at, end));
    at = end;
  }
  return unpacked;
}

function readAttribute(attribute: Attribute, value: Uint8Array): AttributeValue {
  if (attribute.kind === "uint") return value.reduce((sum, byte) => sum * 256 + byte, 0);
  if (attribute.kind === "bytes") return value.slice();
  let length = value.length;
  while (length > 0 && (value[length - 1] === 0 || value[length - 1] === 0x20)) length--;
  return String.fromCharCode(...value.subarray(0, length));
}

type GetResponse = Extract<MessageBody, { type: "getResponse" }>;

/**
 * Answers a Get (G.988 11.2): attributes the ME does not have go into the optional-attribute mask, those that do not
 * fit the answer into the attribute-execution mask, either with result 9.
 *
 * @param has mask of the attributes that this instance implements.
 */
export function answerGet(
  classId: number,
  requestedMask: number,
  has: number,
  source: Attributes,
  messageSet: MessageSet,
): GetResponse {
  const table = attributesOf(classId) ?? [];
  const roomBytes = messageSet === "baseline" ? BASELINE_GET_VALUES_BYTES : EXTENDED_GET_VALUES_BYTES;
  let attributeMask = 0;
  let attributeExecutionMask = 0;
  let used = 0;
  table.forEach((attribute, index) => {
    const bit = maskBit(index);
    if ((requestedMask & has & bit) === 0) return;
    if (used + attribute.bytes > roomBytes) {
      attributeExecutionMask |= bit;
      return;
    }
    attributeMask |= bit;
    used += attribute.bytes;
  });
  const optionalAttributeMask = requestedMask & ~has & 0xffff;
  const whole = optionalAttributeMask === 0 && attributeExecutionMask === 0;
  return {
    type: "getResponse",
    result: whole ? RESULT.ok : RESULT.attributeFailed,
    attributeMask,
    values: packAttributes(classId, attributeMask, source),
    optionalAttributeMask,
    attributeExecutionMask,
  };
}
