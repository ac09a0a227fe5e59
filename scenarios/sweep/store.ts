import {
  closeSync,
  existsSync,
  fsyncSync,
  mkdirSync,
  openSync,
  readFileSync,
  renameSync,
  writeFileSync,
  writeSync,
} from "node:fs";
import { join } from "node:path";
import { RunInputError } from "../process/errors.ts";
import type { SweepPlan } from "./plan.ts";
import type { RunRecord } from "./record.ts";

export const SWEEP_FILES = {
  plan: "sweep.json",
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

  /** @throws RunInputError when the folder holds another sweep, or one of another version */
  constructor(folder: string, identity: SweepIdentity) {
    this.folder = folder;
    mkdirSync(folder, { recursive: true });
    const path = join(folder, SWEEP_FILES.plan);
    if (existsSync(path)) refuseOther(folder, readIdentity(folder), identity);
    else writeWhole(path, `${JSON.stringify(identity, undefined, 2)}\n`);
    this.runs = readRuns(folder);
    // What was cut off goes before anything is appended to it.
    writeWhole(join(folder, SWEEP_FILES.runs), linesOf(this.runs));
    this.#file = openSync(join(folder, SWEEP_FILES.runs), "a");
  }

  append(record: RunRecord): void {
    this.runs.push(record);
    writeSync(this.#file, `${JSON.stringify(record)}\n`);
  }

  /** Sorts the runs, so that the file is the same however many worked on it. */
  close(): void {
    closeSync(this.#file);
    writeWhole(join(this.folder, SWEEP_FILES.runs), linesOf(this.runs));
  }
}

/** @throws RunInputError when it is no sweep folder */
export function readIdentity(folder: string): SweepIdentity {
  try {
    return JSON.parse(readFileSync(join(folder, SWEEP_FILES.plan), "utf8")) as SweepIdentity;
  } catch {
    throw new RunInputError({
      message: `${folder}: no sweep is in it (${SWEEP_FILES.plan} is missing or not readable)`,
    });
  }
}

export function readRuns(folder: string): RunRecord[] {
  const path = join(folder, SWEEP_FILES.runs);
  if (!existsSync(path)) return [];
  return readFileSync(path, "utf8")
    .split("\n")
    .flatMap((line) => {
      try {
        return line === "" ? [] : [JSON.parse(line) as RunRecord];
      } catch {
        return [];
      }
    });
}

function refuseOther(folder: string, there: SweepIdentity, wanted: SweepIdentity): void {
  if (there.digest !== wanted.digest)
    throw new RunInputError({
      message: `${folder}: holds another sweep (${there.name}); name another folder with --out`,
    });
  if (there.version !== wanted.version) {
    const text = `${folder}: was begun with poncast ${there.version}, this is ${wanted.version}; name another folder with --out`;
    throw new RunInputError({ message: text });
  }
}

export const linesOf = (runs: readonly RunRecord[]): string =>
  runs
    .toSorted((a, b) => a.index - b.index)
    .map((run) => `${JSON.stringify(run)}\n`)
    .join("");

/** The file appears with all its content, or not at all. */
export function writeWhole(path: string, content: string): void {
  const temporary = `${path}.${process.pid}.tmp`;
  writeFileSync(temporary, content);
  const file = openSync(temporary, "r");
  fsyncSync(file);
  closeSync(file);
  renameSync(temporary, path);
}
