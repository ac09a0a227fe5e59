/** Files that are there whole or not at all. */
import { closeSync, fsyncSync, lstatSync, openSync, renameSync, rmSync, writeFileSync } from "node:fs";

/** What a folder says that takes no new file, though one that is there may be written. */
const CLOSED: ReadonlySet<string> = new Set(["EACCES", "EPERM", "EROFS", "ENOENT", "ENAMETOOLONG"]);

export interface WriteOptions {
  /**
   * Mode of a file that is always a new one, such as that of a private key: it is written neither through a link nor into a
   * file that is there, which others may be able to read.
   */
  mode?: number;
  /** The content is on the disk before it has its name, so that a power cut leaves the old file or the new one. */
  sync?: boolean;
}

/**
 * Writes under another name beside it, then renames. Straight where that cannot be: to what is no plain file (/dev/stdout, a
 * link), and where no file may be made beside it.
 *
 * @throws system errors; what was there before is there still when the disk is full
 */
export function writeWhole(
  path: string,
  content: string | Uint8Array,
  { mode, sync = false }: WriteOptions = {},
): void {
  const found = lstatSync(path, { throwIfNoEntry: false });
  if (mode === undefined && found !== undefined && !found.isFile()) return writeFileSync(path, content);
  const temporary = `${path}.${process.pid}.tmp`;
  try {
    writeFileSync(temporary, content, mode === undefined ? {} : { mode, flag: "wx" });
    if (sync) syncFile(temporary);
    renameSync(temporary, path);
  } catch (error) {
    rmSync(temporary, { force: true });
    const { syscall, code = "" } = error as NodeJS.ErrnoException;
    const isFolderClosed = syscall === "open" && CLOSED.has(code);
    if (mode !== undefined || !isFolderClosed) throw error;
    writeFileSync(path, content);
  }
}

function syncFile(path: string): void {
  const file = openSync(path, "r");
  try {
    fsyncSync(file);
  } finally {
    closeSync(file);
  }
}
