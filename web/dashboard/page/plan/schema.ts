/** The scenario's JSON Schema as a form needs it: what kind of field each is, and the words for it. Pure. */
import type { FieldInfo } from "../../../../scenarios/index.ts";

/** As much of JSON Schema as ours has. */
export interface SchemaNode {
  type?: string;
  description?: string;
  default?: unknown;
  enum?: readonly unknown[];
  properties?: Record<string, SchemaNode>;
  required?: readonly string[];
  items?: SchemaNode;
  anyOf?: readonly SchemaNode[];
}

export type FieldKind =
  /** One of some words. */
  | "choice"
  /** true or false. */
  | "flag"
  /** A number, a quantity with its unit, a text. */
  | "line"
  /** Several texts or numbers. */
  | "words"
  | "part"
  /** A part whose fields depend on its kind. */
  | "kinds"
  | "list"
  /** Whatever else: in the text only. */
  | "raw";

export function fieldKind({ enum: words, type, properties, items, anyOf }: SchemaNode): FieldKind {
  if (words !== undefined) return "choice";
  if (type === "boolean") return "flag";
  if (properties !== undefined) return "part";
  if (items !== undefined) return items.properties !== undefined || items.anyOf !== undefined ? "list" : "words";
  if (anyOf?.some((each) => each.properties !== undefined)) return "kinds";
  return type === "object" || anyOf?.some((each) => each.type === "object") ? "raw" : "line";
}

/** Kinds of a part, each with the words that name it. */
export const kindsOf = ({ anyOf = [] }: SchemaNode): { node: SchemaNode; names: string[] }[] =>
  anyOf.map((node) => ({ node, names: (node.properties?.["kind"]?.enum ?? []).map(String) }));

/** By the path as the field list has it: `fleet[].count`, `impairments[].chance (loss)`. */
export type Words = ReadonlyMap<string, FieldInfo>;

export const wordsOf = (fields: readonly FieldInfo[]): Words => new Map(fields.map((each) => [each.path, each]));

/** A number where the text is one and the field may be one; else the text. */
export function valueOf(node: SchemaNode, text: string): unknown {
  const trimmed = text.trim();
  if (trimmed === "") return undefined;
  const isNumber = node.type !== "string" && /^-?\d+(?:\.\d+)?(?:e[+-]?\d+)?$/i.test(trimmed);
  return isNumber ? Number(trimmed) : trimmed;
}

/** Commas or spaces between them. */
export function listOfText(node: SchemaNode, text: string): unknown {
  const values = text.split(/[,\s]+/).filter(Boolean);
  return values.length === 0 ? undefined : values.map((each) => valueOf(node.items ?? {}, each));
}

export function textOf(value: unknown): string {
  if (value === undefined || value === null) return "";
  if (Array.isArray(value)) return value.map(textOf).join(", ");
  return typeof value === "string" ? value : JSON.stringify(value);
}

export type FieldPath = readonly (string | number)[];

export function valueAt(input: unknown, path: FieldPath): unknown {
  let value = input;
  for (const step of path) value = (value as Record<string | number, unknown> | null | undefined)?.[step];
  return value;
}

/** What a new item of a list begins with: what it cannot do without. */
export function newItem({ anyOf, properties = {}, required = [] }: SchemaNode): unknown {
  if (anyOf !== undefined) return newItem(anyOf[0]);
  return Object.fromEntries(
    required.map((name) => {
      const { enum: words, default: usual, anyOf: either } = properties[name] ?? {};
      return [name, usual ?? words?.[0] ?? (either === undefined ? 1 : 0.01)];
    }),
  );
}
