/** Files that are there whole or not at all. */
import { lstatSync, renameSync, rmSync, writeFileSync } from "node:fs";

/**
 * Writes under another name beside it, then renames. Straight where that cannot be: to what is no plain file (/dev/stdout, a
 * link), and where no file may be made beside it.
 *
 * @throws system errors; what was there before is there still when the disk is full
 */
export function writeWhole(path: string, content: string): void {
  const found = lstatSync(path, { throwIfNoEntry: false });
  if (found !== undefined && !found.isFile()) return writeFileSync(path, content);
  const temporary = `${path}.${process.pid}.tmp`;
  try {
    writeFileSync(temporary, content);
  } catch (error) {
    rmSync(temporary, { force: true });
    if ((error as NodeJS.ErrnoException).syscall !== "open") throw error;
    return writeFileSync(path, content);
  }
  renameSync(temporary, path);
}
