/** The folder that a run leaves and the place where its flash files lie: chosen, made and cleared up. */
import { randomBytes } from "node:crypto";
import { existsSync, mkdirSync, readdirSync, rmSync, statfsSync, statSync } from "node:fs";
import { join, resolve } from "node:path";
import { RunInputError } from "../errors.ts";
import { makeFolders } from "./folders.ts";

/** Memory file system of Linux. */
const TMPFS = "/dev/shm";
/** Room that has to stay free there. */
const TMPFS_RESERVE_BYTES = 256 * 1024 * 1024;

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
  const folder = resolve(out);
  const found = statSync(folder, { throwIfNoEntry: false });
  if (found && !found.isDirectory()) throw new RunInputError(`--out ${out}: is a file, not a folder`);
  if (found && !overwrite && readdirSync(folder).length > 0) {
    throw new RunInputError(`--out ${out}: folder is not empty; name another one, or add --overwrite`);
  }
  try {
    makeFolders(folder);
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code ?? String(error);
    throw new RunInputError(`--out ${out}: folder cannot be made (${code}); name another one`);
  }
  if (overwrite) for (const file of Object.values(RUN_FILES)) rmSync(join(folder, file), { force: true });
  return folder;
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

/**
 * Chooses the folder that holds images and every ONT's flash, and makes nothing yet: in memory where there is room, since
 * what a simulated flash needs is to survive its process, else inside the run folder.
 */
export function chooseStateRoot(runFolder: string, neededBytes: number, keep: boolean): string {
  removeOrphans();
  const inMemory = !keep && tmpfsFreeBytes() >= neededBytes + TMPFS_RESERVE_BYTES;
  return inMemory ? join(TMPFS, `poncast-${process.pid}-${randomBytes(6).toString("hex")}`) : join(runFolder, "state");
}

/** What runs left in memory that were killed before they could clear it away. */
function removeOrphans(): void {
  if (!existsSync(TMPFS)) return;
  for (const name of readdirSync(TMPFS)) {
    const match = /^poncast-(\d+)-[0-9a-f]{12}$/.exec(name);
    if (match && !existsSync(`/proc/${match[1]}`)) rmSync(join(TMPFS, name), { recursive: true, force: true });
  }
}

function tmpfsFreeBytes(): number {
  try {
    const { bavail, bsize } = statfsSync(TMPFS);
    return bavail * bsize;
  } catch {
    return 0;
  }
}
