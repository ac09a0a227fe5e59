/**
 * JSON Schema of a configuration, of which a device takes what ends for sure: no references, which may run in circles, and
 * no patterns, which may take forever.
 */
import { Validator, type Schema } from "@cfworker/json-schema";
import { isObject, type Json, type JsonObject } from "./json.ts";

/** Keywords, and what of their values is a schema again. */
const KEYWORDS: Readonly<Record<string, "value" | "schema" | "list" | "map">> = {
  $schema: "value",
  $comment: "value",
  title: "value",
  description: "value",
  type: "value",
  enum: "value",
  const: "value",
  required: "value",
  minimum: "value",
  maximum: "value",
  exclusiveMinimum: "value",
  exclusiveMaximum: "value",
  minLength: "value",
  maxLength: "value",
  minItems: "value",
  maxItems: "value",
  minProperties: "value",
  maxProperties: "value",
  items: "schema",
  additionalProperties: "schema",
  not: "schema",
  prefixItems: "list",
  allOf: "list",
  anyOf: "list",
  oneOf: "list",
  properties: "map",
};

/** What of it is told, as one mistake may show in many places. */
const PROBLEMS_MAX = 5;

/** What of a schema is not taken; undefined: nothing. */
export function schemaProblem(schema: Json | undefined): string | undefined {
  if (schema === undefined || typeof schema === "boolean") return undefined;
  if (!isObject(schema)) return "schema: an object is needed wherever a schema stands";
  for (const [keyword, value] of Object.entries(schema)) {
    const kind = Object.hasOwn(KEYWORDS, keyword) ? KEYWORDS[keyword] : undefined;
    if (kind === undefined)
      return `schema: ${JSON.stringify(keyword)} is not taken; there are ${Object.keys(KEYWORDS).join(", ")}`;
    for (const inner of innerOf(kind, value)) {
      const problem = schemaProblem(inner);
      if (problem !== undefined) return problem;
    }
  }
  return undefined;
}

function innerOf(kind: "value" | "schema" | "list" | "map", value: Json): Json[] {
  switch (kind) {
    case "value":
      return [];
    case "schema":
      return [value];
    case "list":
      return Array.isArray(value) ? value : [null];
    case "map":
      return isObject(value) ? Object.values(value) : [null];
  }
}

/** What of a configuration is not as its schema has it, a line each. */
export function schemaProblems(config: JsonObject, schema: JsonObject | undefined): string[] {
  if (schema === undefined) return [];
  try {
    // The validator writes into the schema it is given.
    const { errors } = new Validator(structuredClone(schema) as Schema, "2020-12", false).validate(config);
    // What is around a mistake says no more than that there is one.
    const inner = errors.filter(({ keyword }) => !["properties", "items", "prefixItems"].includes(keyword));
    return inner
      .slice(0, PROBLEMS_MAX)
      .map(({ instanceLocation, error }) => `${instanceLocation.slice(1) || "/"}: ${error}`);
  } catch (error) {
    // A keyword with a value of another kind than it has.
    return [`schema cannot be used: ${error instanceof Error ? error.message.split("\n", 1)[0] : "no error"}`];
  }
}
