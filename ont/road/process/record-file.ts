/** The record of a road as a file: whole or not at all, whenever the power goes. */
import { closeSync, fsyncSync, openSync, readFileSync } from "node:fs";
import { createHash } from "node:crypto";
import { dirname } from "node:path";
import { writeWhole } from "../../../base/files/index.ts";
import type { Durability } from "../../process/slots.ts";

/** Largest record read, bytes; a real one has some 700. */
const RECORD_BYTES_MAX = 256 * 1024;

const digestOf = (record: object): string => createHash("sha256").update(JSON.stringify(record)).digest("hex");

/** @returns null when there is none, or none that is whole: the road then asks its headend what is to be done */
export function readRoadRecord<Kept extends object>(path: string): Kept | null {
  try {
    const text = readFileSync(path, "utf8");
    if (text.length > RECORD_BYTES_MAX) return null;
    const { record, sha256 } = JSON.parse(text) as { record: Kept; sha256: string };
    return digestOf(record) === sha256 ? record : null;
  } catch {
    return null;
  }
}

/** @throws system errors */
export function writeRoadRecord(path: string, record: object, durability: Durability): void {
  const sync = durability === "fsync";
  writeWhole(path, `${JSON.stringify({ record, sha256: digestOf(record) })}\n`, { sync });
  if (!sync) return;
  const folder = openSync(dirname(path), "r");
  try {
    fsyncSync(folder);
  } finally {
    closeSync(folder);
  }
}
