/** The boot record of an ONT on disk: replaced by a rename, so that at any instant one whole record is there. */
import { createHash } from "node:crypto";
import * as nodeFs from "node:fs";
import { join } from "node:path";
import { InputError } from "../../base/errors/index.ts";
import type { BootRecord, Slot, StoredImage } from "../core/types.ts";
import type { Durability, FileCalls } from "./file-calls.ts";

export const slotFiles = ["slot0.img", "slot1.img"] as const;
const RECORD_FILE = "boot.json";
const PREVIOUS_FILE = "boot.previous.json";
const NEW_FILE = "boot.new.json";

/** Largest boot record read, bytes; a real one has some 700, one with a part and two configurations some 1,200. */
const RECORD_BYTES_MAX = 64 * 1024;

export class StateFolderError extends InputError {
  override readonly name = "StateFolderError";
}

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

export function syncFolder(folder: string, fs: FileCalls): void {
  const descriptor = fs.openSync(folder, "r");
  try {
    fs.fsyncSync(descriptor);
  } finally {
    fs.closeSync(descriptor);
  }
}

export function writeAll(descriptor: number, bytes: Uint8Array, offsetBytes: number, fs: FileCalls): void {
  for (let written = 0; written < bytes.length;)
    written += fs.writeSync(descriptor, bytes, written, bytes.length - written, offsetBytes + written);
}
