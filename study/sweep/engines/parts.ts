/**
 * What workers have done, in files beside the sweep's own: a file for each worker, to which only that one appends, so that
 * hosts that share a folder need no locks. A line is there when its last character is.
 */
import { closeSync, existsSync, fdatasync, openSync, readdirSync, readSync, statSync, writeSync } from "node:fs";
import { hostname } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { orRefused } from "../../../base/errors/index.ts";
import type { RunRecord } from "../record.ts";
import type { FoundRecord } from "./types.ts";

const sync = promisify(fdatasync);
const SUFFIX = ".jsonl";
const READ_BYTES = 1 << 20;
const NEWLINE = 10;

/** Where a worker appends. */
export class PartFile {
  readonly path: string;
  readonly #file: number;
  #synced: Promise<void> | undefined;

  /** A file of its own, whoever else has worked here. @throws InputError when it cannot be there */
  constructor(folder: string) {
    const [path, file] = orRefused(
      ({ message }) => ({ place: folder, problem: `cannot be written: ${message}` }),
      // The folder is there until the sweep is whole, and must not come back then.
      () => openNew(folder, `${hostname()}-${process.pid}`),
    );
    this.path = path;
    this.#file = file;
  }

  /** Resolves when the result is on the disk. Those that come while the disk is at it share the next turn. */
  async append(record: RunRecord): Promise<void> {
    writeSync(this.#file, `${JSON.stringify(record)}\n`);
    // What is under way may have begun before this line.
    await this.#synced;
    await (this.#synced ??= sync(this.#file).finally(() => (this.#synced = undefined)));
  }

  close(): void {
    closeSync(this.#file);
  }
}

function openNew(folder: string, name: string): [path: string, file: number] {
  for (let number = 1; ; number++) {
    const path = join(folder, `${name}-${number}${SUFFIX}`);
    try {
      return [path, openSync(path, "ax")];
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== "EEXIST") throw error;
    }
  }
}

/** Reads on where it has stopped, in all files of a folder. */
export class PartsReader {
  readonly #folder: string;
  /** Octets that have been read, up to the end of a line. */
  readonly #read = new Map<string, number>();

  constructor(folder: string) {
    this.#folder = folder;
  }

  /** What is new. A line that is cut off waits for its end, which may never come: then its run is run again. */
  next(): FoundRecord[] {
    if (!existsSync(this.#folder)) return [];
    const names = readdirSync(this.#folder).filter((name) => name.endsWith(SUFFIX));
    return names.sort().flatMap((name) => this.#nextOf(join(this.#folder, name)));
  }

  #nextOf(path: string): FoundRecord[] {
    const from = this.#read.get(path) ?? 0;
    if (statSync(path).size <= from) return [];
    const found: FoundRecord[] = [];
    const read = readLines(path, from, (line) => {
      try {
        found.push({ record: JSON.parse(line) as RunRecord, where: path });
      } catch {
        // Of a disk that lost power in the middle: no result.
      }
    });
    this.#read.set(path, from + read);
    return found;
  }
}

/** @returns octets of the lines that are whole */
function readLines(path: string, from: number, onLine: (line: string) => void): number {
  const file = openSync(path, "r");
  const buffer = Buffer.alloc(READ_BYTES);
  let rest = Buffer.alloc(0);
  let taken = 0;
  try {
    for (let at = from, bytes; (bytes = readSync(file, buffer, 0, READ_BYTES, at)) > 0; at += bytes) {
      const text = Buffer.concat([rest, buffer.subarray(0, bytes)]);
      const end = text.lastIndexOf(NEWLINE) + 1;
      for (const line of text.toString("utf8", 0, end).split("\n")) if (line !== "") onLine(line);
      taken += end;
      rest = text.subarray(end);
    }
  } finally {
    closeSync(file);
  }
  return taken;
}
