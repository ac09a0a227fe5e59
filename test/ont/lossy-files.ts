/**
 * Files in memory that lose what was not synced, as the fault-injection file systems of LevelDB and RocksDB do. A power cut
 * leaves any of the states that POSIX allows: names as of the last sync of their folder and up to any later change, data as of
 * the last sync of the file, as written last, or a mixture of writes.
 */
import { constants } from "node:fs";
import { basename, dirname } from "node:path";
import type { FileCalls } from "../../ont/process/slots.ts";
import type { RandomStream } from "../../pon/random.ts";

export class PowerCut extends Error {}

interface Write {
  at: number;
  bytes: Uint8Array;
}

/** A file: what is on the disk for certain, and what was written since; a truncation is a write at -1 of so many bytes as are left. */
interface File {
  kind: "file";
  durable: Uint8Array;
  unsynced: Write[];
}

type Names = Map<string, File | Folder>;

interface Folder {
  kind: "folder";
  durable: Names;
  /** Names as they were after each change since the last sync, the latest last. */
  unsynced: Names[];
}

const newFile = (bytes: Uint8Array = new Uint8Array(0)): File => ({ kind: "file", durable: bytes, unsynced: [] });
const newFolder = (): Folder => ({ kind: "folder", durable: new Map(), unsynced: [] });
const namesOf = (folder: Folder): Names => folder.unsynced.at(-1) ?? folder.durable;

const TRUNCATED = -1;

function apply(durable: Uint8Array, writes: readonly Write[]): Uint8Array {
  let content = durable;
  for (const { at, bytes } of writes) {
    if (at === TRUNCATED) {
      content = content.slice(0, bytes.length);
      continue;
    }
    const grown = new Uint8Array(Math.max(content.length, at + bytes.length));
    grown.set(content);
    grown.set(bytes, at);
    content = grown;
  }
  return content;
}

const contentOf = (file: File): Uint8Array => apply(file.durable, file.unsynced);

class NoSuchFile extends Error {
  readonly code = "ENOENT";
}

/** What a cut leaves: of names the first so many changes (Infinity: all), of data nothing unsynced, all, or some of it. */
export interface Losses {
  nameChanges: number;
  data: "lost" | "kept" | RandomStream;
}

export class LossyFiles {
  #root: Folder;
  readonly #open = new Map<number, File | Folder>();
  #lastDescriptor = 2;
  /** Calls so far that change something. */
  calls = 0;
  /** The power goes before this one, or in the middle of it where it writes. */
  cutAt = Infinity;
  readonly fs: FileCalls;

  constructor(root: Folder = newFolder()) {
    this.#root = root;
    this.fs = this.#makeCalls() as unknown as FileCalls;
  }

  /** A file and its folders that were there before, for certain. */
  put(path: string, bytes: Uint8Array): void {
    let folder = this.#root;
    for (const step of dirname(path).split("/").filter(Boolean)) {
      const next = namesOf(folder).get(step) ?? newFolder();
      folder.durable.set(step, next);
      folder = next as Folder;
    }
    folder.durable.set(basename(path), newFile(bytes));
  }

  read(path: string): Uint8Array {
    return contentOf(this.#file(path));
  }

  /** The disk as a power cut leaves it, for the next life; this one goes on with its own. */
  afterCut(losses: Losses): LossyFiles {
    const seen = new Map<File | Folder, File | Folder>();
    const left = (node: File | Folder): File | Folder => {
      const known = seen.get(node);
      if (known !== undefined) return known;
      if (node.kind === "file") {
        const file = newFile(dataLeft(node, losses.data));
        seen.set(node, file);
        return file;
      }
      const folder = newFolder();
      seen.set(node, folder);
      const changes = Math.min(losses.nameChanges, node.unsynced.length);
      const names = changes === 0 ? node.durable : node.unsynced[changes - 1]!;
      for (const [name, inner] of names) folder.durable.set(name, left(inner));
      return folder;
    };
    return new LossyFiles(left(this.#root) as Folder);
  }

  /** Name changes of a folder that are not synced. */
  unsyncedNames(path: string): number {
    const node = this.#find(path);
    return node?.kind === "folder" ? node.unsynced.length : 0;
  }

  #find(path: string): File | Folder | undefined {
    let node: File | Folder | undefined = this.#root;
    for (const step of path.split("/").filter(Boolean))
      node = node?.kind === "folder" ? namesOf(node).get(step) : undefined;
    return node;
  }

  #file(path: string): File {
    const node = this.#find(path);
    if (node?.kind !== "file") throw new NoSuchFile(path);
    return node;
  }

  #rename(path: string, change: (names: Names, name: string) => void): void {
    const folder = this.#find(dirname(path));
    if (folder?.kind !== "folder") throw new NoSuchFile(path);
    const names = new Map(namesOf(folder));
    change(names, basename(path));
    folder.unsynced.push(names);
  }

