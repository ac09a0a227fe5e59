/** Files that options name: refused in one line, before any work is begun where that can be known. */
import { accessSync, constants, existsSync, statSync } from "node:fs";
import { dirname } from "node:path";
import { orRefused } from "../base/errors/index.ts";
import { writeWhole, type WriteOptions } from "../base/files/index.ts";
import { UsageError } from "./errors.ts";

/** @throws UsageError when there is no such file */
export function requireFile(path: string): void {
  if (statSync(path, { throwIfNoEntry: false })?.isFile() !== true) throw new UsageError(`${path}: no such file`);
}

/** That nothing is in the way of a file, unless it may be replaced. @throws UsageError when something is */
export function requireNew(path: string, force = false, option = ""): void {
  if (force || !existsSync(path)) return;
  throw new UsageError(`${option === "" ? "" : `${option}: `}${path} exists already; --force replaces it`);
}

/** Whether a file can be written, before anything else is begun. @throws UsageError when not */
export function requireWritable(option: string, path: string): void {
  const exists = existsSync(path);
  if (exists && !statSync(path).isFile()) throw new UsageError(`${option}: ${path} is no file`);
  try {
    accessSync(exists ? path : dirname(path), constants.W_OK);
  } catch {
    throw new UsageError(`${option}: ${path} cannot be written; is its folder there?`);
  }
}

/** A file that was asked for, whole or not at all. @throws InputError when it cannot be written */
export function writeOutput(place: string, content: string | Uint8Array, options?: WriteOptions): void {
  orRefused(
    ({ code }) => ({ place, problem: `cannot be written (${code})` }),
    () => writeWhole(place, content, options),
  );
}
