import { createHash } from "node:crypto";
import { open } from "node:fs/promises";
import { join } from "node:path";
import type { BootRecord, Slot } from "../../ont/core/types.ts";
import { readBootRecord } from "../../ont/process/index.ts";
import type { OntStorage, SlotContent } from "../result/types.ts";
import { lineOf } from "../errors.ts";

/** Read by name here, not through the ONT's own code: a check of its flash from outside. */
const SLOT_FILES = ["slot0.img", "slot1.img"] as const;
const CHUNK_BYTES = 1024 * 1024;
/** Folders checked at a time: reading and hashing overlap. */
const FOLDERS_AT_ONCE = 4;

/** @returns SHA-256 of the first `lengthBytes` of a file, hexadecimal. @throws when the file is shorter */
async function hashFile(path: string, lengthBytes: number): Promise<string> {
  const hash = createHash("sha256");
  const buffer = new Uint8Array(Math.min(CHUNK_BYTES, Math.max(1, lengthBytes)));
  const file = await open(path, "r");
  try {
    for (let at = 0; at < lengthBytes;) {
      const { bytesRead } = await file.read(buffer, 0, Math.min(buffer.length, lengthBytes - at), at);
      if (bytesRead === 0) throw new Error(`${path}: ends after ${at} bytes of ${lengthBytes}`);
      hash.update(buffer.subarray(0, bytesRead));
      at += bytesRead;
    }
  } finally {
    await file.close();
  }
  return hash.digest("hex");
}

async function readSlot(folder: string, record: BootRecord, slot: Slot): Promise<SlotContent | null> {
  const image = record.slots[slot];
  if (!image) return null;
  return { sha256: await hashFile(join(folder, SLOT_FILES[slot]), image.imageBytes), version: image.version };
}

function faultOf(record: BootRecord, slots: OntStorage["slots"]): string {
  if (!record.slots[record.committed]) return `slot ${record.committed} is committed, but not valid`;
  for (const slot of [0, 1] as const) {
    const image = record.slots[slot];
    if (image && slots[slot]?.sha256 !== image.sha256) return `slot ${slot} is marked valid, but holds other bytes`;
  }
  return "";
}

/**
 * Reads what one ONT's flash holds and compares every image marked valid with its bytes.
 *
 * @param activeSlot what the ONT ran last; undefined = what its boot record says
 */
export async function readStorage(folder: string, activeSlot: Slot | undefined): Promise<OntStorage> {
  try {
    const record = readBootRecord(folder);
    if (!record) throw new Error("no boot record");
    const slots: OntStorage["slots"] = [await readSlot(folder, record, 0), await readSlot(folder, record, 1)];
    return {
      activeInstance: activeSlot ?? record.trial?.slot ?? record.committed,
      committedInstance: record.committed,
      slots,
      fault: faultOf(record, slots),
    };
  } catch (error) {
    return {
      activeInstance: activeSlot ?? 0,
      committedInstance: 0,
      slots: [null, null],
      fault: `flash: ${lineOf(error)}`,
    };
  }
}

/** The same for a whole fleet, a few folders at a time, in order. */
export async function readStorages(
  onts: readonly { folder: string; activeSlot: Slot | undefined }[],
): Promise<OntStorage[]> {
  const storages: OntStorage[] = [];
  for (let at = 0; at < onts.length; at += FOLDERS_AT_ONCE) {
    const some = onts.slice(at, at + FOLDERS_AT_ONCE);
    storages.push(...(await Promise.all(some.map(({ folder, activeSlot }) => readStorage(folder, activeSlot)))));
  }
  return storages;
}
