/** The scenario schema in the form that editors read, so that they complete and check scenario files. */
import { Schema } from "effect";
import { scenarioSchema } from "./scenario.ts";

/** The scenario schema for editors: JSON Schema, draft 2020-12. Unknown fields are errors, as they are to poncast. */
export function scenarioJsonSchema(): unknown {
  const { schema } = Schema.toJsonSchemaDocument(scenarioSchema);
  const closed = closeObjects(schema) as object;
  return { $schema: "https://json-schema.org/draft/2020-12/schema", title: "poncast scenario", ...closed };
}

function closeObjects(node: unknown): unknown {
  if (Array.isArray(node)) return node.map(closeObjects);
  if (typeof node !== "object" || node === null) return node;
  const copied = Object.fromEntries(Object.entries(node).map(([name, value]) => [name, closeObjects(value)]));
  return "additionalProperties" in copied && "properties" in copied
    ? { ...copied, additionalProperties: false }
    : copied;
}
