/** The values of attributes as messages carry them: by the masks of Get, Set, AVC and MIB upload, or in the order of Create. */
import type { Attribute, AttributeList } from "./attribute.ts";
import { RESULT } from "./constants.ts";
import { type AttributesOf, attributesOf, type KnownClass, maskBit } from "./me.ts";
import type { MessageBody, MessageSet } from "./messages.ts";
import { BASELINE_GET_VALUES_BYTES, EXTENDED_GET_VALUES_BYTES } from "./sizes.ts";

export type AttributeValue = number | string | Uint8Array;
export type Attributes = Record<string, AttributeValue>;

/** The size of a table, as Get answers it. */
const TABLE_SIZE_BYTES = 4;

const TEXT = new TextEncoder();
const NOTHING = new Uint8Array(0);

const isSetByCreate = ({ access }: Attribute): boolean => access === "create" || access === "createAndSet";

/** Whether a list names the attribute that is the `index`-th of its class. */
const isListed = (attribute: Attribute, index: number, mask: number, list: AttributeList): boolean =>
  list === "create" ? isSetByCreate(attribute) : (mask & maskBit(index)) !== 0;

/** Bytes that it takes there. */
const listedBytes = ({ kind, bytes }: Attribute, list: AttributeList): number =>
  kind === "table" && list === "get" ? TABLE_SIZE_BYTES : bytes;

/** Bytes the attributes of a list take, or undefined when the class or one of them is unknown. */
export function attributesLength(classId: number, mask: number, list: AttributeList = "get"): number | undefined {
  const attributes = attributesOf(classId);
  // Bits behind the last attribute.
  if (attributes === undefined || (list !== "create" && (mask & (0xffff >> attributes.length)) !== 0)) return undefined;
  let sum = 0;
  for (let index = 0; index < attributes.length; index++)
    if (isListed(attributes[index], index, mask, list)) sum += listedBytes(attributes[index], list);
  return sum;
}

/** Writes the attributes of a mask in attribute order; text is cut or zero padded to its width. */
export function packAttributes(classId: number, mask: number, source: Attributes): Uint8Array {
  const length = attributesLength(classId, mask);
  if (length === undefined) throw new RangeError(`class ${classId} has no attributes for mask 0x${mask.toString(16)}`);
  const packed = new Uint8Array(length);
  let at = 0;
  const attributes = attributesOf(classId) ?? [];
  for (let index = 0; index < attributes.length; index++) {
    const attribute = attributes[index];
    if (!isListed(attribute, index, mask, "get")) continue;
    const bytes = listedBytes(attribute, "get");
    packAttribute(packed, at, bytes, source[attribute.name]);
    at += bytes;
  }
  return packed;
}

function packAttribute(out: Uint8Array, at: number, bytes: number, value: AttributeValue | undefined): void {
  if (typeof value === "number") {
    let rest = value;
    for (let index = bytes - 1; index >= 0; index--, rest = Math.floor(rest / 256)) out[at + index] = rest & 0xff;
    return;
  }
  const content = typeof value === "string" ? TEXT.encode(value) : (value ?? NOTHING);
  out.set(content.subarray(0, bytes), at);
}

/**
 * Reads the attributes of a list. Values that are cut off, and attributes that the class does not have, are left out.
 * Text loses its zero (or space) padding.
 */
export function unpackAttributes<const Class extends KnownClass>(
  classId: Class,
  mask: number,
  values: Uint8Array,
): Partial<AttributesOf<Class>>;
export function unpackAttributes(classId: number, mask: number, values: Uint8Array): Attributes;
export function unpackAttributes(classId: number, mask: number, values: Uint8Array): Attributes {
  return Object.fromEntries(
    readAttributes(classId, mask, values).map(({ attribute, value }) => [attribute.name, value]),
  );
}

/** An attribute that a message carries. */
export interface AttributeReading {
  attribute: Attribute;
  value: AttributeValue;
  raw: Uint8Array;
}

/** The same with what is known of each attribute, and its octets. */
export function readAttributes(
  classId: number,
  mask: number,
  values: Uint8Array,
  list: AttributeList = "get",
): AttributeReading[] {
  const readings: AttributeReading[] = [];
  let at = 0;
  const attributes = attributesOf(classId) ?? [];
  for (let index = 0; index < attributes.length; index++) {
    const attribute = attributes[index];
    if (!isListed(attribute, index, mask, list)) continue;
    const end = at + listedBytes(attribute, list);
    if (end > values.length) break;
    const raw = values.subarray(at, end);
    readings.push({ attribute, value: readAttribute(attribute, raw, list), raw });
    at = end;
  }
  return readings;
}

function readAttribute({ kind }: Attribute, value: Uint8Array, list: AttributeList): AttributeValue {
  if (kind === "uint" || (kind === "table" && list === "get")) return value.reduce((sum, byte) => sum * 256 + byte, 0);
  if (kind !== "text") return value.slice();
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
