/** The flash of an ONT on disk: whenever the process or the power ends, what is left boots. */
import { InputError } from "../../base/errors/index.ts";
import { createHash } from "node:crypto";
import * as nodeFs from "node:fs";
import { dirname, join } from "node:path";
import type { BootRecord, FlashFinding, FlashOperation, Slot, StoredImage } from "../core/types.ts";

/** The file calls of a flash, so that a test can cut the power at each of them, and lose what was not synced. */
export type FileCalls = Pick<
  typeof nodeFs,
  | "closeSync"
  | "copyFileSync"
  | "existsSync"
  | "fdatasync"
  | "fdatasyncSync"
  | "fstatSync"
  | "fsyncSync"
  | "ftruncateSync"
  | "linkSync"
  | "mkdirSync"
  | "openSync"
  | "readFileSync"
  | "readSync"
  | "renameSync"
  | "statSync"
  | "unlinkSync"
  | "writeSync"
>;

/**
 * fsync: what is answered for outlives a power cut of this machine. none: it outlives the death of the process, which
 * is enough for a simulation and spares the disk.
 */
export type Durability = "fsync" | "none";

const slotFiles = ["slot0.img", "slot1.img"] as const;
const RECORD_FILE = "boot.json";
const PREVIOUS_FILE = "boot.previous.json";
const NEW_FILE = "boot.new.json";

/** Read at a time for a check, bytes. */
const CHECK_BYTES = 64 * 1024;

/** Largest boot record read, bytes; a real one has some 700. */
const RECORD_BYTES_MAX = 64 * 1024;

export class StateFolderError extends InputError {
  override readonly name = "StateFolderError";
}

/**
 * The flash of one ONT as a folder: two slot files and a boot record. The record is replaced by a rename, so that at any
 * instant one whole record is there; it carries a digest, and the record before it is kept in case the digest is wrong.
 */
export class SlotStore {
  readonly folder: string;
  readonly #fs: FileCalls;
  readonly #durability: Durability;
  readonly #slots: [number, number];

  /** Opens a folder that has a boot record; see `createFactoryState` for one that has none. */
  constructor(folder: string, durability: Durability, fs: FileCalls = nodeFs) {
    this.folder = folder;
    this.#fs = fs;
    this.#durability = durability;
    const open = (slot: Slot): number => fs.openSync(join(folder, slotFiles[slot]), openFlags, 0o644);
    this.#slots = [open(0), open(1)];
  }

  /**
   * Carries out one operation of the core.
   *
   * @param done takes the operation's id, or why the file system refused; it may be called before this returns
   */
  carryOut(operation: FlashOperation, done: FlashDone): void {
    if (operation.kind === "syncSlot") return this.#sync(operation, done);
    let finding: FlashFinding | undefined;
    try {
      if (operation.kind === "readSlot") finding = this.#read(operation);
      else if (operation.kind === "checkSlot") finding = this.#check(operation);
      else this.#change(operation);
    } catch (error) {
      return done(asError(error), operation.id);
    }
    done(null, operation.id, finding);
  }

