import { createHash } from "node:crypto";
import { existsSync, readFileSync } from "node:fs";
import { dirname, join, resolve } from "node:path";
import { Result, Schema, SchemaIssue } from "effect";
import { LineCounter, parseDocument } from "yaml";
import { integer, prose, text, withDefault } from "../schema/fields.ts";
import { loadScenario, type Override, type Scenario, ScenarioError, suggestion } from "../schema/index.ts";

/** A sweep asks for no more runs than this. */
const RUNS_MAX = 1_000_000;

const sweepSchema = Schema.Struct({
  name: text(1, 64),
  question: withDefault(prose, ""),
  /** A preset by name, or a scenario file relative to this one. */
  scenario: prose,
  /** Fields of the scenario that are the same in all runs. */
  fields: withDefault(Schema.Record(Schema.String, Schema.Unknown), {}),
  /** Fields and the values each takes; all combinations are run. */
  matrix: withDefault(Schema.Record(Schema.String, Schema.NonEmptyArray(Schema.Unknown)), {}),
  /** Seeds 1…n for every combination. */
  seeds: withDefault(integer(1, 100_000, "seeds"), 5),
});

/** One combination of values. */
export interface Cell {
  index: number;
  /** By field, as the sweep file names them. */
  values: Readonly<Record<string, unknown>>;
}

export interface SweepRun {
  /** Place in the whole sweep: cells in their order, seeds within them. */
  index: number;
  cell: number;
  seed: number;
}

export interface SweepPlan {
  name: string;
  question: string;
  scenarioFile: string;
  fields: Readonly<Record<string, unknown>>;
  cells: readonly Cell[];
  seeds: number;
  /** SHA-256 of all that decides what is run: runs of different plans are never put together. */
  digest: string;
}

const formatIssue = SchemaIssue.makeFormatterStandardSchemaV1();

/**
 * Reads a sweep file and tries every combination on the scenario, so that nothing is found wrong after hours.
 *
 * @param presetFile the file of a preset, undefined for a name that is none
 * @throws ScenarioError naming file, line and what is possible
 */
export function loadSweep(file: string, presetFile: (name: string) => string | undefined, seeds?: number): SweepPlan {
  let content: string;
  try {
    content = readFileSync(file, "utf8");
  } catch (error) {
    throw new ScenarioError([`${file}: cannot be read: ${(error as Error).message}`]);
  }
  const sweep = decode(file, content);
  const scenarioFile = findScenario(file, sweep.scenario, presetFile);
  const cells = combinations(sweep.matrix).map((values, index) => ({ index, values }));
  const seedCount = seeds ?? sweep.seeds;
  if (cells.length * seedCount > RUNS_MAX) {
    const total = cells.length * seedCount;
    throw new ScenarioError([
      `${file}: ${cells.length} combinations × ${seedCount} seeds are ${total} runs; at most ${RUNS_MAX}`,
    ]);
  }
  const { name, question, fields } = sweep;
  const plan = { name, question, scenarioFile, fields, cells, seeds: seedCount, digest: "" };
  for (const cell of cells) scenarioOf(plan, cell, 1);
  return { ...plan, digest: digestOf(plan) };
}

/** The scenario of one run. @throws ScenarioError naming the field of the matrix */
export function scenarioOf(
  plan: Pick<SweepPlan, "scenarioFile" | "fields">,
  cell: Pick<Cell, "values">,
  seed: number,
): Scenario {
  const overrides = Object.entries({ ...plan.fields, ...cell.values }).map(([field, value]) =>
    overrideOf(field, value),
  );
  return loadScenario(plan.scenarioFile, [...overrides, { path: "seed", value: seed, option: "seed" }]);
}

export function runsOf({ cells, seeds }: SweepPlan): SweepRun[] {
  return cells.flatMap(({ index: cell }) =>
    Array.from({ length: seeds }, (_, number) => ({ index: cell * seeds + number, cell, seed: number + 1 })),
  );
}

/** `loss` stands for independent loss each way, as `--loss` of a run does. */
function overrideOf(field: string, value: unknown): Override {
  const option = `${field} ${JSON.stringify(value)}`;
  if (field !== "loss") return { path: field, value, option };
  const impairments = value === 0 ? [] : [{ kind: "loss", chance: value, direction: "both" }];
  return { path: "impairments", value: impairments, option };
}

function decode(file: string, content: string): (typeof sweepSchema)["Type"] {
  const lines = new LineCounter();
  const document = parseDocument(content, { lineCounter: lines });
  if (document.errors.length > 0) {
    throw new ScenarioError(
      document.errors.map(({ pos, message }) => {
        const { line, col } = lines.linePos(pos[0]);
        return `${file}:${line}:${col}: ${message.split("\n")[0].replace(/ at line.*$/, "")}`;
      }),
    );
  }
  const decoded = Schema.decodeUnknownResult(sweepSchema)(document.toJS(), {
    errors: "all",
    onExcessProperty: "error",
  });
  if (Result.isSuccess(decoded)) return decoded.success;
  const known = Object.keys(sweepSchema.fields);
  throw new ScenarioError(
    formatIssue(decoded.failure.issue).issues.map(({ path = [], message }) => {
      const steps = path.map((step) => String(typeof step === "object" ? step.key : step));
      const node = document.getIn(steps, true) as { range?: [number, number, number] } | undefined;
      const { line, col } = lines.linePos(node?.range?.[0] ?? 0);
      const field = steps.at(-1) ?? "";
      const isUnknown = message === "Expected no excess property";
      const near = isUnknown ? suggestion(field, known) : undefined;
      const text = isUnknown
        ? `no such field; ${near ? `did you mean ${near}?` : `there are: ${known.join(", ")}`}`
        : message;
      return `${file}:${line}:${col}: ${steps.join(".")}${steps.length > 0 ? ": " : ""}${text}`;
    }),
  );
}

function findScenario(file: string, name: string, presetFile: (name: string) => string | undefined): string {
  const preset = presetFile(name);
  if (preset !== undefined) return preset;
  const beside = resolve(join(dirname(file), name));
  if (existsSync(beside)) return beside;
  throw new ScenarioError([`${file}: scenario: ${name} is neither a preset nor a file beside this one`]);
}

function combinations(matrix: Readonly<Record<string, readonly unknown[]>>): Record<string, unknown>[] {
  let made: Record<string, unknown>[] = [{}];
  for (const [field, values] of Object.entries(matrix))
    made = made.flatMap((before) => values.map((value) => ({ ...before, [field]: value })));
  return made;
}

function digestOf({ scenarioFile, fields, cells, seeds }: Omit<SweepPlan, "digest">): string {
  const decides = { scenario: readFileSync(scenarioFile, "utf8"), fields, cells, seeds };
  return createHash("sha256").update(JSON.stringify(decides)).digest("hex");
}
