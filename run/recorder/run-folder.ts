/** The folder that a run leaves: chosen and made. */
import { mkdirSync, readdirSync, rmSync, statSync } from "node:fs";
import { join, resolve } from "node:path";
import { makeFolders } from "../../base/files/index.ts";
import { RunInputError } from "../errors.ts";

/** Files a run leaves in its folder; `--overwrite` replaces these and touches nothing else. */
export const RUN_FILES = {
  scenario: "scenario.yaml",
  result: "result.json",
  journal: "journal.binpb",
  report: "report.html",
  processLog: "processes.log",
} as const;

/**
 * Makes the folder of a run.
 * @param out folder asked for; default `runs/<UTC time>-<name>`, made unique.
 * @throws RunInputError when it is a file, or not empty without `overwrite`.
 */
export function makeRunFolder(name: string, out: string | undefined, overwrite: boolean, now: Date): string {
  if (out === undefined) {
    const time = now.toISOString().replace(/[:.]/g, "-").slice(0, 19);
    return makeUnique(resolve("runs", `${time}-${fileNameOf(name)}`));
  }
  checkRunFolder(out, overwrite);
  const folder = resolve(out);
  try {
    makeFolders(folder);
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code ?? String(error);
    throw new RunInputError(`--out ${out}: folder cannot be made (${code}); name another one`);
  }
  if (overwrite) for (const file of Object.values(RUN_FILES)) rmSync(join(folder, file), { force: true });
  return folder;
}

/**
 * What is wrong with a folder that was asked for, before images and deltas are made for it.
 * @throws RunInputError when it is a file, or not empty without `overwrite`.
 */
export function checkRunFolder(out: string, overwrite: boolean): void {
  const folder = resolve(out);
  const found = statSync(folder, { throwIfNoEntry: false });
  if (found && !found.isDirectory()) throw new RunInputError(`--out ${out}: is a file, not a folder`);
  if (found && !overwrite && readdirSync(folder).length > 0)
    throw new RunInputError(`--out ${out}: folder is not empty; name another one, or add --overwrite`);
}

/** Two runs may start in the same second. */
function makeUnique(wanted: string): string {
  makeFolders(resolve(wanted, ".."));
  for (let count = 1; ; count++) {
    const folder = count === 1 ? wanted : `${wanted}-${count}`;
    try {
      mkdirSync(folder);
      return folder;
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== "EEXIST") throw error;
    }
  }
}

function fileNameOf(name: string): string {
  return name.replace(/[^A-Za-z0-9._-]+/g, "-").slice(0, 60) || "run";
}
