/** A watched folder on the disk, or a stick that is mounted there. Nothing in it is written, renamed or removed. */
import { closeSync, constants, fstatSync, lstatSync, openSync, readSync, type Stats } from "node:fs";
import { join } from "node:path";
import { type FileSight, type OpenFile, UPDATE_FILE, type WatchedFolder } from "../folder.ts";

/** A link would be a file elsewhere; a pipe would hold up whoever opens it. */
const FLAGS = constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK;
/** Not there: no file, or no folder (yet). */
const ABSENT: ReadonlySet<string | undefined> = new Set(["ENOENT", "ENOTDIR"]);

export class DiskFolder implements WatchedFolder {
  readonly #path: string;

  constructor(folder: string) {
    this.#path = join(folder, UPDATE_FILE);
  }

  look(): FileSight | undefined {
    try {
      return sightOf(lstatSync(this.#path));
    } catch (error) {
      if (ABSENT.has((error as NodeJS.ErrnoException).code)) return undefined;
      throw error;
    }
  }

  open(): OpenFile {
    const file = openSync(this.#path, FLAGS);
    const sight = sightOf(fstatSync(file));
    if (sight !== undefined)
      return { ...sight, read: (at, count) => readExactly(file, at, count), close: () => closeSync(file) };
    closeSync(file);
    throw new Error(`${this.#path} is no plain file`);
  }
}

/** What is no plain file counts for none. */
const sightOf = (stats: Stats): FileSight | undefined =>
  stats.isFile() ? { sizeBytes: stats.size, mtimeMs: stats.mtimeMs } : undefined;

function readExactly(file: number, at: number, count: number): Buffer {
  const into = Buffer.allocUnsafe(count);
  for (let done = 0; done < count;) {
    const read = readSync(file, into, done, count - done, at + done);
    if (read === 0) throw new Error("shorter than it was");
    done += read;
  }
  return into;
}
