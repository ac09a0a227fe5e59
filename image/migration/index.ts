/** Configuration migration: how the configuration of earlier versions becomes that of an image, as data and not as code. */
export { readMigration, type Migration, type MigrationOperation, type MigrationStep } from "./document.ts";
export { readJson, type Json, type JsonObject } from "./json.ts";
export { migrate, type MigrateOptions, type MigrationResult } from "./migrate.ts";
export { planMigration, type MigrationChange, type MigrationPlan } from "./plan.ts";
