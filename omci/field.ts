/** What the layouts of messages are made of, and the TypeScript types that follow from them. */
import type { AttributeList } from "./attribute.ts";
import type { MessageTypeCode } from "./constants.ts";

export type Field =
  /** Unsigned integer, big-endian; the wire carries value - bias. */
  | {
      kind: "uint";
      name: string;
      bytes: 1 | 2 | 4;
      bias?: number;
      meaning?: "result" | "mask" | "flags";
      /** Of ours, in bytes that G.988 leaves unused: written only where not zero, read where present and plausible. */
      extension?: { max: number };
      /** Some leave it out: 0 where the contents end before it. */
      optional?: true;
      /** Bytes in front of it that are unused in baseline. */
      baselinePaddingBytes?: number;
    }
  /** So many bytes as they are. */
  | { kind: "bytes"; name: string; bytes: number }
  /** The rest of the contents in extended; a fixed number of bytes, zero filled, in baseline. */
  | {
      kind: "rest";
      name: string;
      baselineBytes: number;
      minimum: number;
      attributes?: AttributeList;
      entries?: EntryKind;
    }
  /** One byte count (up to nine), then an instance each. */
  | { kind: "instances"; name: string; minimum: number }
  /** One byte count, then instance and result each; a frame that ends before the count has none (lenient). */
  | { kind: "instanceResults"; name: string };

/** What a message lists one behind the other, see entries.ts. */
export type EntryKind = "managedEntities" | "alarms";

export type FieldOf<Kind extends Field["kind"]> = Extract<Field, { kind: Kind }>;

export interface InstanceResult {
  instanceId: number;
  result: number;
}

/** What a field of each kind holds. */
interface FieldValues {
  uint: number;
  rest: Uint8Array;
  bytes: Uint8Array;
  instances: number[];
  instanceResults: InstanceResult[];
}

export interface MessageLayout {
  messageType: MessageTypeCode;
  /** AR of the header: always as here, or as the message's `ackRequested` says. */
  ar: boolean | "ackRequested";
  ak: boolean;
  /** G.988 clauses of the baseline and the extended form. */
  clause: string;
  fields: readonly Field[];
  /** Where the extended form has another order. */
  extendedFields?: readonly Field[];
}

/** One readable object type instead of an intersection; it counts as a record of its values as well. */
type Flat<Type> = { [Name in keyof Type]: Type[Name] };

type FieldsOf<Fields extends readonly Field[]> = { [One in Fields[number] as One["name"]]: FieldValues[One["kind"]] };

type AckRequestedOf<Ar> = Ar extends "ackRequested" ? { ackRequested: boolean } : unknown;

/** Values of a message of one layout, by the names of its fields. */
export type ValuesOf<Head, Layout extends MessageLayout> = Flat<
  Head & AckRequestedOf<Layout["ar"]> & FieldsOf<Layout["fields"]>
>;

/** A message whose layout is only known when it runs. */
export type AnyValues = Record<string, string | boolean | FieldValues[keyof FieldValues]>;

/** The value of a field, which by the types made from the layouts is of its kind. */
export const valueOf = <One extends Field>(values: Readonly<AnyValues>, field: One): FieldValues[One["kind"]] =>
  values[field.name] as FieldValues[One["kind"]];
