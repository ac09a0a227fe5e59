/** What a .proto file says, as a table, and the TypeScript types that follow from it. */

/** Scalar types that the project's .proto files use. */
export type ProtoScalar = "bool" | "bytes" | "fixed32" | "sint32" | "string" | "uint32" | "uint64";

export interface ProtoField {
  /** Number of the field on the wire. */
  readonly id: number;
  /** A scalar, or the name of a message or an enum of the same file. */
  readonly type: string;
  /** `optional` = may be absent; without a rule an absent field reads as its default. */
  readonly rule?: "repeated" | "optional";
  /** Name of the oneof it belongs to; of its fields one at most is there. */
  readonly oneof?: string;
}

/** Names of the values; a value that is not named reads as undefined. */
export type ProtoValues = Readonly<Record<string, number>>;

/** A .proto file: messages and enums by their full name within the package, such as `OltEvent.Ranged`. */
export interface ProtoFile {
  readonly messages: Readonly<Record<string, Readonly<Record<string, ProtoField>>>>;
  readonly enums: Readonly<Record<string, ProtoValues>>;
}

interface ScalarTypes {
  bool: boolean;
  bytes: Uint8Array;
  fixed32: number;
  sint32: number;
  string: string;
  uint32: number;
  /** Up to 2^53 - 1. */
  uint64: number;
}

/** Names of an enum's values. */
export type ProtoEnum<File extends ProtoFile, Name extends keyof File["enums"]> = keyof File["enums"][Name] & string;

type ValueOf<File extends ProtoFile, Type> = Type extends keyof ScalarTypes
  ? ScalarTypes[Type]
  : Type extends keyof File["enums"]
    ? ProtoEnum<File, Type>
    : Type extends keyof File["messages"]
      ? ProtoMessage<File, Type>
      : never;

type MayBeAbsent<File extends ProtoFile, Field> = Field extends { rule: "repeated" }
  ? false
  : Field extends { rule: "optional" } | { oneof: string }
    ? true
    : Field extends { type: keyof File["messages"] }
      ? true
      : false;

type FieldValue<File extends ProtoFile, Field> = Field extends { type: infer Type }
  ? Field extends { rule: "repeated" }
    ? ValueOf<File, Type>[]
    : ValueOf<File, Type>
  : never;

/** A message of a file, as it is written and read. */
export type ProtoMessage<
  File extends ProtoFile,
  Name extends keyof File["messages"],
  Fields = File["messages"][Name],
> = {
  -readonly [Field in keyof Fields as MayBeAbsent<File, Fields[Field]> extends true ? never : Field]: FieldValue<
    File,
    Fields[Field]
  >;
} & {
  -readonly [Field in keyof Fields as MayBeAbsent<File, Fields[Field]> extends true ? Field : never]?: FieldValue<
    File,
    Fields[Field]
  >;
};
