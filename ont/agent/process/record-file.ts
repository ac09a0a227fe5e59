/** The agent's record as a file: whole or not at all, whenever the power goes. */
import { closeSync, fsyncSync, openSync, readFileSync } from "node:fs";
import { createHash } from "node:crypto";
import { dirname } from "node:path";
import { writeWhole } from "../../../base/files/index.ts";
import type { Durability } from "../../process/slots.ts";
import type { AgentRecord } from "../core/types.ts";

/** Largest record read, bytes; a real one has some 700. */
const RECORD_BYTES_MAX = 64 * 1024;

const digestOf = (record: AgentRecord): string => createHash("sha256").update(JSON.stringify(record)).digest("hex");

/** @returns null when there is none, or none that is whole: the agent then asks the depot what is to be done */
export function readAgentRecord(path: string): AgentRecord | null {
  try {
    const text = readFileSync(path, "utf8");
    if (text.length > RECORD_BYTES_MAX) return null;
    const { record, sha256 } = JSON.parse(text) as { record: AgentRecord; sha256: string };
    return digestOf(record) === sha256 ? record : null;
  } catch {
    return null;
  }
}

/** @throws system errors */
export function writeAgentRecord(path: string, record: AgentRecord, durability: Durability): void {
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
