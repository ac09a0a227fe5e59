/** From the bytes of one configuration to those of the next: all of it, or a cause. */
import { ImageError } from "../error.ts";
import { type Migration, readMigration } from "./document.ts";
import { jsonBytes, readJson } from "./json.ts";
import { type MigrationPlan, planMigration } from "./plan.ts";

export type MigrationResult =
  | { ok: true; bytes: Uint8Array; plan: MigrationPlan }
  /** `cause` is one line; `plan` is there where the configuration could be read. */
  | { ok: false; cause: string; plan?: MigrationPlan };

export interface MigrateOptions {
  /** Of the image that brings the migration along, for the cause. */
  imageVersion?: string;
}

/**
 * The configuration as the image takes it. The same input gives the same bytes; one that has the image's schema version
 * already stays as it is, to the byte. Never throws for what comes from outside.
 *
 * @param configBytes JSON; not changed
 * @param migration as the manifest has it, or read
 */
export function migrate(
  configBytes: Uint8Array,
  migration: string | Migration,
  { imageVersion }: MigrateOptions = {},
): MigrationResult {
  const failed = (problem: string, plan?: MigrationPlan): MigrationResult => ({
    ok: false,
    cause: `${imageVersion === undefined ? "" : `image ${imageVersion}: `}${problem}`,
    ...(plan && { plan }),
  });
  try {
    const steps = typeof migration === "string" ? readMigration(migration) : migration;
    const plan = planMigration(readJson(configBytes, "configuration"), steps);
    const [problem] = plan.problems;
    if (problem !== undefined || plan.config === undefined) return failed(problem ?? "no configuration", plan);
    const bytes = plan.steps.length === 0 ? Uint8Array.from(configBytes) : jsonBytes(plan.config);
    return { ok: true, bytes, plan };
  } catch (error) {
    if (error instanceof ImageError) return failed(error.message);
    throw error;
  }
}
