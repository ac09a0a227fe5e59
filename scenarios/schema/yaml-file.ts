/** A YAML file with fields, decoded against a schema; what is wrong is said with file, line and column. */
import { Result, Schema, SchemaIssue } from "effect";
import { type Document, isMap, LineCounter, parseDocument } from "yaml";
import { InputError } from "../../base/errors/index.ts";
import { fieldsOfStructAt, jsonSchemaOf, type JsonSchemaNode } from "./fields-at.ts";
import { suggestion } from "./suggest.ts";
import { documentFault, nestingFault, readBounded, YAML_BYTES_MAX, type YamlFault } from "./yaml-limits.ts";

/** Characters of a value shown. */
const SHOWN_MAX = 100;
/** Places told of; what comes behind is often the same mistake. */
const LINES_MAX = 20;

/** A file that cannot be used: one line for each place, with what is allowed there. */
export class ScenarioError extends InputError {
  override readonly name = "ScenarioError";
  readonly lines: readonly string[];

  constructor(all: readonly string[]) {
    const more = all.length - LINES_MAX;
    const lines = more > 0 ? [...all.slice(0, LINES_MAX), `and ${more} more`] : all;
    super(lines.join("\n"));
    this.lines = lines;
  }
}

export type Path = readonly (string | number)[];

interface Ranged {
  range?: [number, number, number];
}

const formatIssue = SchemaIssue.makeFormatterStandardSchemaV1();

/** @throws ScenarioError */
export function readText(file: string): string {
  let text: string | undefined;
  try {
    text = readBounded(file);
  } catch (error) {
    throw new ScenarioError([`${file}: cannot be read: ${(error as Error).message}`]);
  }
  if (text === undefined) throw new ScenarioError([`${file}: is longer than ${YAML_BYTES_MAX} bytes`]);
  return text;
}

/** A YAML file with fields, as people write it: what it says, and where. */
export class YamlFile {
  readonly file: string;
  /** Whatever stands there, not checked against any schema. */
  readonly input: Record<string, unknown>;
  readonly #content: string;
  readonly #document: Document;
  readonly #lines = new LineCounter();

  /**
   * @param file what error lines call it
   * @param kind what it is, and an example of a field, for the error line of a file without fields
   * @throws ScenarioError when it is no YAML, or has no fields
   */
  constructor(content: string, file: string, kind: string) {
    this.file = file;
    this.#content = content;
    this.#countLines();
    this.#refuse(nestingFault(content));
    // Names are compared by documentFault: the parser compares each with each.
    this.#document = parseDocument(content, { prettyErrors: false, uniqueKeys: false });
    if (this.#document.errors.length > 0)
      throw new ScenarioError(this.#document.errors.map(({ pos, message }) => `${this.#at(pos[0])}: ${message}`));
    this.#refuse(documentFault(this.#document));
    const input = (this.#document.toJS() ?? {}) as unknown;
    if (typeof input !== "object" || input === null || Array.isArray(input))
      throw new ScenarioError([`${file}:1:1: ${kind}`]);
    this.input = input as Record<string, unknown>;
  }

  /** `file:line:column: field: ` of a field, or of the closest one above it that is there. */
  place(path: Path): string {
    return `${this.#at(this.#offsetOf(path))}: ${path.length > 0 ? `${path.join(".")}: ` : ""}`;
  }

  /** Text of a field's value at the line and column where it stands, blank before: it parses to the value alone. */
  textOf(path: Path): string {
    const { range } = this.#document.getIn(path, true) as Ranged;
    if (range === undefined) return "";
    const { line, col } = this.#lines.linePos(range[0]);
    return "\n".repeat(line - 1) + " ".repeat(col - 1) + this.#content.slice(range[0], range[1]);
  }

  #countLines(): void {
    const content = this.#content;
    this.#lines.addNewLine(0);
    for (let at = content.indexOf("\n"); at >= 0; at = content.indexOf("\n", at + 1)) this.#lines.addNewLine(at + 1);
  }

  #refuse(fault: YamlFault | undefined): void {
    if (fault !== undefined) throw new ScenarioError([`${this.#at(fault.offset)}: ${fault.text}`]);
  }

  #at(offset: number): string {
    const { line, col } = this.#lines.linePos(offset);
    return `${this.file}:${line}:${col}`;
  }

  #offsetOf(path: Path): number {
    for (let depth = path.length; depth > 0; depth--) {
      const parent = depth === 1 ? this.#document.contents : this.#document.getIn(path.slice(0, depth - 1), true);
      const key = path[depth - 1];
      if (isMap(parent)) {
        const pair = parent.items.find((item) => String(item.key) === String(key));
        const range = (pair?.key as Ranged | undefined)?.range;
        if (range) return range[0];
      }
      const node = this.#document.getIn(path.slice(0, depth), true) as Ranged | undefined;
      if (node?.range) return node.range[0];
    }
    return 0;
  }
}

/**
 * Checks fields against a schema; unknown ones are errors.
 *
 * @param place what comes before an error line about a field, e.g. `file:line:column: field: `
 * @throws ScenarioError with a line for each field that is wrong
 */
export function decodeFields<T>(schema: Schema.Decoder<T>, input: unknown, place: (path: Path) => string): T {
  const decoded = Schema.decodeUnknownResult(schema)(input, { errors: "all", onExcessProperty: "error" });
  if (Result.isSuccess(decoded)) return decoded.success;
  const root = jsonSchemaOf(schema);
  const lines = formatIssue(decoded.failure.issue).issues.map((issue, index) => {
    // Explained as far as they are shown.
    if (index >= LINES_MAX) return "";
    const path = (issue.path ?? []).map((step) => (typeof step === "object" ? step.key : step)) as Path;
    const { unknownKind } = fieldsOfStructAt(root, input, path);
    if (unknownKind === undefined) return `${place(path)}${explain(root, input, path, issue.message)}`;
    const kindPath = [...path, unknownKind.field];
    return `${place(kindPath)}${explainKind(valueAt(input, kindPath), unknownKind.kinds)}`;
  });
  throw new ScenarioError(lines);
}

function explain(root: JsonSchemaNode, input: unknown, path: Path, message: string): string {
  const value = valueAt(input, path);
  if (message === "Expected no excess property") {
    const { names } = fieldsOfStructAt(root, input, path.slice(0, -1));
    const near = suggestion(String(path.at(-1)), names);
    return near ? `no such field; did you mean ${near}?` : `no such field; there are: ${names.join(", ")}`;
  }
  if (value === undefined) return "is missing";
  return `${shownOf(value)} is not allowed; ${message.replace(/^Expected /, "")}`;
}

function explainKind(value: unknown, kinds: readonly string[]): string {
  const near = typeof value === "string" ? suggestion(value, kinds) : undefined;
  return `${shownOf(value)} is not allowed; ${kinds.join(", ")}${near ? `; did you mean ${near}?` : ""}`;
}

function shownOf(value: unknown): string {
  const isPlain = typeof value === "string" && !/\p{Cc}/u.test(value);
  const shown = isPlain ? value : JSON.stringify(value);
  return shown.length > SHOWN_MAX ? `${shown.slice(0, SHOWN_MAX)}…` : shown;
}

function valueAt(input: unknown, path: Path): unknown {
  let value = input;
  for (const step of path) value = (value as Record<string | number, unknown> | undefined)?.[step];
  return value;
}
