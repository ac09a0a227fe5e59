/** What the struct at a place of an input may hold, for error lines: from the JSON Schema, the one description that can be walked. */
import { Schema } from "effect";

export interface JsonSchemaNode {
  properties?: Record<string, JsonSchemaNode>;
  items?: JsonSchemaNode;
  anyOf?: JsonSchemaNode[];
  enum?: unknown[];
}

export interface FieldsAt {
  /** Of the kinds that the input's own fields leave. */
  names: string[];
  /** A field that tells the kinds apart, and names none of them: what it may be. */
  unknownKind?: { field: string; kinds: string[] };
}

/** To be made once for all lines about an input: it takes a look at the whole schema. */
export const jsonSchemaOf = (schema: Schema.Top): JsonSchemaNode =>
  Schema.toJsonSchemaDocument(schema).schema as JsonSchemaNode;

export function fieldsOfStructAt(root: JsonSchemaNode, input: unknown, path: readonly (string | number)[]): FieldsAt {
  let value = input;
  let structs = structsOf([root]);
  for (const step of path) {
    structs = structsOf(ofKind(structs, value).map((node) => stepInto(node, step)));
    value = (value as Record<string | number, unknown> | undefined)?.[step];
  }
  const names = ofKind(structs, value).flatMap(({ properties }) => Object.keys(properties ?? {}));
  const unknownKind = unknownKindOf(structs, value);
  return { names, ...(unknownKind && { unknownKind }) };
}

const stepInto = (node: JsonSchemaNode, step: string | number): JsonSchemaNode | undefined =>
  typeof step === "number" ? node.items : node.properties?.[step];

/** Itself, and what it may be instead. */
function structsOf(nodes: readonly (JsonSchemaNode | undefined)[]): JsonSchemaNode[] {
  const found = nodes.filter((node) => node !== undefined);
  return found.length === 0 ? [] : [...found, ...structsOf(found.flatMap(({ anyOf }) => anyOf ?? []))];
}

/** Those whose one-word fields (`kind: loss`) say what the value says there; all, where none does. */
function ofKind(structs: JsonSchemaNode[], value: unknown): JsonSchemaNode[] {
  if (typeof value !== "object" || value === null) return structs;
  const alike = structs.filter((node) =>
    Object.entries(node.properties ?? {}).some(
      ([name, { enum: words }]) => words?.length === 1 && words[0] === (value as Record<string, unknown>)[name],
    ),
  );
  return alike.length > 0 ? alike : structs;
}

/** A field with one word in each of several structs, where the value has another word. */
function unknownKindOf(structs: readonly JsonSchemaNode[], value: unknown): FieldsAt["unknownKind"] {
  if (typeof value !== "object" || value === null) return undefined;
  const several = structs.filter(({ properties }) => properties !== undefined);
  const field = Object.keys(several[0]?.properties ?? {}).find((name) =>
    several.every(({ properties }) => properties![name]?.enum?.length === 1),
  );
  if (several.length < 2 || field === undefined || !Object.hasOwn(value, field)) return undefined;
  const kinds = several.map(({ properties }) => String(properties![field]!.enum![0]));
  return kinds.includes(String((value as Record<string, unknown>)[field])) ? undefined : { field, kinds };
}
