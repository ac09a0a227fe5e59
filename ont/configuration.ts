/** The configuration that belongs to an image, as storage keeps it: JSON with a schema version, and what the boot record says of it. */
import { createHash } from "node:crypto";
import { migrate } from "../image/migration/index.ts";
import type { ConfigFacts } from "./core/types.ts";

/** A configuration that was made from an older one, or why there is none. */
export type MigratedConfiguration = { bytes: Uint8Array; config: ConfigFacts } | { problem: string };

/** What the boot record keeps of a configuration. */
export const configFactsOf = (bytes: Uint8Array): ConfigFacts => ({
  schemaVersion: schemaVersionOf(bytes),
  bytes: bytes.length,
  sha256: createHash("sha256").update(bytes).digest("hex"),
});

/** Version of the schema that it says it has; 0 where it says none. */
function schemaVersionOf(bytes: Uint8Array): number {
  const { schemaVersion } = JSON.parse(Buffer.from(bytes).toString("utf8")) as { schemaVersion?: unknown };
  return typeof schemaVersion === "number" && Number.isSafeInteger(schemaVersion) ? schemaVersion : 0;
}

/**
 * The configuration of a new image from that of the one that runs.
 *
 * @param migration the steps of the new image's manifest; empty: it stays as it is, to the byte
 */
export function migratedConfiguration(old: Uint8Array, migration: string): MigratedConfiguration {
  if (migration === "") return { bytes: old, config: configFactsOf(old) };
  const result = migrate(old, migration);
  return result.ok ? { bytes: result.bytes, config: configFactsOf(result.bytes) } : { problem: result.cause };
}
