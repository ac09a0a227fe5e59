/** Files that are there whole or not at all. */
import { closeSync, fsyncSync, lstatSync, openSync, renameSync, rmSync, writeFileSync, writeSync } from "node:fs";

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
  const temporary = besides(path);
  try {
    writeFileSync(temporary, content, mode === undefined ? {} : { mode, flag: "wx" });
    if (sync) syncFile(temporary);
    renameSync(temporary, path);
  } catch (error) {
    rmSync(temporary, { force: true });
    if (mode !== undefined || !isFolderClosed(error)) throw error;
    writeFileSync(path, content);
  }
}

/** The name under which it is written. */
const besides = (path: string): string => `${path}.${process.pid}.tmp`;

function isFolderClosed(error: unknown): boolean {
  const { syscall, code = "" } = error as NodeJS.ErrnoException;
  return syscall === "open" && CLOSED.has(code);
}

/** A file that is too long to be held: written in pieces under another name, and there only when it is whole. */
export class GrowingFile {
  readonly #path: string;
  readonly #temporary: string;
  readonly #descriptor: number;

  private constructor(path: string, temporary: string, descriptor: number) {
    this.#path = path;
    this.#temporary = temporary;
    this.#descriptor = descriptor;
  }

  /** @returns undefined where `writeWhole` would write straight, which cannot be taken back. @throws system errors */
  static begin(path: string): GrowingFile | undefined {
    const found = lstatSync(path, { throwIfNoEntry: false });
    if (found !== undefined && !found.isFile()) return undefined;
    const temporary = besides(path);
    try {
      return new GrowingFile(path, temporary, openSync(temporary, "w"));
    } catch (error) {
      if (isFolderClosed(error)) return undefined;
      throw error;
    }
  }

  /** @throws system errors, after which it is to be given up */
  write(bytes: Uint8Array): void {
    writeAll(this.#descriptor, bytes);
  }

  /** It is on the disk, and has its name. */
  keep(): void {
    fsyncSync(this.#descriptor);
    closeSync(this.#descriptor);
    renameSync(this.#temporary, this.#path);
  }

  /** As if nothing had been. */
  giveUp(): void {
    closeSync(this.#descriptor);
    rmSync(this.#temporary, { force: true });
  }
}

/** A call of the system may take fewer than it is given. */
export function writeAll(descriptor: number, bytes: Uint8Array): void {
  for (let done = 0; done < bytes.length;) done += writeSync(descriptor, bytes, done);
}

function syncFile(path: string): void {
  const file = openSync(path, "r");
  try {
    fsyncSync(file);
  } finally {
    closeSync(file);
  }
}
