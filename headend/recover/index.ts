/** The tool that recovers devices from their boot loaders: profiles as data, the dialogue, the roads. */
export { runRecovery, type RecoverRun } from "./driver.ts";
export { findProfile, profileNames, readProfile } from "./profile.ts";
export { recover } from "./core/recover.ts";
export type * from "./core/types.ts";
