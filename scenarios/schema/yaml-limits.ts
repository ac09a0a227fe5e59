/** What a file may cost before it is understood: how much of it is read, how deep it goes, what its aliases may repeat. */
import { closeSync, openSync, readSync } from "node:fs";
import { type Document, isAlias, isCollection, isMap, isScalar, type Node } from "yaml";

/** Longest file read, bytes: 128 groups of ONTs with several impairments each fit; the parser takes a second for as much. */
export const YAML_BYTES_MAX = 128 * 1024;
/** Deepest nesting, levels; scenarios have five. The parser calls itself for each. */
const NESTING_MAX = 32;
/** Most aliases of a file. */
const ALIASES_MAX = 100;

/** What is wrong, and the character it begins at. */
export interface YamlFault {
  offset: number;
  text: string;
}

/**
 * The text of a file, whatever it is: a pipe, a device without end.
 *
 * @returns undefined where it is too long
 * @throws system errors
 */
export function readBounded(path: string): string | undefined {
  const file = openSync(path, "r");
  try {
    const bytes = Buffer.allocUnsafe(YAML_BYTES_MAX + 1);
    let length = 0;
    for (let read = -1; read !== 0 && length < bytes.length; length += read)
      read = readSync(file, bytes, length, bytes.length - length, null);
    return length > YAML_BYTES_MAX ? undefined : bytes.toString("utf8", 0, length);
  } finally {
    closeSync(file);
  }
}

/**
 * Nesting as indentation, indicators and brackets show it; brackets in texts count too, which no text has so many of.
 * Looked at before the parser is asked, whose stack and time it is about.
 */
export function nestingFault(content: string): YamlFault | undefined {
  const indents: number[] = [];
  let brackets = 0;
  let offset = 0;
  for (const line of content.split("\n")) {
    const lead = /^(?:[ \t]|[-?:](?=[ \t]|$))*/.exec(line)![0];
    const indent = lead.search(/[^ \t]|$/);
    if (lead.length < line.length || lead.trim() !== "") {
      while ((indents.at(-1) ?? -1) >= indent) indents.pop();
      indents.push(indent);
    }
    let most = brackets;
    for (const character of line) {
      if (character === "[" || character === "{") most = Math.max(most, ++brackets);
      else if (character === "]" || character === "}") brackets = Math.max(0, brackets - 1);
    }
    const indicators = lead.replaceAll(/[ \t]/g, "").length;
    if (indents.length + indicators + most > NESTING_MAX)
      return { offset, text: `nested too deep; at most ${NESTING_MAX} levels` };
    offset += line.length + 1;
  }
  return undefined;
}

const offsetOf = (node: unknown): number => (node as Node | null)?.range?.[0] ?? 0;

/** What a document holds that cannot be fields: names twice or that are no texts, aliases that repeat themselves or too much. */
export function documentFault(document: Document): YamlFault | undefined {
  let aliases = 0;
  const above = new Set<unknown>();
  const look = (node: unknown): YamlFault | undefined => {
    if (isAlias(node)) {
      const source = node.resolve(document);
      if (++aliases > ALIASES_MAX)
        return { offset: offsetOf(node), text: `more than ${ALIASES_MAX} aliases, those within aliases counted` };
      if (above.has(source)) return { offset: offsetOf(node), text: `alias *${node.source} is a part of itself` };
      return look(source);
    }
    if (!isCollection(node)) return undefined;
    above.add(node);
    const fault = isMap(node) ? lookAtFields(node.items) : firstFault(node.items, look);
    above.delete(node);
    return fault;
  };
  const lookAtFields = (pairs: readonly { key: unknown; value: unknown }[]): YamlFault | undefined => {
    const names = new Set<string>();
    return firstFault(pairs, ({ key, value }) => {
      if (!isScalar(key)) return { offset: offsetOf(key), text: "the name of a field is a text" };
      const name = String(key.value);
      if (names.has(name)) return { offset: offsetOf(key), text: `${name} stands here twice` };
      names.add(name);
      return look(value);
    });
  };
  return look(document.contents);
}

function firstFault<Item>(items: readonly Item[], look: (item: Item) => YamlFault | undefined): YamlFault | undefined {
  for (const item of items) {
    const fault = look(item);
    if (fault !== undefined) return fault;
  }
  return undefined;
}
