/** JSON Pointers (RFC 6901) into a configuration: what is there is what it has itself, never what all objects have. */
import { Pointer } from "rfc6902";
import type { Json } from "./json.ts";

/** Names by which code reaches what all objects have in common. */
const FORBIDDEN: ReadonlySet<string> = new Set(["__proto__", "constructor", "prototype"]);
const SYNTAX = /^(?:\/(?:[^~/]|~[01])*)+$/;
const INDEX = /^(?:0|[1-9]\d{0,8})$/;

/** Why a text is no pointer to take; undefined: it is one. "-" would be another place each time. */
export function pointerProblem(text: string): string | undefined {
  if (!SYNTAX.test(text)) return `${JSON.stringify(text)} is no JSON Pointer to a key, such as "/wan/mode"`;
  const token = tokensOf(text).find((part) => FORBIDDEN.has(part) || part === "-");
  return token === undefined ? undefined : `${JSON.stringify(text)} has ${JSON.stringify(token)}, which is not allowed`;
}

export const tokensOf = (pointer: string): string[] => Pointer.fromJSON(pointer).tokens.slice(1);

export const pointerOf = (tokens: readonly string[]): string => new Pointer(["", ...tokens]).toString();

export const parentOf = (pointer: string): string => Pointer.fromJSON(pointer).parent().toString();

/** What stands there; undefined: nothing. */
export function valueAt(root: Json, pointer: string): Json | undefined {
  let value: Json | undefined = root;
  for (const token of tokensOf(pointer)) {
    if (typeof value !== "object" || value === null) return undefined;
    if (Array.isArray(value)) value = INDEX.test(token) ? value[Number(token)] : undefined;
    else value = Object.hasOwn(value, token) ? value[token] : undefined;
  }
  return value;
}

/** Whether one pointer is the other or leads into what it points to. */
export const isWithin = (pointer: string, outer: string): boolean =>
  pointer === outer || pointer.startsWith(`${outer}/`);
