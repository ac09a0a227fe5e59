import { readFileSync } from "node:fs";
import { Result, Schema, SchemaIssue } from "effect";
import { type Document, isMap, LineCounter, parseDocument } from "yaml";
import { impairmentFault } from "./fibre.ts";
import type { Impairment } from "./impairments.ts";
import { type Scenario, scenarioSchema } from "./scenario.ts";
import { suggestion } from "./suggest.ts";

/** A scenario that cannot be used: one line for each place, with what is allowed there. */
export class ScenarioError extends Error {
  readonly lines: readonly string[];

  constructor(lines: readonly string[]) {
    super(lines.join("\n"));
    this.lines = lines;
  }
}

type Path = readonly (string | number)[];

/** A field set from outside the file: by an option of the command line. */
export interface Override {
  /** Dotted path, e.g. `olt.windowSections`. */
  path: string;
  value: unknown;
  /** How the user knows it, e.g. `--window`. */
  option: string;
}

const formatIssue = SchemaIssue.makeFormatterStandardSchemaV1();

/**
 * Reads a scenario file and applies overrides.
 *
 * @throws ScenarioError; nothing has been touched then
 */
export function loadScenario(file: string, overrides: readonly Override[] = []): Scenario {
  let content: string;
  try {
    content = readFileSync(file, "utf8");
  } catch (error) {
    throw new ScenarioError([`${file}: cannot be read: ${(error as Error).message}`]);
  }
  return parseScenario(content, file, overrides);
}

/** The same from a text; `file` is what the error lines call it. @throws ScenarioError */
export function parseScenario(content: string, file: string, overrides: readonly Override[] = []): Scenario {
  const lineCounter = new LineCounter();
  const document = parseDocument(content, { lineCounter });
  if (document.errors.length > 0) {
    const lines = document.errors.map((error) => {
      const { line, col } = lineCounter.linePos(error.pos[0]);
      return `${file}:${line}:${col}: ${error.message.split("\n")[0].replace(/ at line.*$/, "")}`;
    });
    throw new ScenarioError(lines);
  }
  const input = (document.toJS() ?? {}) as unknown;
  if (typeof input !== "object" || input === null || Array.isArray(input)) {
    throw new ScenarioError([`${file}:1:1: a scenario is a list of fields, such as "onts: 32"`]);
  }
  for (const { path, value } of overrides) setPath(input as Record<string, unknown>, path.split("."), value);
  const place = (path: Path): string => placeOf(document, lineCounter, file, path, overrides);
  return decode(input, place);
}

function decode(input: unknown, place: (path: Path) => string): Scenario {
  const decoded = Schema.decodeUnknownResult(scenarioSchema)(input, {
    errors: "all",
    onExcessProperty: "error",
  });
  if (Result.isFailure(decoded)) {
    const issues = formatIssue(decoded.failure.issue).issues.map((issue) => ({
      path: (issue.path ?? []).map((step) => (typeof step === "object" ? step.key : step)) as Path,
      message: issue.message,
    }));
    throw new ScenarioError(issues.map(({ path, message }) => `${place(path)}${explain(input, path, message)}`));
  }
  const scenario = decoded.success;
  const conflicts = conflictsOf(scenario);
  if (conflicts.length > 0) throw new ScenarioError(conflicts.map(({ path, text }) => `${place(path)}${text}`));
  return scenario;
}

function explain(input: unknown, path: Path, message: string): string {
  const value = valueAt(input, path);
  if (message === "Expected no excess property") {
    const known = knownFields(path.slice(0, -1));
    const near = suggestion(String(path.at(-1)), known);
    return near ? `no such field; did you mean ${near}?` : `no such field; there are: ${known.join(", ")}`;
  }
  if (value === undefined) return "is missing";
  const shown = typeof value === "string" ? value : JSON.stringify(value);
  return `${shown} is not allowed; ${message.replace(/^Expected /, "")}`;
}

