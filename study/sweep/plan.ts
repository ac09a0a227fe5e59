/** From a sweep file to its runs: every combination with every seed, tried out before the first run begins. */
import { createHash } from "node:crypto";
import { closeSync, openSync, readSync } from "node:fs";
import {
  type Override,
  parseScenario,
  type Scenario,
  ScenarioError,
  type Path,
  YamlFile,
} from "../../scenarios/index.ts";
import { type BaseScenario, readSweepFile, SEEDS_MAX, type SweepFields } from "./file.ts";
import { isShortName, shortOverrides } from "./short-names.ts";

/** A sweep asks for no more than this. */
const CELLS_MAX = 10_000;
export const RUNS_MAX = 1_000_000;
/** Name of the dimension that the cases make. */
const CASE = "case";
const HASHED_BYTES = 1 << 20;

/** One combination of values. */
export interface Cell {
  index: number;
  /** By field, as the sweep file names them; `case` is the name of a case. */
  values: Readonly<Record<string, unknown>>;
}

export interface SweepRun {
  /** Place in the whole sweep: all cells with the first seed, then with the next; more seeds go on behind. */
  index: number;
  cell: number;
  seed: number;
}

/** What the scenario of any run is made from; plain data, for workers. */
export interface SweepSource {
  base: BaseScenario;
  fields: SweepFields["fields"];
  cases: SweepFields["cases"];
  /** SHA-256 of all that decides what is run but the seeds: runs of different digests are never put together. */
  digest: string;
}

export interface SweepPlan extends SweepSource {
  name: string;
  question: string;
  cells: readonly Cell[];
  seeds: number;
}

/**
 * Reads a sweep file and tries every combination on the scenario, so that nothing is found wrong after hours.
 *
 * @param presetFile the file of a scenario preset, undefined for a name that is none
 * @param seeds instead of the file's
 * @throws ScenarioError naming file, line and what is possible
 */
export function loadSweep(file: string, presetFile: (name: string) => string | undefined, seeds?: number): SweepPlan {
  const { sweep, base, place } = readSweepFile(file, presetFile);
  const { name, question, fields, cases, matrix } = sweep;
  const dimensions = Object.keys(cases).length === 0 ? matrix : { ...matrix, [CASE]: Object.keys(cases) };
  const cellCount = Object.values(dimensions).reduce((product, { length }) => product * length, 1);
  const plan = { name, question, base, fields, cases, seeds: seeds ?? sweep.seeds, digest: "" };
  if (plan.seeds > SEEDS_MAX) throw new ScenarioError([`${file}: ${plan.seeds} seeds; at most ${SEEDS_MAX}`]);
  if (cellCount > CELLS_MAX)
    throw new ScenarioError([`${place(["matrix"])}${cellCount} combinations; at most ${CELLS_MAX}`]);
  if (cellCount * plan.seeds > RUNS_MAX) {
    const asked = `${cellCount} combinations × ${plan.seeds} seeds are ${cellCount * plan.seeds} runs`;
    throw new ScenarioError([`${place(["seeds"])}${asked}; at most ${RUNS_MAX}`]);
  }
  const cells = combinations(dimensions).map((values, index) => ({ index, values }));
  const nameOf =
    ({ values }: Cell) =>
    (path: Path): string => {
      const [kind, field] = path;
      const exact = kind === "matrix" ? [...path, matrix[field].indexOf(values[field])] : path;
      return place(exact).replace(/: $/, "");
    };
  return { ...plan, cells, digest: digestOf(plan, cells, nameOf) };
}

/** The scenario of one run. @throws ScenarioError */
export function scenarioOf(source: SweepSource, values: Cell["values"], seed: number): Scenario {
  return parse(source, overridesOf(source, values), seed);
}

/** All runs, in order. */
export function runsOf({ cells, seeds }: Pick<SweepPlan, "cells" | "seeds">): SweepRun[] {
  return Array.from({ length: seeds }, (_, before) =>
    cells.map(({ index: cell }) => ({ index: before * cells.length + cell, cell, seed: before + 1 })),
  ).flat();
}

function parse({ base }: Pick<SweepSource, "base">, overrides: readonly Override[], seed: number): Scenario {
  return parseScenario(base.text, base.file, [...overrides, { path: "seed", value: seed, option: "seed" }]);
}

