/** One field from an element, and as text: by its kind in the table, so that reader and writer cannot differ. */
import type { XmlElement } from "./element.ts";
import {
  CWMP_VALUE_TYPES,
  type CwmpField,
  type CwmpFields,
  type CwmpValue,
  type CwmpValueType,
  type ListField,
  type CwmpValuesOf,
} from "./field.ts";
import { SOAP_ENCODING, XML_SCHEMA, XML_SCHEMA_INSTANCE } from "./namespaces.ts";
import { readCwmpTime } from "./time.ts";

/** What a field holds, whatever its kind; the types of messages say it for each. */
export type FieldValue =
  | string
  | number
  | boolean
  | CwmpValue
  | readonly FieldValue[]
  | { readonly [property: string]: FieldValue };

/** Arguments are not as the table has them. */
export class BadArgument extends Error {}

export const UNSIGNED_INT_MAX = 0xff_ff_ff_ff;
export const INT_MIN = -0x80_00_00_00;
export const INT_MAX = 0x7f_ff_ff_ff;
const WHOLE = /^[+-]?\d{1,11}$/;
const BOOLEANS = new Map([
  ["0", false],
  ["false", false],
  ["1", true],
  ["true", true],
]);

/** Fields may come in any order, and elements that are not known are passed over: newer versions add some. */
export function readFields<Fields extends CwmpFields>(
  element: XmlElement,
  fields: Fields,
  namespace: string,
): CwmpValuesOf<Fields> {
  const values: Record<string, FieldValue> = {};
  for (const [property, field] of Object.entries(fields)) {
    // The schema leaves them unqualified (elementFormDefault); some stacks do not.
    const [child, ...others] = element.children.filter(
      (each) => each.name === field.name && (each.namespace === "" || each.namespace === namespace),
    );
    if (child === undefined) throw new BadArgument(`${field.name} is missing in ${element.name}`);
    if (others.length > 0) throw new BadArgument(`${field.name} stands twice in ${element.name}`);
    values[property] = readField(child, field, namespace);
  }
  return values as CwmpValuesOf<Fields>;
}

function readField(element: XmlElement, field: CwmpField, namespace: string): FieldValue {
  if (field.kind === "struct") return readFields(element, field.fields, namespace) as FieldValue;
  if (field.kind === "list") return readList(element, field, namespace);
  if (element.children.length > 0) throw new BadArgument(`${element.name} has elements in it`);
  switch (field.kind) {
    case "text":
      return readText(element, field.charactersMax);
    case "any":
      return { type: valueTypeOf(element), text: element.text };
    case "unsignedInt":
      return readNumber(element, 0, UNSIGNED_INT_MAX);
    case "int":
      return readNumber(element, INT_MIN, INT_MAX);
    case "boolean": {
      const value = BOOLEANS.get(element.text.trim());
      if (value === undefined) throw new BadArgument(`${element.name} is neither true nor false`);
      return value;
    }
    case "dateTime": {
      const time = readCwmpTime(element.text.trim());
      if (time === undefined) throw new BadArgument(`${element.name} is no time`);
      return time;
    }
  }
}

function readText({ name, text }: XmlElement, charactersMax: number): string {
  if (text.length > charactersMax) throw new BadArgument(`${name} is longer than ${charactersMax} characters`);
  return text;
}

function readNumber({ name, text }: XmlElement, minimum: number, maximum: number): number {
  const value = WHOLE.test(text.trim()) ? Number(text.trim()) : Number.NaN;
  if (!(value >= minimum && value <= maximum))
    throw new BadArgument(`${name} is no whole number from ${minimum} to ${maximum}`);
  // Of −0 too.
  return value + 0;
}

/** How elements of an array are called means nothing (SOAP 1.1, 5.4.2), nor is the count in arrayType needed to read them. */
function readList({ name, children }: XmlElement, { item, itemsMax }: ListField, namespace: string): FieldValue[] {
  if (children.length > itemsMax) throw new BadArgument(`${name} has more than ${itemsMax} elements`);
  return children.map((child) => {
    if (item.kind === "struct") return readFields(child, item.fields, namespace) as FieldValue;
    if (child.children.length > 0) throw new BadArgument(`${child.name} has elements in it`);
    return readText(child, item.charactersMax);
  });
}

const VALUE_TYPES: ReadonlySet<string> = new Set(CWMP_VALUE_TYPES);

/** A type that CWMP does not have, or none, is taken for text. */
function valueTypeOf({ attributes }: XmlElement): CwmpValueType {
  const type = attributes.find(({ namespace, name }) => namespace === XML_SCHEMA_INSTANCE && name === "type");
  if (type === undefined || ![XML_SCHEMA, SOAP_ENCODING].includes(type.valueNamespace)) return "string";
  const name = type.value.slice(type.value.indexOf(":") + 1);
  if (name === "base64") return "base64Binary";
  return VALUE_TYPES.has(name) ? (name as CwmpValueType) : "string";
}