/** Fields of the struct at a path, from the JSON Schema: the one description of the schema that can be walked. */
function knownFields(path: Path): string[] {
  interface Node {
    properties?: Record<string, Node>;
    items?: Node;
    anyOf?: Node[];
  }
  let nodes: Node[] = [Schema.toJsonSchemaDocument(scenarioSchema).schema as Node];
  for (const step of path) {
    nodes = nodes
      .flatMap((node) => [node, ...(node.anyOf ?? [])])
      .map((node) => (typeof step === "number" ? node.items : node.properties?.[step]))
      .filter((node) => node !== undefined);
  }
  return nodes.flatMap((node) => [node, ...(node.anyOf ?? [])]).flatMap((node) => Object.keys(node.properties ?? {}));
}

/** `file:line:column: field: `, or `--option: ` for a field that an option set. */
function placeOf(
  document: Document,
  lines: LineCounter,
  file: string,
  path: Path,
  overrides: readonly Override[],
): string {
  const dotted = path.join(".");
  const override = overrides.find((candidate) => dotted === candidate.path || dotted.startsWith(`${candidate.path}.`));
  if (override) return `${override.option}: `;
  const offset = offsetOf(document, path);
  const { line, col } = lines.linePos(offset);
  return `${file}:${line}:${col}: ${dotted}: `;
}

/** Where a field stands: its key, or the closest one above it that is there. */
function offsetOf(document: Document, path: Path): number {
  for (let depth = path.length; depth > 0; depth--) {
    const parent = depth === 1 ? document.contents : document.getIn(path.slice(0, depth - 1), true);
    const key = path[depth - 1];
    if (isMap(parent)) {
      const pair = parent.items.find((item) => String(item.key) === String(key));
      const range = (pair?.key as { range?: [number, number, number] } | undefined)?.range;
      if (range) return range[0];
    }
    const node = document.getIn(path.slice(0, depth), true) as { range?: [number, number, number] } | undefined;
    if (node?.range) return node.range[0];
  }
  return 0;
}

function valueAt(input: unknown, path: Path): unknown {
  let value = input;
  for (const step of path) value = (value as Record<string | number, unknown> | undefined)?.[step];
  return value;
}

function setPath(target: Record<string, unknown>, path: readonly string[], value: unknown): void {
  const [step, ...rest] = path;
  if (rest.length === 0) {
    target[step] = value;
    return;
  }
  const inner = target[step];
  if (typeof inner !== "object" || inner === null) target[step] = {};
  setPath(target[step] as Record<string, unknown>, rest, value);
}

/** What no single field can tell. */
function conflictsOf(scenario: Scenario): { path: Path; text: string }[] {
  const conflicts: { path: Path; text: string }[] = [];
  const counted = scenario.fleet.reduce((sum, group) => sum + (group.count ?? 0), 0);
  if (counted > scenario.onts) {
    conflicts.push({
      path: ["fleet"],
      text: `the groups count ${counted} ONTs, but there are ${scenario.onts} (onts)`,
    });
  }
  scenario.fleet.forEach((group, index) => {
    if (group.count !== undefined && group.share !== undefined) {
      conflicts.push({ path: ["fleet", index], text: "count and share exclude each other" });
    }
  });
  scenario.faults.forEach((fault, index) => {
    if ((fault.atSeconds === undefined) === (fault.whenPhase === undefined)) {
      conflicts.push({
        path: ["faults", index],
        text: "exactly one of atSeconds and whenPhase is needed",
      });
    }
    const beyond = fault.onts.find((ont) => ont >= scenario.onts * scenario.pons);
    if (beyond !== undefined) {
      conflicts.push({
        path: ["faults", index, "onts"],
        text: `there is no ONT ${beyond}; the last is ${scenario.onts * scenario.pons - 1}`,
      });
    }
  });
  const checkImpairments = (impairments: readonly Impairment[], path: Path): void =>
    impairments.forEach((impairment, index) => {
      const text = impairmentFault(impairment, path.length === 1);
      if (text !== "") conflicts.push({ path: [...path, index], text });
    });
  checkImpairments(scenario.impairments, ["impairments"]);
  scenario.fleet.forEach((group, index) => checkImpairments(group.impairments, ["fleet", index, "impairments"]));
  const { least, most } = scenario.pon.distanceKm;
  if (least > most)
    conflicts.push({
      path: ["pon", "distanceKm"],
      text: `least (${least}) is more than most (${most})`,
    });
  return conflicts;
}
