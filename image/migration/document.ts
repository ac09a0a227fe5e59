/** The migration that a manifest brings along: steps from one schema version to the next, as data (docs/migration.md). */
import { Validator, type Schema } from "@cfworker/json-schema";
import { ImageError } from "../error.ts";
import { type Json, type JsonObject, readJson } from "./json.ts";
import { isWithin, parentOf, pointerOf, pointerProblem, tokensOf } from "./pointer.ts";
import { schemaProblem } from "./schema.ts";

/** Paths are JSON Pointers (RFC 6901). What is not there is passed over, unless it is required. */
export type MigrationOperation =
  /** Another key in the same object. */
  | { op: "rename"; path: string; to: string; required?: boolean }
  | { op: "move"; from: string; path: string; required?: boolean }
  /** Where nothing stands yet. */
  | { op: "default"; path: string; value: Json }
  | { op: "drop"; path: string; required?: boolean }
  /** By a table of values and what they become; any other becomes `otherwise`, or is a failure where there is none. */
  | { op: "convert"; path: string; table: [Json, Json][]; otherwise?: Json; required?: boolean };

export interface MigrationStep {
  from: number;
  to: number;
  operations: MigrationOperation[];
}

export interface Migration {
  /** Of the configuration that the image takes. */
  schemaVersion: number;
  /** JSON Schema that such a configuration follows. */
  schema?: JsonObject;
  /** No two from the same version; each leads to `schemaVersion`, by others or at once. */
  steps: MigrationStep[];
}

/** Key of a configuration that has its schema version; absent: 0. */
export const VERSION_KEY = "schemaVersion";

const VERSION_MAX = 0xffffffff;
const STEPS_MAX = 64;
const OPERATIONS_MAX = 256;

const version: Schema = { type: "integer", minimum: 0, maximum: VERSION_MAX };
const text: Schema = { type: "string", maxLength: 512 };
const flag: Schema = { type: "boolean" };
const scalar: Schema = { type: ["string", "number", "boolean", "null"] };
const operation = (properties: Record<string, Schema | boolean>, required: string[]): Validator => {
  const all = { op: text, ...properties };
  return new Validator({ type: "object", properties: all, required, additionalProperties: false }, "2020-12", false);
};

const DOCUMENT = new Validator(
  {
    type: "object",
    required: ["schemaVersion", "steps"],
    additionalProperties: false,
    properties: {
      schemaVersion: version,
      schema: { type: "object" },
      steps: {
        type: "array",
        maxItems: STEPS_MAX,
        items: {
          type: "object",
          required: ["from", "to", "operations"],
          additionalProperties: false,
          properties: {
            from: version,
            to: version,
            operations: {
              type: "array",
              maxItems: OPERATIONS_MAX,
              items: { type: "object", required: ["op"], properties: { op: text } },
            },
          },
        },
      },
    },
  },
  "2020-12",
  false,
);

const pairs: Schema = { type: "array", minItems: 1, items: { type: "array", minItems: 2, maxItems: 2, items: scalar } };

const OPERATIONS: Readonly<Record<MigrationOperation["op"], Validator>> = {
  rename: operation({ path: text, to: text, required: flag }, ["path", "to"]),
  move: operation({ from: text, path: text, required: flag }, ["from", "path"]),
  default: operation({ path: text, value: true }, ["path", "value"]),
  drop: operation({ path: text, required: flag }, ["path"]),
  convert: operation({ path: text, table: pairs, otherwise: scalar, required: flag }, ["path", "table"]),
};

/** The innermost of what the validator found, with where it is. */
function faultOf(validator: Validator, value: unknown): string | undefined {
  const { errors } = validator.validate(value);
  const last = errors.at(-1);
  if (last === undefined) return undefined;
  const place = last.instanceLocation.slice(1);
  const problem = last.keyword === "false" ? "is no field that there is" : last.error;
  return `${place === "" ? "" : `${place}: `}${problem}`;
}

/**
 * @param given as the manifest has it, or a file
 * @throws ImageError naming the step and operation that cannot be used
 */
export function readMigration(given: string | Uint8Array): Migration {
  const value: unknown = readJson(given, "migration");
  const fault = faultOf(DOCUMENT, value);
  if (fault !== undefined) throw new ImageError(`migration: ${fault}`);
  // The validator has just seen that it is one, but for the operations, which are looked at one by one.
  const migration = value as Migration;
  const problem = stepsProblem(migration) ?? operationsProblem(migration) ?? schemaProblem(migration.schema);
  if (problem !== undefined) throw new ImageError(`migration: ${problem}`);
  return migration;
}

/** What is wrong with it, in one line; undefined: nothing. */
export function migrationProblem(given: string): string | undefined {
  try {
    readMigration(given);
    return undefined;
  } catch (error) {
    if (error instanceof ImageError) return error.message;
    throw error;
  }
}

function stepsProblem({ schemaVersion, steps }: Migration): string | undefined {
  const starts = new Set<number>();
  for (const { from, to } of steps) {
    const name = `step ${from} to ${to}`;
    if (to <= from) return `${name} does not go forward`;
    if (to > schemaVersion) return `${name} goes beyond schema version ${schemaVersion}`;
    if (starts.has(from)) return `there are two steps from ${from}`;
    starts.add(from);
  }
  const lost = steps.find(({ to }) => to !== schemaVersion && !starts.has(to));
  return lost && `step ${lost.from} to ${lost.to} does not lead to schema version ${schemaVersion}`;
}

function operationsProblem({ steps }: Migration): string | undefined {
  for (const { from, to, operations } of steps)
    for (const [at, one] of operations.entries()) {
      const problem = operationProblem(one);
      if (problem !== undefined) return `step ${from} to ${to}, operation ${at + 1}: ${problem}`;
    }
  return undefined;
}

function operationProblem(one: MigrationOperation): string | undefined {
  if (!Object.hasOwn(OPERATIONS, one.op))
    return `${JSON.stringify(one.op)} is none; there are ${Object.keys(OPERATIONS).join(", ")}`;
  const fault = faultOf(OPERATIONS[one.op], one);
  if (fault !== undefined) return `${one.op}: ${fault}`;
  const given = one.op === "move" ? [one.from, one.path] : [one.path];
  const problem = firstProblem(given) ?? firstProblem(pathsOf(one));
  if (problem !== undefined) return problem;
  const [path, target] = pathsOf(one);
  if (target !== undefined && isWithin(target, path)) return `${path} cannot go into itself`;
  return undefined;
}

function firstProblem(pointers: readonly (string | undefined)[]): string | undefined {
  for (const pointer of pointers) {
    if (pointer === undefined) continue;
    const problem = pointerProblem(pointer);
    if (problem !== undefined) return problem;
    if (isWithin(pointer, `/${VERSION_KEY}`)) return `/${VERSION_KEY} is set by the steps themselves`;
  }
  return undefined;
}

/** Where an operation takes from and puts to; the second only where it is another place. */
export function pathsOf(one: MigrationOperation): [from: string, to?: string] {
  switch (one.op) {
    case "rename":
      return [one.path, pointerOf([...tokensOf(parentOf(one.path)), one.to])];
    case "move":
      return [one.from, one.path];
    case "default":
    case "drop":
    case "convert":
      return [one.path];
  }
}
