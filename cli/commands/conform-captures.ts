import { accessSync, constants, mkdirSync, readdirSync, rmdirSync, statSync } from "node:fs";
import { UsageError } from "../errors.ts";

/** A folder for captures. */
export interface CaptureFolder {
  path: string;
  /** Nothing came into it: if it was not there before, it is not there now. */
  removeIfEmpty(): void;
}

/** The folder of `--pcap`, made if need be. @throws UsageError when it is a file, not empty, or cannot be made */
export function captureFolderOf(path: string): CaptureFolder {
  const found = statSync(path, { throwIfNoEntry: false });
  if (found && !found.isDirectory()) throw new UsageError(`--pcap ${path}: is a file, not a folder`);
  if (found && readdirSync(path).length > 0)
    throw new UsageError(`--pcap ${path}: folder is not empty; name another one`);
  try {
    mkdirSync(path, { recursive: true });
    accessSync(path, constants.W_OK);
  } catch (error) {
    throw new UsageError(`--pcap ${path}: cannot be written (${(error as NodeJS.ErrnoException).code ?? "error"})`);
  }
  return {
    path,
    removeIfEmpty: () => {
      if (found === undefined && readdirSync(path).length === 0) rmdirSync(path);
    },
  };
}

/** A capture that cannot be written is said so once; the run goes on. */
export const tellFault = (line: string): void => void process.stderr.write(`${line}\n`);
