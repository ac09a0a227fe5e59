/** Options of `npm run test:mutants`. */
import { parseArgs } from "node:util";
import { InputError } from "../../base/errors/index.ts";
import type { Mutant } from "./mutants.ts";

/** Wrong options: one line. */
export class MutantOptionError extends InputError {
  override readonly name = "MutantOptionError";
}

export interface MutantOptions {
  kind: "help" | "list" | "run";
  /** Those asked for. */
  mutants: Mutant[];
  /** Processes at once. */
  jobs: number;
}

const JOBS_MAX = 64;

export const USAGE = `npm run test:mutants -- [options]

  --only <room or id>  these alone, as omci or omci.tci-is-zero; may be given more than once
  --jobs <n>           processes at once (one for each core)
  --list               shows the mutants, tries none
  --help

Exit code 0: of all mutants 90 % are killed, and what survives is explained; 1: not; 2: wrong options, or a mutant that no longer fits its file.`;

/** @param cores processes unless options say how many. @throws MutantOptionError */
export function parseMutantOptions(args: readonly string[], all: readonly Mutant[], cores: number): MutantOptions {
  const given = read(args);
  const jobs = given.jobs === undefined ? cores : Number(given.jobs);
  if (!(Number.isInteger(jobs) && jobs >= 1 && jobs <= JOBS_MAX))
    throw new MutantOptionError(`--jobs ${given.jobs}: 1 to ${JOBS_MAX} are possible`);
  const wanted = given.only ?? [];
  const isOf = ({ room, id }: Mutant, name: string): boolean => room === name || id === name;
  const unknown = wanted.find((name) => !all.some((mutant) => isOf(mutant, name)));
  if (unknown !== undefined) {
    const rooms = [...new Set(all.map(({ room }) => room))].join(", ");
    throw new MutantOptionError(
      `--only ${unknown}: no such room or mutant; rooms are ${rooms}, --list shows the mutants`,
    );
  }
  const mutants = all.filter((mutant) => wanted.length === 0 || wanted.some((name) => isOf(mutant, name)));
  return { kind: given.help === true ? "help" : given.list === true ? "list" : "run", mutants, jobs };
}

function read(args: readonly string[]): { only?: string[]; jobs?: string; list?: boolean; help?: boolean } {
  try {
    return parseArgs({
      args: [...args],
      options: {
        only: { type: "string", multiple: true },
        jobs: { type: "string" },
        list: { type: "boolean" },
        help: { type: "boolean" },
      },
    }).values;
  } catch (error) {
    const text = error instanceof Error ? error.message : String(error);
    throw new MutantOptionError(text.split("\n", 1)[0]!);
  }
}