/** Later ones go over earlier ones. @param nameOf how people know a field of the sweep file */
function overridesOf(
  { base, fields, cases }: Omit<SweepSource, "digest">,
  values: Cell["values"],
  nameOf: (path: Path) => string = (path) => path.join("."),
): Override[] {
  const { [CASE]: chosen, ...ofMatrix } = values;
  const ofCase = chosen === undefined ? {} : cases[chosen as string];
  const groups: [Path, object][] = [
    [["fields"], fields],
    [["matrix"], ofMatrix],
    [["cases", chosen as string], ofCase],
  ];
  const given = groups.flatMap(([path, group]) =>
    Object.entries(group).map(([field, value]): Override => ({ path: field, value, option: nameOf([...path, field]) })),
  );
  const own = given.filter(({ path }) => !isShortName(path));
  const short = new Map(
    given.flatMap(({ path, value, option }) => (isShortName(path) ? [[path, { name: path, value, option }]] : [])),
  );
  if (short.size === 0) return own;
  const single = own.find(({ path }) => path.startsWith("impairments."));
  if (single !== undefined)
    throw new ScenarioError([`${single.option}: not beside ${[...short.keys()].join(", ")}; say all of them by name`]);
  const written = own.findLast(({ path }) => path === "impairments");
  const list = written === undefined ? new YamlFile(base.text, base.file, "").input.impairments : written.value;
  return [...own, ...shortOverrides(list, base.file, [...short.values()])];
}

/**
 * The digest of a plan whose combinations all make a scenario, and whose images can be read.
 *
 * @param nameOf how people know a field of the sweep file
 * @throws ScenarioError for the first that does not
 */
export function digestOf(
  source: Omit<SweepSource, "digest">,
  cells: readonly Cell[],
  nameOf: (cell: Cell) => (path: Path) => string = () => (path) => path.join("."),
): string {
  const hash = createHash("sha256");
  const files = new Set<string>();
  for (const cell of cells) {
    const { values } = cell;
    const { seed: _seed, ...decides } = withValues(values, () =>
      parse(source, overridesOf(source, values, nameOf(cell)), 1),
    );
    hash.update(JSON.stringify({ values, decides }));
    for (const file of [decides.image.file, decides.image.keyFile]) if (file !== undefined) files.add(file);
    for (const each of [decides, ...decides.fleet].flatMap(({ impairments }) => impairments))
      if ("file" in each) files.add(each.file);
  }
  for (const file of files) updateByFile(hash, file);
  return hash.digest("hex");
}

/** An error line that names a field of the sweep file. */
const NAMES_FIELD = /^\S+:\d+:\d+: (fields|matrix|cases)\./;

/** What is wrong with a field of the scenario itself may be so with some values only: it is said with which. */
function withValues(values: Cell["values"], make: () => Scenario): Scenario {
  try {
    return make();
  } catch (error) {
    if (!(error instanceof ScenarioError)) throw error;
    const shown = Object.entries(values).map(([field, value]) => `${field} ${JSON.stringify(value)}`);
    const suffix = shown.length === 0 ? "" : ` (with ${shown.join(", ")})`;
    throw new ScenarioError(error.lines.map((line) => (NAMES_FIELD.test(line) ? line : `${line}${suffix}`)));
  }
}

function updateByFile(hash: ReturnType<typeof createHash>, path: string): void {
  const buffer = Buffer.alloc(HASHED_BYTES);
  let file: number;
  try {
    file = openSync(path, "r");
  } catch (error) {
    throw new ScenarioError([`${path}: cannot be read: ${(error as Error).message}`]);
  }
  try {
    for (let bytes; (bytes = readSync(file, buffer)) > 0;) hash.update(buffer.subarray(0, bytes));
  } finally {
    closeSync(file);
  }
}

function combinations(dimensions: Readonly<Record<string, readonly unknown[]>>): Record<string, unknown>[] {
  let made: Record<string, unknown>[] = [{}];
  for (const [field, values] of Object.entries(dimensions))
    made = made.flatMap((before) => values.map((value) => ({ ...before, [field]: value })));
  return made;
}
