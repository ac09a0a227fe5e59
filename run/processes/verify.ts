/** Reads the flash of ONT processes back from their files, when they are gone. */
import { createHash } from "node:crypto";
import { open } from "node:fs/promises";
import { join } from "node:path";
import type { BootRecord, Slot } from "../../ont/core/types.ts";
import { readBootRecord } from "../../ont/process/index.ts";
import { imageBytesIn, storageOf, unreadableStorage } from "../result/storage.ts";
import type { OntStorage } from "../result/types.ts";

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

async function digestOf(folder: string, record: BootRecord, slot: Slot): Promise<string | undefined> {
  const lengthBytes = imageBytesIn(record, slot);
  return lengthBytes === undefined ? undefined : hashFile(join(folder, SLOT_FILES[slot]), lengthBytes);
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
    const digests = [await digestOf(folder, record, 0), await digestOf(folder, record, 1)] as const;
    return storageOf(record, digests, activeSlot);
  } catch (error) {
    return unreadableStorage(error, activeSlot);
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
