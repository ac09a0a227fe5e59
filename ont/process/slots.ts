/** The flash of an ONT on disk: whenever the process or the power ends, what is left boots. */
import { createHash } from "node:crypto";
import * as nodeFs from "node:fs";
import { dirname, join } from "node:path";
import { STAGING } from "../core/images.ts";
import type { BootRecord, FlashArea, FlashFinding, FlashOperation, PartialImage, Slot } from "../core/types.ts";
import { readBootRecord, slotFiles, StateFolderError, syncFolder, writeAll, writeRecord } from "./boot-files.ts";
import { migrateConfiguration, writeConfiguration } from "./config-files.ts";
import { StagingFile } from "./staging.ts";

import type { Durability, FileCalls } from "./file-calls.ts";

export { readBootRecord, StateFolderError, writeRecord };
export type { Durability, FileCalls };

/** Read at a time for a check, bytes. */
const CHECK_BYTES = 64 * 1024;

/**
 * The flash of one ONT as a folder: two slot files and a boot record. The record is replaced by a rename, so that at any
 * instant one whole record is there; it carries a digest, and the record before it is kept in case the digest is wrong.
 */
export class SlotStore {
  readonly folder: string;
  readonly #fs: FileCalls;
  readonly #durability: Durability;
  readonly #slots: [number, number];
  readonly #staging: StagingFile;

  /** Opens a folder that has a boot record; see `createFactoryState` for one that has none. */
  constructor(folder: string, durability: Durability, fs: FileCalls = nodeFs) {
    this.folder = folder;
    this.#fs = fs;
    this.#durability = durability;
    const open = (slot: Slot): number => fs.openSync(join(folder, slotFiles[slot]), openFlags, 0o644);
    this.#slots = [open(0), open(1)];
    this.#staging = new StagingFile(folder, fs);
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
      finding = this.#carryOut(operation);
    } catch (error) {
      return done(asError(error), operation.id);
    }
    done(null, operation.id, finding);
  }

  #carryOut(operation: Exclude<FlashOperation, { kind: "syncSlot" }>): FlashFinding | undefined {
    switch (operation.kind) {
      case "readSlot":
        return this.#read(operation.slot, operation.offsetBytes, operation.lengthBytes);
      case "checkSlot":
        return this.#check(operation);
      case "openDelta":
        return this.#staging.open(operation, (at, length) => this.#read(STAGING, at, length));
      case "rebuildBlock":
        return this.#rebuild(operation);
      case "keepBlocks":
        return this.#keep(operation);
      case "migrateConfig":
        return migrateConfiguration(this.folder, operation, this.#durability, this.#fs);
      case "eraseSlot":
      case "writeSlot":
      case "writeBootRecord":
        return this.#change(operation);
    }
  }

  #descriptor(area: FlashArea): number {
    return area === STAGING ? this.#staging.descriptor : this.#slots[area];
  }

  #pathOf(area: FlashArea): string {
    return area === STAGING ? this.#staging.path : join(this.folder, slotFiles[area]);
  }

  /** The old image is read where the block needs it, the new one written where it belongs, and read back. */
  #rebuild({ slot, from, block }: Extract<FlashOperation, { kind: "rebuildBlock" }>): boolean {
    const made = this.#staging.rebuild(
      block,
      (at, length) => this.#read(STAGING, at, length),
      (at, length) => this.#read(from, at, length),
    );
    if (made === null) return false;
    writeAll(this.#slots[slot], made.bytes, made.atBytes, this.#fs);
    return Buffer.compare(this.#read(slot, made.atBytes, made.bytes.length), made.bytes) === 0;
  }

  #keep({ slot, blocks }: Extract<FlashOperation, { kind: "keepBlocks" }>): number {
    const whole = this.#staging.whole(blocks, (at, length) => this.#read(slot, at, length));
    this.#fs.ftruncateSync(this.#slots[slot], whole.bytes);
    return whole.blocks;
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
  #read(area: FlashArea, offsetBytes: number, lengthBytes: number): Uint8Array {
    const descriptor = this.#descriptor(area);
    const bytes = Buffer.alloc(lengthBytes);
    let read = 0;
    for (let more = -1; more !== 0 && read < lengthBytes; read += more)
      more = this.#fs.readSync(descriptor, bytes, read, lengthBytes - read, offsetBytes + read);
    return bytes.subarray(0, read);
  }

  #change(operation: Extract<FlashOperation, { kind: "eraseSlot" | "writeSlot" | "writeBootRecord" }>): undefined {
    switch (operation.kind) {
      case "eraseSlot":
        this.#fs.ftruncateSync(this.#descriptor(operation.slot), 0);
        return undefined;
      case "writeSlot":
        writeAll(this.#descriptor(operation.slot), operation.bytes, operation.offsetBytes, this.#fs);
        return undefined;
      case "writeBootRecord":
        if (this.#durability === "fsync" && operation.record.partial) this.#syncPart(operation.record.partial);
        writeRecord(this.folder, operation.record, this.#durability, this.#fs);
        return undefined;
    }
  }

  /** What a record names as a part has to be there after a power cut as well. */
  #syncPart({ slot, rebuilt }: PartialImage): void {
    this.#fs.fdatasyncSync(this.#descriptor(slot));
    if (rebuilt) this.#fs.fdatasyncSync(this.#descriptor(rebuilt.slot));
  }

  #sync(operation: Extract<FlashOperation, { kind: "syncSlot" }>, done: FlashDone): void {
    const { id, slot, imageBytes } = operation;
    const descriptor = this.#descriptor(slot);
    const check = (): void => {
      const sizeBytes = this.#fs.fstatSync(descriptor).size;
      const path = this.#pathOf(slot);
      const isWhole = sizeBytes === imageBytes;
      done(isWhole ? null : new StateFolderError(`${path}: ${sizeBytes} bytes stored of ${imageBytes}`), id);
    };
    if (this.#durability === "none") return check();
    this.#fs.fdatasync(descriptor, (error) => (error === null ? check() : done(error, id)));
  }

  close(): void {
    for (const descriptor of this.#slots) this.#fs.closeSync(descriptor);
    this.#staging.close();
  }
}

type FlashDone = (error: Error | null, id: number, finding?: FlashFinding) => void;

const asError = (error: unknown): Error => (error instanceof Error ? error : new Error(String(error)));

const openFlags = nodeFs.constants.O_RDWR | nodeFs.constants.O_CREAT;

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
 * @param configuration that goes with it, if this ONT has one
 */
export function createFactoryState(
  folder: string,
  bundle: string | Uint8Array,
  record: BootRecord,
  durability: Durability,
  { fs = nodeFs, configuration }: { fs?: FileCalls; configuration?: Uint8Array | undefined } = {},
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
  if (configuration !== undefined) writeConfiguration(folder, record.committed, configuration, durability, fs);
  writeRecord(folder, record, durability, fs);
}
