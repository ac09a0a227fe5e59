/** The configurations of an ONT on disk, one for each slot: that of the image that runs is never written. */
import { join } from "node:path";
import { migratedConfiguration } from "../configuration.ts";
import type { FlashOperation, MigrationFinding, Slot } from "../core/types.ts";
import type { Durability, FileCalls } from "./file-calls.ts";
import { writeAll } from "./boot-files.ts";

const configFiles = ["config0.json", "config1.json"] as const;

/** Writes the configuration of a slot; the boot record that names it comes behind it. */
export function writeConfiguration(
  folder: string,
  slot: Slot,
  bytes: Uint8Array,
  durability: Durability,
  fs: FileCalls,
): void {
  const descriptor = fs.openSync(join(folder, configFiles[slot]), "w", 0o644);
  try {
    writeAll(descriptor, bytes, 0, fs);
    if (durability === "fsync") fs.fdatasyncSync(descriptor);
  } finally {
    fs.closeSync(descriptor);
  }
}

/** Makes the configuration of one slot from that of the other. */
export function migrateConfiguration(
  folder: string,
  { slot, from, migration }: Extract<FlashOperation, { kind: "migrateConfig" }>,
  durability: Durability,
  fs: FileCalls,
): MigrationFinding {
  const old = Buffer.from(fs.readFileSync(join(folder, configFiles[from]), "utf8"));
  const made = migratedConfiguration(old, migration);
  if ("problem" in made) return made;
  writeConfiguration(folder, slot, made.bytes, durability, fs);
  return { config: made.config };
}