  /**
   * As a boot loader does: the SHA-256 of the first bytes of the slot, so many as the image has. What has that has the CRC-32,
   * too, which would take as long again.
   */
  #check({ slot, image }: Extract<FlashOperation, { kind: "checkSlot" }>): boolean {
    const hash = createHash("sha256");
    const piece = Buffer.allocUnsafe(Math.min(CHECK_BYTES, image.imageBytes));
    for (let at = 0; at < image.imageBytes;) {
      const wanted = Math.min(piece.length, image.imageBytes - at);
      const read = this.#fs.readSync(this.#slots[slot], piece, 0, wanted, at);
      if (read === 0) return false;
      hash.update(piece.subarray(0, read));
      at += read;
    }
    return hash.digest("hex") === image.sha256;
  }

  /** @returns fewer bytes than asked for where the file ends */
  #read({ slot, offsetBytes, lengthBytes }: Extract<FlashOperation, { kind: "readSlot" }>): Uint8Array {
    const bytes = Buffer.alloc(lengthBytes);
    let read = 0;
    for (let more = -1; more !== 0 && read < lengthBytes; read += more)
      more = this.#fs.readSync(this.#slots[slot], bytes, read, lengthBytes - read, offsetBytes + read);
    return bytes.subarray(0, read);
  }

  #change(operation: Exclude<FlashOperation, { kind: "syncSlot" | "readSlot" | "checkSlot" }>): void {
    switch (operation.kind) {
      case "eraseSlot":
        return this.#fs.ftruncateSync(this.#slots[operation.slot], 0);
      case "writeSlot":
        return writeAll(this.#slots[operation.slot], operation.bytes, operation.offsetBytes, this.#fs);
      case "writeBootRecord":
        // A part that it names has to be there after a power cut as well.
        if (this.#durability === "fsync" && operation.record.partial)
          this.#fs.fdatasyncSync(this.#slots[operation.record.partial.slot]);
        return writeRecord(this.folder, operation.record, this.#durability, this.#fs);
    }
  }

  #sync(operation: Extract<FlashOperation, { kind: "syncSlot" }>, done: FlashDone): void {
    const { id, slot, imageBytes } = operation;
    const descriptor = this.#slots[slot];
    const check = (): void => {
      const sizeBytes = this.#fs.fstatSync(descriptor).size;
      const path = join(this.folder, slotFiles[slot]);
      const isWhole = sizeBytes === imageBytes;
      done(isWhole ? null : new StateFolderError(`${path}: ${sizeBytes} bytes stored of ${imageBytes}`), id);
    };
    if (this.#durability === "none") return check();
    this.#fs.fdatasync(descriptor, (error) => (error === null ? check() : done(error, id)));
  }

  close(): void {
    for (const descriptor of this.#slots) this.#fs.closeSync(descriptor);
  }
}

type FlashDone = (error: Error | null, id: number, finding?: FlashFinding) => void;

const asError = (error: unknown): Error => (error instanceof Error ? error : new Error(String(error)));

const openFlags = nodeFs.constants.O_RDWR | nodeFs.constants.O_CREAT;

/**
 * The boot record of a folder: the newest that is whole, with *valid* withdrawn from images whose file is too short.
 *
 * @returns null when the folder has none, as before the first power-on
 * @throws StateFolderError when there are records and none is whole
 */
export function readBootRecord(folder: string, fs: FileCalls = nodeFs): BootRecord | null {
  const problems: string[] = [];
  for (const name of [RECORD_FILE, PREVIOUS_FILE]) {
    const read = readRecordFile(join(folder, name), fs);
    if (read.kind === "record") return withPlausibleSlots(folder, read.record, fs);
    if (read.kind === "damaged") problems.push(`${join(folder, name)}: ${read.problem}`);
  }
  if (problems.length === 0) return null;
  throw new StateFolderError(`no whole boot record; delete the folder for a factory state (${problems.join("; ")})`);
}

type RecordRead = { kind: "absent" } | { kind: "damaged"; problem: string } | { kind: "record"; record: BootRecord };

function readRecordFile(path: string, fs: FileCalls): RecordRead {
  let text: string;
  try {
    if (fs.statSync(path).size > RECORD_BYTES_MAX) return { kind: "damaged", problem: "too long for a boot record" };
    text = fs.readFileSync(path, "utf8");
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return { kind: "absent" };
    throw error;
  }
  try {
    const { record, sha256 } = JSON.parse(text) as { record: BootRecord; sha256: string };
    if (sha256 !== digestOf(record)) return { kind: "damaged", problem: "wrong digest" };
    return { kind: "record", record };
  } catch {
    return { kind: "damaged", problem: "not JSON" };
  }
}

const digestOf = (record: BootRecord): string =>
  createHash("sha256")
    .update(JSON.stringify(record ?? null))
    .digest("hex");

function withPlausibleSlots(folder: string, record: BootRecord, fs: FileCalls): BootRecord {
  const plausible = (slot: Slot): StoredImage | null => {
    const image = record.slots[slot];
    const stat = fs.statSync(join(folder, slotFiles[slot]), { throwIfNoEntry: false });
    return image !== null && stat !== undefined && stat.size >= image.imageBytes ? image : null;
  };
  return { ...record, slots: [plausible(0), plausible(1)] };
}

/** Replaces the boot record: new file, stable, the old one kept under another name, rename, folder stable. */
export function writeRecord(folder: string, record: BootRecord, durability: Durability, fs: FileCalls = nodeFs): void {
  const [path, previous, fresh] = [RECORD_FILE, PREVIOUS_FILE, NEW_FILE].map((name) => join(folder, name));
  const bytes = Buffer.from(`${JSON.stringify({ record, sha256: digestOf(record) })}\n`);
  const descriptor = fs.openSync(fresh!, "w", 0o644);
  try {
    writeAll(descriptor, bytes, 0, fs);
    if (durability === "fsync") fs.fdatasyncSync(descriptor);
  } finally {
    fs.closeSync(descriptor);
  }
  if (fs.existsSync(path!)) {
    if (fs.existsSync(previous!)) fs.unlinkSync(previous!);
    fs.linkSync(path!, previous!);
  }
  fs.renameSync(fresh!, path!);
  if (durability === "fsync") syncFolder(folder, fs);
}

function syncFolder(folder: string, fs: FileCalls): void {
  const descriptor = fs.openSync(folder, "r");
  try {
    fs.fsyncSync(descriptor);
  } finally {
    fs.closeSync(descriptor);
  }
}

/** A folder and those above it; a new one is there for certain only once the one above it is synced. */
function makeStableFolder(folder: string, durability: Durability, fs: FileCalls): void {
  const parents: string[] = [];
  for (let path = folder; !fs.existsSync(path); path = dirname(path)) parents.push(dirname(path));
  fs.mkdirSync(folder, { recursive: true });
  if (durability === "fsync") for (const parent of parents) syncFolder(parent, fs);
}

/**
 * Makes the state of an ONT fresh from the factory: the committed slot holds the factory image, the other one nothing. The
 * boot record comes last, so that a folder that was left half made is made again.
 *
 * @param bundle file or bytes of the bundle that the record describes
 */
export function createFactoryState(
  folder: string,
  bundle: string | Uint8Array,
  record: BootRecord,
  durability: Durability,
  fs: FileCalls = nodeFs,
): void {
  makeStableFolder(folder, durability, fs);
  if (typeof bundle === "string")
    fs.copyFileSync(bundle, join(folder, slotFiles[record.committed]), nodeFs.constants.COPYFILE_FICLONE);
  const descriptors = slotFiles.map((name) => fs.openSync(join(folder, name), openFlags, 0o644));
  try {
    if (typeof bundle !== "string") writeAll(descriptors[record.committed]!, bundle, 0, fs);
    if (durability === "fsync") for (const descriptor of descriptors) fs.fdatasyncSync(descriptor);
  } finally {
    for (const descriptor of descriptors) fs.closeSync(descriptor);
  }
  writeRecord(folder, record, durability, fs);
}

function writeAll(descriptor: number, bytes: Uint8Array, offsetBytes: number, fs: FileCalls): void {
  for (let written = 0; written < bytes.length;)
    written += fs.writeSync(descriptor, bytes, written, bytes.length - written, offsetBytes + written);
}
