/** Mutants: mistakes, as data, that the tests have to notice. Which there are, and what a file is with one in it. */
import { readdirSync, readFileSync } from "node:fs";
import { basename, resolve } from "node:path";
import { parse } from "yaml";
import { InputError } from "../../base/errors/index.ts";

/** One mistake. */
export interface Mutant {
  /** Room and name, as `omci.tci-is-zero`. */
  id: string;
  room: string;
  file: string;
  /** What would go wrong. */
  breaks: string;
  /** Text that is in the file once, and what stands there instead. */
  before: string;
  after: string;
  /** Test files and folders that have to notice, those first that notice most likely. */
  tests: string[];
  /** Why no test can notice; absent where one has to. */
  explained?: string;
}

/** A mutant that cannot be tried. */
export class MutantError extends InputError {
  override readonly name = "MutantError";
}

const FOLDER = "test/mutants";
const FIELDS: readonly string[] = ["id", "file", "breaks", "before", "after", "tests", "explained"];

/** All of them, by rooms. @throws MutantError */
export function loadMutants(): Mutant[] {
  const files = readdirSync(resolve(FOLDER)).filter((name) => name.endsWith(".yaml"));
  return files.sort().flatMap((name) => {
    const entries = parse(readFileSync(resolve(FOLDER, name), "utf8")) as unknown;
    if (!Array.isArray(entries)) throw new MutantError(`${FOLDER}/${name}: a list of mutants is wanted`);
    return entries.map((entry: Record<string, unknown>, index) => mutantOf(entry, basename(name, ".yaml"), index));
  });
}

function mutantOf(entry: Record<string, unknown>, room: string, index: number): Mutant {
  const { id, file, breaks, before, after, tests, explained } = entry;
  const place = `${FOLDER}/${room}.yaml, ${typeof id === "string" ? id : `number ${index + 1}`}`;
  const stray = Object.keys(entry).find((field) => !FIELDS.includes(field));
  if (stray !== undefined) throw new MutantError(`${place}: no field ${stray}; ${FIELDS.join(", ")} are possible`);
  const text = (name: string, value: unknown): string => {
    if (typeof value === "string") return value;
    throw new MutantError(`${place}: ${name} is wanted, a text`);
  };
  if (!Array.isArray(tests) || tests.length === 0) throw new MutantError(`${place}: tests are wanted, a list`);
  return {
    id: `${room}.${text("id", id)}`,
    room,
    file: text("file", file),
    breaks: text("breaks", breaks),
    before: text("before", before),
    after: text("after", after),
    tests: tests.map((path) => text("tests", path)),
    ...(explained !== undefined && { explained: text("explained", explained) }),
  };
}

/** The text of a file with the mistake in it. @throws MutantError where it is not clear where that would be */
export function mutated(source: string, { id, file, before, after }: Omit<Mutant, "tests">): string {
  const parts = source.split(before);
  if (parts.length === 2) return parts.join(after);
  throw new MutantError(`${id}: its text is ${parts.length - 1} times in ${file}; once is wanted`);
}

export const sourceOf = ({ file, id }: Pick<Mutant, "file" | "id">): string => {
  try {
    return readFileSync(resolve(file), "utf8");
  } catch {
    throw new MutantError(`${id}: no file ${file}`);
  }
};

/** Patterns of test files, as vitest takes them, in the order of `tests`; of a folder all but those with processes. */
export const patternsOf = (tests: readonly string[]): string[] =>
  tests.map((path) => (path.endsWith(".ts") ? path : `${path}/**/*.test.ts`));