  #create(path: string): File {
    const file = newFile();
    this.#rename(path, (names, name) => names.set(name, file));
    return file;
  }

  #mkdir(path: string): void {
    if (this.#find(path) !== undefined) return;
    this.#mkdir(dirname(path));
    this.#rename(path, (names, name) => names.set(name, newFolder()));
  }

  /** A call that changes something; `half` is what a cut in its middle has done. */
  #change<Result>(work: () => Result, half: () => void = () => undefined): Result {
    const isCut = this.calls >= this.cutAt;
    if (this.calls++ === this.cutAt) half();
    if (isCut) throw new PowerCut();
    return work();
  }

  #openNode(path: string, flags: string | number): number {
    let node = this.#find(path);
    const creates = flags === "w" || (typeof flags === "number" && (flags & constants.O_CREAT) !== 0);
    if (node === undefined && !creates) throw new NoSuchFile(path);
    node ??= this.#change(() => this.#create(path));
    if (flags === "w") this.#change(() => this.#write(node as File, TRUNCATED, new Uint8Array(0)));
    this.#open.set(++this.#lastDescriptor, node);
    return this.#lastDescriptor;
  }

  #write(file: File, at: number, bytes: Uint8Array): void {
    file.unsynced.push({ at, bytes: bytes.slice() });
  }

  #sync(descriptor: number): void {
    const node = this.#open.get(descriptor)!;
    if (node.kind === "file") node.durable = contentOf(node);
    else node.durable = namesOf(node);
    node.unsynced = [];
  }

  #makeCalls(): Record<keyof FileCalls, unknown> {
    const fileOf = (descriptor: number): File => this.#open.get(descriptor) as File;
    const sync = (descriptor: number): void => this.#change(() => this.#sync(descriptor));
    const content = (path: string): Uint8Array => contentOf(this.#file(path));
    return {
      closeSync: (descriptor: number) => this.#open.delete(descriptor),
      existsSync: (path: string) => this.#find(path) !== undefined,
      fstatSync: (descriptor: number) => ({ size: contentOf(fileOf(descriptor)).length }),
      openSync: (path: string, flags: string | number) => this.#openNode(path, flags),
      readFileSync: (path: string) => Buffer.from(content(path)).toString("utf8"),
      statSync: (path: string, options?: { throwIfNoEntry: boolean }) =>
        options?.throwIfNoEntry === false && this.#find(path) === undefined
          ? undefined
          : { size: content(path).length },
      readSync: (descriptor: number, into: Uint8Array, from: number, length: number, at: number) => {
        const part = contentOf(fileOf(descriptor)).subarray(at, at + length);
        into.set(part, from);
        return part.length;
      },
      mkdirSync: (path: string) => this.#change(() => this.#mkdir(path)),
      copyFileSync: (from: string, to: string) => {
        const bytes = content(from);
        const file = this.#change(() => this.#create(to));
        this.#change(
          () => this.#write(file, 0, bytes),
          () => this.#write(file, 0, bytes.subarray(0, bytes.length >> 1)),
        );
      },
      fdatasyncSync: sync,
      fsyncSync: sync,
      fdatasync: (descriptor: number, done: (error: Error | null) => void) => {
        try {
          sync(descriptor);
        } catch (error) {
          return done(error as Error);
        }
        done(null);
      },
      ftruncateSync: (descriptor: number, lengthBytes: number) =>
        this.#change(() => this.#write(fileOf(descriptor), TRUNCATED, new Uint8Array(lengthBytes))),
      linkSync: (from: string, to: string) =>
        this.#change(() => this.#rename(to, (names, name) => names.set(name, this.#file(from)))),
      renameSync: (from: string, to: string) =>
        this.#change(() =>
          this.#rename(to, (names, name) => {
            names.set(name, names.get(basename(from))!);
            names.delete(basename(from));
          }),
        ),
      unlinkSync: (path: string) => this.#change(() => this.#rename(path, (names, name) => names.delete(name))),
      writeSync: (descriptor: number, bytes: Uint8Array, from: number, length: number, at?: number) => {
        const file = fileOf(descriptor);
        const place = at ?? contentOf(file).length;
        const half = (): void => this.#write(file, place, bytes.subarray(from, from + (length >> 1)));
        this.#change(() => this.#write(file, place, bytes.subarray(from, from + length)), half);
        return length;
      },
    };
  }
}

function dataLeft(file: File, data: Losses["data"]): Uint8Array {
  if (data === "lost") return file.durable;
  if (data === "kept") return contentOf(file);
  return apply(
    file.durable,
    file.unsynced.filter(() => data.nextBelow(2) === 0),
  );
}
