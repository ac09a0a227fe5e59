/** The kinds of fields that CWMP messages are made of: their name on the wire, their SOAP type, their limit, and what they are in TypeScript. */

/** How many elements an array has at most, where the standard sets no limit. */
export const CWMP_ITEMS_MAX = 1_024;

export interface TextField {
  kind: "text";
  /** On the wire. */
  name: string;
  charactersMax: number;
}

export interface NumberField {
  kind: "unsignedInt" | "int";
  name: string;
}

export interface BooleanField {
  kind: "boolean";
  name: string;
}

export interface TimeField {
  kind: "dateTime";
  name: string;
}

/** A value of any simple type, which its element names (`xsi:type`). */
export interface AnyField {
  kind: "any";
  name: string;
}

export interface StructField {
  kind: "struct";
  name: string;
  /** In the order of the wire. */
  fields: CwmpFields;
}

export interface ListField {
  kind: "list";
  name: string;
  /** Type of its elements, and their name: `soap-enc:arrayType`. */
  itemType: string;
  itemName: string;
  item: { kind: "struct"; fields: CwmpFields } | { kind: "text"; charactersMax: number };
  itemsMax: number;
}

export type CwmpField = TextField | NumberField | BooleanField | TimeField | AnyField | StructField | ListField;

/** By their names in TypeScript, in the order of the wire. */
export interface CwmpFields {
  readonly [property: string]: CwmpField;
}

export const CWMP_VALUE_TYPES = [
  "string",
  "int",
  "unsignedInt",
  "long",
  "unsignedLong",
  "boolean",
  "dateTime",
  "base64Binary",
  "hexBinary",
] as const;
/** Types of parameters (TR-106, 3.2): names of XML Schema. */
export type CwmpValueType = (typeof CWMP_VALUE_TYPES)[number];

/** The value of a parameter: as it is written on the wire, and its type. */
export interface CwmpValue {
  type: CwmpValueType;
  text: string;
}

/** Milliseconds since 1970; `unknown` is what the standard calls Unknown Time, 0001-01-01T00:00:00Z (TR-106, 3.2). */
export type CwmpTime = number | "unknown";

export type CwmpValueOf<Field> = Field extends { kind: "text" }
  ? string
  : Field extends { kind: "unsignedInt" | "int" }
    ? number
    : Field extends { kind: "boolean" }
      ? boolean
      : Field extends { kind: "dateTime" }
        ? CwmpTime
        : Field extends { kind: "any" }
          ? CwmpValue
          : Field extends { kind: "list"; item: infer Item }
            ? readonly CwmpValueOf<Item>[]
            : Field extends { kind: "struct"; fields: infer Fields }
              ? CwmpValuesOf<Fields>
              : never;

export type CwmpValuesOf<Fields> = { [Property in keyof Fields]: CwmpValueOf<Fields[Property]> };

export const text = <const Name extends string>(name: Name, charactersMax: number) =>
  ({ kind: "text", name, charactersMax }) as const;
export const unsignedInt = <const Name extends string>(name: Name) => ({ kind: "unsignedInt", name }) as const;
export const int = <const Name extends string>(name: Name) => ({ kind: "int", name }) as const;
export const boolean = <const Name extends string>(name: Name) => ({ kind: "boolean", name }) as const;
export const dateTime = <const Name extends string>(name: Name) => ({ kind: "dateTime", name }) as const;
export const any = <const Name extends string>(name: Name) => ({ kind: "any", name }) as const;

export const struct = <const Name extends string, const Fields extends CwmpFields>(name: Name, fields: Fields) =>
  ({ kind: "struct", name, fields }) as const;

/** @param itemType of its elements, which are named like it */
export const list = <const Fields extends CwmpFields>(
  name: string,
  itemType: string,
  fields: Fields,
  itemsMax = CWMP_ITEMS_MAX,
) => ({ kind: "list", name, itemType, itemName: itemType, item: { kind: "struct", fields }, itemsMax }) as const;

export const texts = (name: string, charactersMax: number, itemsMax = CWMP_ITEMS_MAX) =>
  ({
    kind: "list",
    name,
    itemType: "string",
    itemName: "string",
    item: { kind: "text", charactersMax },
    itemsMax,
  }) as const;
