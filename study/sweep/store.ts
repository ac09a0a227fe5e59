/** The folder of a sweep, written so that a killed sweep goes on where it was, and never mixed with another sweep. */
import { closeSync, existsSync, openSync, readdirSync, readFileSync, writeSync } from "node:fs";
import { basename, join, resolve } from "node:path";
import { orRefused } from "../../base/errors/index.ts";
import { RunInputError } from "../../run/index.ts";
import { makeFolders, writeWhole } from "../../base/files/index.ts";
import type { SweepPlan, SweepSource } from "./plan.ts";
import type { RunRecord } from "./record.ts";

export const SWEEP_FILES = {
  plan: "sweep.json",
  /** What its scenarios are made of. */
  source: "source.json",
  runs: "runs.jsonl",
  runsTable: "runs.csv",
  stats: "stats.json",
  statsTable: "stats.csv",
} as const;

/** What a sweep folder says of itself. */
export interface SweepIdentity {
  name: string;
  question: string;
  digest: string;
  version: string;
  cells: SweepPlan["cells"];
  seeds: number;
}

export const identityOf = ({ name, question, digest, cells, seeds }: SweepPlan, version: string): SweepIdentity => ({
  name,
  question,
  digest,
  version,
  cells,
  seeds,
});

/**
 * The runs of a sweep on disk: a line each, in the order in which they ended, until the sweep is over and they are sorted.
 * A line that was cut off in the middle is no run.
 */
export class SweepStore {
  readonly folder: string;
  readonly runs: RunRecord[];
  #file: number;

  /** @throws RunInputError when the folder holds another sweep, one of another version, or more seeds */
  constructor(folder: string, identity: SweepIdentity) {
    this.folder = folder;
    makeFolder(folder);
    const path = join(folder, SWEEP_FILES.plan);
    if (existsSync(path)) refuseOther(folder, readIdentity(folder), identity);
    else if (readdirSync(folder).length > 0)
      throw new RunInputError(`${folder}: holds other files, but no sweep; name another folder with --out`);
    // Seeds may have been added.
    writeSweepFile(path, `${JSON.stringify(identity, undefined, 2)}\n`);
    this.runs = readRuns(folder);
    // What was cut off goes before anything is appended to it.
    writeSweepFile(join(folder, SWEEP_FILES.runs), linesOf(this.runs));
    this.#file = openSync(join(folder, SWEEP_FILES.runs), "a");
  }

  append(record: RunRecord): void {
    this.runs.push(record);
    const path = join(this.folder, SWEEP_FILES.runs);
    orUnwritable(path, () => writeSync(this.#file, `${JSON.stringify(record)}\n`));
  }

  /** Sorts the runs, so that the file is the same however many worked on it. */
  close(): void {
    closeSync(this.#file);
    writeSweepFile(join(this.folder, SWEEP_FILES.runs), linesOf(this.runs));
  }
}

/** @throws RunInputError when it is no sweep folder */
export function readIdentity(folder: string): SweepIdentity {
  try {
    return JSON.parse(readFileSync(join(folder, SWEEP_FILES.plan), "utf8")) as SweepIdentity;
  } catch {
    throw new RunInputError(`${folder}: no sweep is in it (${SWEEP_FILES.plan} is missing or not readable)`);
  }
}

/** What any run of the sweep can be made of again, without the files it came from. */
export function writeSource(folder: string, { base, fields, cases, digest }: SweepSource): void {
  // Of its file the name alone: a folder is the same wherever it was made.
  const source: SweepSource = { base: { ...base, file: basename(base.file) }, fields, cases, digest };
  writeSweepFile(join(folder, SWEEP_FILES.source), `${JSON.stringify(source, undefined, 2)}\n`);
}

/** @throws RunInputError where the folder does not have it */
export function readSource(folder: string): SweepSource {
  try {
    return JSON.parse(readFileSync(join(folder, SWEEP_FILES.source), "utf8")) as SweepSource;
  } catch {
    throw new RunInputError(
      `${folder}: ${SWEEP_FILES.source} is missing or not readable; the same sweep command writes it, and runs nothing twice`,
    );
  }
}

/** Runs of a folder, each once; a line that is not whole is none. @throws RunInputError: a run has two results */
export function readRuns(folder: string): RunRecord[] {
  const path = join(folder, SWEEP_FILES.runs);
  if (!existsSync(path)) return [];
  const byIndex = new Map<number, RunRecord>();
  for (const line of readFileSync(path, "utf8").split("\n")) {
    const run = parseLine(line);
    if (run === undefined) continue;
    const before = byIndex.get(run.index);
    if (before !== undefined && JSON.stringify(before) !== JSON.stringify(run))
      throw new RunInputError(`${path}: run ${run.index} is there with two results`);
    byIndex.set(run.index, run);
  }
  return [...byIndex.values()];
}

/** @returns undefined: cut off, it is run again */
function parseLine(line: string): RunRecord | undefined {
  if (line === "") return undefined;
  try {
    return JSON.parse(line) as RunRecord;
  } catch {
    return undefined;
  }
}

function refuseOther(folder: string, there: SweepIdentity, wanted: SweepIdentity): void {
  const remedy = "name another folder with --out";
  const refuse = (text: string): never => {
    throw new RunInputError(`${folder}: ${text}`);
  };
  if (there.version !== wanted.version)
    refuse(`was begun with poncast ${there.version}, this is ${wanted.version}; ${remedy}`);
  if (there.digest !== wanted.digest) refuse(`holds another sweep (${there.name}); ${remedy}`);
  if (there.seeds > wanted.seeds)
    refuse(
      `holds ${there.seeds} seeds, asked for are ${wanted.seeds}; ask for --seeds ${there.seeds} or more, or ${remedy}`,
    );
}

export const linesOf = (runs: readonly RunRecord[]): string =>
  runs
    .toSorted((a, b) => a.index - b.index)
    .map((run) => `${JSON.stringify(run)}\n`)
    .join("");

/** A file of a sweep, whole and on the disk: hours of runs are worth it. @throws InputError */
export const writeSweepFile = (path: string, content: string): void =>
  orUnwritable(path, () => writeWhole(path, content, { sync: true }));

/** @throws InputError when it cannot be there */
export const makeFolder = (folder: string): void => orUnwritable(folder, () => makeFolders(resolve(folder)));

const orUnwritable = (place: string, write: () => void): void =>
  orRefused(({ message }) => ({ place, problem: `cannot be written: ${message}` }), write);
