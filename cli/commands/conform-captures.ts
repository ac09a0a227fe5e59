/** The folder that `--pcap`, or `--har`, of the conform commands names. */
import { accessSync, constants, existsSync, readdirSync, rmdirSync, statSync } from "node:fs";
import { resolve } from "node:path";
import { makeFolders } from "../../base/files/index.ts";
import { UsageError } from "../errors.ts";
import { tell } from "../print.ts";

/** A folder for captures. */
export interface CaptureFolder {
  path: string;
  /** Nothing came into it: if it was not there before, it is not there now. */
  removeIfEmpty(): void;
}

/** The folder of `--pcap`, made if need be. @throws UsageError when it is a file, not empty, or cannot be made */
export function captureFolderOf(path: string, option = "--pcap"): CaptureFolder {
  const isThere = existsSync(path);
  try {
    if (isThere && !statSync(path).isDirectory()) throw new UsageError(`${option} ${path}: is a file, not a folder`);
    if (isThere && readdirSync(path).length > 0)
      throw new UsageError(`${option} ${path}: folder is not empty; name another one`);
    makeFolders(resolve(path));
    accessSync(path, constants.W_OK);
  } catch (error) {
    if (error instanceof UsageError) throw error;
    throw new UsageError(`${option} ${path}: cannot be written (${(error as NodeJS.ErrnoException).code ?? "error"})`);
  }
  return {
    path,
    removeIfEmpty: () => {
      if (!isThere && existsSync(path) && readdirSync(path).length === 0) rmdirSync(path);
    },
  };
}

/** A capture that cannot be written is said so once; the run goes on. */
export const tellFault = (line: string): void => void tell(`${line}\n`);
