/** What the struct at a place of an input may hold, for error lines: from the JSON Schema, the one description that can be walked. */
import { Schema } from "effect";

interface Node {
  properties?: Record<string, Node>;
  items?: Node;
  anyOf?: Node[];
  enum?: unknown[];
}

export interface FieldsAt {
  /** Of the kinds that the input's own fields leave. */
  names: string[];
  /** A field that tells the kinds apart, and names none of them: what it may be. */
  unknownKind?: { field: string; kinds: string[] };
}

export function fieldsOfStructAt(schema: Schema.Top, input: unknown, path: readonly (string | number)[]): FieldsAt {
  let value = input;
  let structs = structsOf([Schema.toJsonSchemaDocument(schema).schema as Node]);
  for (const step of path) {
    structs = structsOf(ofKind(structs, value).map((node) => stepInto(node, step)));
    value = (value as Record<string | number, unknown> | undefined)?.[step];
  }
  const names = ofKind(structs, value).flatMap(({ properties }) => Object.keys(properties ?? {}));
  const unknownKind = unknownKindOf(structs, value);
  return { names, ...(unknownKind && { unknownKind }) };
}

const stepInto = (node: Node, step: string | number): Node | undefined =>
  typeof step === "number" ? node.items : node.properties?.[step];

/** Itself, and what it may be instead. */
function structsOf(nodes: readonly (Node | undefined)[]): Node[] {
  const found = nodes.filter((node) => node !== undefined);
  return found.length === 0 ? [] : [...found, ...structsOf(found.flatMap(({ anyOf }) => anyOf ?? []))];
}

/** Those whose one-word fields (`kind: loss`) say what the value says there; all, where none does. */
function ofKind(structs: Node[], value: unknown): Node[] {
  if (typeof value !== "object" || value === null) return structs;
  const alike = structs.filter((node) =>
    Object.entries(node.properties ?? {}).some(
      ([name, { enum: words }]) => words?.length === 1 && words[0] === (value as Record<string, unknown>)[name],
    ),
  );
  return alike.length > 0 ? alike : structs;
}

/** A field with one word in each of several structs, where the value has another word. */
function unknownKindOf(structs: readonly Node[], value: unknown): FieldsAt["unknownKind"] {
  if (typeof value !== "object" || value === null) return undefined;
  const several = structs.filter(({ properties }) => properties !== undefined);
  const field = Object.keys(several[0]?.properties ?? {}).find((name) =>
    several.every(({ properties }) => properties![name]?.enum?.length === 1),
  );
  if (several.length < 2 || field === undefined || !Object.hasOwn(value, field)) return undefined;
  const kinds = several.map(({ properties }) => String(properties![field]!.enum![0]));
  return kinds.includes(String((value as Record<string, unknown>)[field])) ? undefined : { field, kinds };
}
