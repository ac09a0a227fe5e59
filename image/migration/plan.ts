/** What a migration does to a configuration, found out on a copy of it. */
import { type Migration, type MigrationStep, VERSION_KEY } from "./document.ts";
import { isObject, type Json, type JsonObject } from "./json.ts";
import { carryOut, type OperationChange } from "./operations.ts";
import { isWithin, parentOf, pointerOf, valueAt } from "./pointer.ts";
import { schemaProblems } from "./schema.ts";

export interface MigrationChange extends OperationChange {
  /** Step and operation. */
  why: string;
}

export interface MigrationPlan {
  /** Steps that were taken, in order; none: it is what the image takes already. */
  steps: Pick<MigrationStep, "from" | "to">[];
  changes: MigrationChange[];
  /** Pointers to what no operation was about, which stays as it is; whole objects where nothing in them was touched. */
  kept: string[];
  /** A line each; with any of them there is no configuration for the image. */
  problems: string[];
  /** What it becomes; absent where there are problems. */
  config?: JsonObject;
}

/** Pointers to what operations were about, as things stand now. */
class Touched {
  #pointers = new Set<string>();

  add(config: JsonObject, { path, movedTo, to }: OperationChange): void {
    if (movedTo !== undefined) {
      this.#pointers = new Set(
        [...this.#pointers].map((pointer) =>
          isWithin(pointer, path) ? `${movedTo}${pointer.slice(path.length)}` : pointer,
        ),
      );
      this.#pointers.add(movedTo);
    } else if (to === undefined) {
      for (const pointer of this.#pointers) if (isWithin(pointer, path)) this.#pointers.delete(pointer);
    } else this.#pointers.add(path);
    // An element that leaves or comes gives others their number.
    if (Array.isArray(valueAt(config, parentOf(path)))) this.#pointers.add(parentOf(path));
  }

  /** The largest parts that nothing touched. */
  untouched(value: Json, tokens: readonly string[] = []): string[] {
    const pointer = pointerOf(tokens);
    if (this.#pointers.has(pointer)) return [];
    const hasTouched = [...this.#pointers].some((touched) => isWithin(touched, pointer));
    if (!hasTouched && tokens.length > 0) return [pointer];
    if (typeof value !== "object" || value === null) return [];
    return Object.entries(value).flatMap(([key, inner]) =>
      tokens.length === 0 && key === VERSION_KEY ? [] : this.untouched(inner, [...tokens, key]),
    );
  }
}

const isVersion = (value: Json | undefined): value is number => Number.isSafeInteger(value) && Number(value) >= 0;

/** @param given is not changed */
export function planMigration(given: Json, migration: Migration): MigrationPlan {
  const plan: MigrationPlan = { steps: [], changes: [], kept: [], problems: [] };
  if (!isObject(given)) return { ...plan, problems: ["configuration is no JSON object"] };
  const started = Object.hasOwn(given, VERSION_KEY) ? given[VERSION_KEY] : 0;
  if (!isVersion(started)) return { ...plan, problems: [`${VERSION_KEY} is no whole number`] };
  const config = structuredClone(given);
  const touched = new Touched();
  let version = started;
  while (version !== migration.schemaVersion) {
    const step = migration.steps.find(({ from }) => from === version);
    if (step === undefined) {
      const problem = `no step leads from schema version ${version} to ${migration.schemaVersion}`;
      return { ...plan, problems: [problem] };
    }
    const problem = takeStep(config, step, plan, touched);
    if (problem !== undefined) return { ...plan, problems: [problem] };
    version = step.to;
    config[VERSION_KEY] = version;
  }
  plan.kept = touched.untouched(config);
  plan.problems = schemaProblems(config, migration.schema).map((problem) => `not as the schema has it: ${problem}`);
  return plan.problems.length > 0 ? plan : { ...plan, config };
}

/** @returns why it failed */
function takeStep(
  config: JsonObject,
  { from, to, operations }: MigrationStep,
  plan: MigrationPlan,
  touched: Touched,
): string | undefined {
  plan.steps.push({ from, to });
  for (const [at, operation] of operations.entries()) {
    const why = `step ${from} to ${to}, operation ${at + 1} (${operation.op})`;
    const outcome = carryOut(config, operation);
    if ("problem" in outcome) return `${why}: ${outcome.problem}`;
    if (outcome.change === undefined) continue;
    plan.changes.push({ ...outcome.change, why });
    touched.add(config, outcome.change);
  }
  return undefined;
}
