/**
 * Sweep files: their fields, and where their scenario comes from. What a scenario makes of the values is not looked at
 * here.
 */
import { existsSync } from "node:fs";
import { dirname, join, resolve } from "node:path";
import { Schema } from "effect";
import {
  integer,
  prose,
  text,
  withDefault,
  ScenarioError,
  decodeFields,
  type Path,
  readText,
  scenarioSchema,
  suggestion,
  YamlFile,
} from "../../scenarios/index.ts";
import { isShortName, SHORT_NAMES } from "./short-names.ts";

export const SEEDS_MAX = 100_000;

const fieldValues = Schema.Record(Schema.String, Schema.Unknown);

const valueList = Schema.Array(Schema.Unknown)
  .annotate({ expected: "a list of values" })
  .check(Schema.isMinLength(1, { expected: "a list of values, at least one" }));

export const sweepSchema = Schema.Struct({
  name: text(1, 64),
  /** The question this sweep answers. */
  question: withDefault(prose, ""),
  /** A preset by name, a scenario file relative to this one, or the fields of a scenario. */
  scenario: Schema.Union([Schema.String, fieldValues]).annotate({
    expected: "a preset, a scenario file beside this one, or the fields of a scenario",
  }),
  /** Fields of the scenario that are the same in all runs. */
  fields: withDefault(fieldValues, {}),
  /** Fields and the values each takes; all combinations are run. */
  matrix: withDefault(Schema.Record(Schema.String, valueList), {}),
  /** Named groups of fields that change together: one more dimension of the matrix, called `case`. */
  cases: withDefault(Schema.Record(Schema.String, fieldValues.annotate({ expected: "fields and their values" })), {}),
  /** Seeds 1…n for every combination. */
  seeds: withDefault(integer(1, SEEDS_MAX, "seeds"), 5),
});

/** A sweep file with every field in place. */
export type SweepFields = (typeof sweepSchema)["Type"];

/** Scenario that all runs of a sweep start from. */
export interface BaseScenario {
  /** What error lines call it. */
  file: string;
  text: string;
}

/** A sweep file as read: its fields, its scenario, and where a field stands. */
export interface SweepFile {
  sweep: SweepFields;
  base: BaseScenario;
  place: (path: Path) => string;
}

/**
 * Reads a sweep file and finds its scenario; what the scenario makes of the fields is not looked at.
 *
 * @param presetFile the file of a scenario preset, undefined for a name that is none
 * @throws ScenarioError naming file, line and what is possible
 */
export function readSweepFile(file: string, presetFile: (name: string) => string | undefined): SweepFile {
  const yaml = new YamlFile(readText(file), file, 'a sweep is a list of fields, such as "scenario: default"');
  const place = (path: Path): string => yaml.place(path);
  const sweep = decodeFields(sweepSchema, yaml.input, place);
  const faults = faultsOf(sweep);
  if (faults.length > 0) throw new ScenarioError(faults.map(({ path, text }) => `${place(path)}${text}`));
  const { scenario } = sweep;
  if (typeof scenario !== "string") return { sweep, base: { file, text: yaml.textOf(["scenario"]) }, place };
  const beside = resolve(join(dirname(file), scenario));
  const found = presetFile(scenario) ?? (existsSync(beside) ? beside : undefined);
  if (found !== undefined) return { sweep, base: { file: found, text: readText(found) }, place };
  throw new ScenarioError([`${place(["scenario"])}${scenario} is neither a preset nor a file beside this one`]);
}

/** What no single field can tell. */
function faultsOf({ fields, matrix, cases }: SweepFields): { path: Path; text: string }[] {
  const groups: [Path, object][] = [
    [["fields"], fields],
    [["matrix"], matrix],
    ...Object.entries(cases).map(([name, own]): [Path, object] => [["cases", name], own]),
  ];
  const faults: { path: Path; text: string }[] = [];
  for (const [path, group] of groups)
    for (const field of Object.keys(group)) {
      const text = fieldFault(field);
      if (text !== "") faults.push({ path: [...path, field], text });
    }
  if ("case" in matrix && Object.keys(cases).length > 0)
    faults.push({ path: ["matrix", "case"], text: "is the name of the dimension that cases make" });
  for (const [name, own] of Object.entries(cases))
    for (const field of Object.keys(own))
      if (field in matrix)
        faults.push({ path: ["cases", name, field], text: "is in the matrix as well; leave it out in one of them" });
  return faults;
}

const SHORT = Object.keys(SHORT_NAMES);
const WHOLE = Object.keys(scenarioSchema.fields);

/** What is wrong with the name of a field; of one with dots the scenario itself says it. */
function fieldFault(field: string): string {
  if (field === "seed") return "every run has a seed of its own; say seeds: n";
  if (field.includes(".") || WHOLE.includes(field) || isShortName(field)) return "";
  const near = suggestion(field, [...SHORT, ...WHOLE]);
  const help = near === undefined ? "" : `did you mean ${near}? `;
  return `no such field; ${help}a sweep takes fields of a scenario by their path, such as olt.windowSections, and impairments by a short name: ${SHORT.join(", ")}`;
}
