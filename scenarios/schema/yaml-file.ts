/** A YAML file with fields, decoded against a schema; what is wrong is said with file, line and column. */
import { readFileSync } from "node:fs";
import { Result, Schema, SchemaIssue } from "effect";
import { type Document, isMap, LineCounter, parseDocument } from "yaml";
import { InputError } from "../../base/errors/index.ts";
import { suggestion } from "./suggest.ts";

/** A file that cannot be used: one line for each place, with what is allowed there. */
export class ScenarioError extends InputError {
  override readonly name = "ScenarioError";
  readonly lines: readonly string[];

  constructor(lines: readonly string[]) {
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
  try {
    return readFileSync(file, "utf8");
  } catch (error) {
    throw new ScenarioError([`${file}: cannot be read: ${(error as Error).message}`]);
  }
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
    this.#document = parseDocument(content, { lineCounter: this.#lines });
    if (this.#document.errors.length > 0) {
      const text = (message: string): string => message.split("\n")[0].replace(/ at line.*$/, "");
      throw new ScenarioError(this.#document.errors.map(({ pos, message }) => `${this.#at(pos[0])}: ${text(message)}`));
    }
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
  const issues = formatIssue(decoded.failure.issue).issues.map((issue) => ({
    path: (issue.path ?? []).map((step) => (typeof step === "object" ? step.key : step)) as Path,
    message: issue.message,
  }));
  throw new ScenarioError(issues.map(({ path, message }) => `${place(path)}${explain(schema, input, path, message)}`));
}

function explain(schema: Schema.Top, input: unknown, path: Path, message: string): string {
  const value = valueAt(input, path);
  if (message === "Expected no excess property") {
    const known = knownFields(schema, path.slice(0, -1));
    const near = suggestion(String(path.at(-1)), known);
    return near ? `no such field; did you mean ${near}?` : `no such field; there are: ${known.join(", ")}`;
  }
  if (value === undefined) return "is missing";
  const shown = typeof value === "string" ? value : JSON.stringify(value);
  return `${shown} is not allowed; ${message.replace(/^Expected /, "")}`;
}

/** Fields of the struct at a path, from the JSON Schema: the one description of the schema that can be walked. */
function knownFields(schema: Schema.Top, path: Path): string[] {
  interface Node {
    properties?: Record<string, Node>;
    items?: Node;
    anyOf?: Node[];
  }
  let nodes: Node[] = [Schema.toJsonSchemaDocument(schema).schema as Node];
  for (const step of path) {
    nodes = nodes
      .flatMap((node) => [node, ...(node.anyOf ?? [])])
      .map((node) => (typeof step === "number" ? node.items : node.properties?.[step]))
      .filter((node) => node !== undefined);
  }
  return nodes.flatMap((node) => [node, ...(node.anyOf ?? [])]).flatMap((node) => Object.keys(node.properties ?? {}));
}

function valueAt(input: unknown, path: Path): unknown {
  let value = input;
  for (const step of path) value = (value as Record<string | number, unknown> | undefined)?.[step];
  return value;
}
