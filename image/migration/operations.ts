/** One operation of a step, carried out as a JSON Patch (RFC 6902) on the working copy of a configuration. */
import { applyPatch, type Operation as PatchOperation } from "rfc6902";
import { type MigrationOperation, pathsOf } from "./document.ts";
import { isObject, type Json, type JsonObject } from "./json.ts";
import { parentOf, valueAt } from "./pointer.ts";

/** What an operation did: where, and what stood there before and stands there now. */
export interface OperationChange {
  path: string;
  /** Absent: nothing stood there. */
  from?: Json;
  /** Absent: nothing stands there any more. */
  to?: Json;
  /** Where it went. */
  movedTo?: string;
}

/** Undefined: there was nothing to do. */
export type OperationOutcome = { change: OperationChange | undefined } | { problem: string };

const NOTHING: OperationOutcome = { change: undefined };

/** Whether a key can be put there. */
const takesKey = (config: JsonObject, pointer: string): boolean => {
  const parent = valueAt(config, parentOf(pointer));
  return typeof parent === "object" && parent !== null;
};

const short = (value: Json): string => {
  const text = JSON.stringify(value);
  return text.length > 40 ? `${text.slice(0, 40)}…` : text;
};

/** @param config is changed, unless there is a problem */
export function carryOut(config: JsonObject, operation: MigrationOperation): OperationOutcome {
  const [path, target] = pathsOf(operation);
  const value = valueAt(config, path);
  if (operation.op === "default") {
    if (value !== undefined) return NOTHING;
    if (!takesKey(config, path)) return { problem: `nothing at ${parentOf(path)} takes a key` };
    return patched(config, { op: "add", path, value: operation.value }, { path, to: operation.value });
  }
  if (value === undefined) return operation.required === true ? { problem: `nothing is at ${path}` } : NOTHING;
  switch (operation.op) {
    case "rename":
    case "move":
      return moved(config, path, target ?? path, value);
    case "drop":
      return patched(config, { op: "remove", path }, { path, from: value });
    case "convert": {
      const row = operation.table.find(([before]) => before === value);
      const after = row === undefined ? operation.otherwise : row[1];
      if (after === undefined) return { problem: `${short(value)} at ${path} is not in the table` };
      return patched(config, { op: "replace", path, value: after }, { path, from: value, to: after });
    }
  }
}

function moved(config: JsonObject, path: string, target: string, value: Json): OperationOutcome {
  if (valueAt(config, target) !== undefined) return { problem: `something is at ${target} already` };
  const parent = valueAt(config, parentOf(target));
  // In an array all that follows would get other numbers.
  if (!isObject(parent)) return { problem: `nothing at ${parentOf(target)} takes a key` };
  return patched(config, { op: "move", from: path, path: target }, { path, from: value, to: value, movedTo: target });
}

function patched(config: JsonObject, patch: PatchOperation, change: OperationChange): OperationOutcome {
  // What the change tells must not change with the configuration.
  const told = structuredClone(change);
  const [error] = applyPatch(config, [patch]);
  return error === null || error === undefined ? { change: told } : { problem: error.message };
}
