/** Makes folders without the endless loop that Node 20 can run into. */
import { existsSync, mkdirSync, statSync } from "node:fs";
import { dirname } from "node:path";

/**
 * A folder and those above it, where they are missing. Not `mkdirSync(…, { recursive: true })`: Node 20 tries for ever, at full
 * load, in a place that answers ENOENT to any new folder, such as `/proc`.
 *
 * @throws system errors; EEXIST when a file is there
 */
export function makeFolders(path: string): void {
  const parent = dirname(path);
  if (parent !== path && !existsSync(parent)) makeFolders(parent);
  try {
    mkdirSync(path);
  } catch (error) {
    if (!statSync(path, { throwIfNoEntry: false })?.isDirectory()) throw error;
  }
}
