/** One ONT: the state machine without I/O, and how it deviates. The ONT process is in process/. */
export { BOOT_ATTEMPTS_MAX, factoryRecord } from "./core/boot.ts";
export { FLASH_BACKLOG_MAX, IMAGE_BYTES_MAX } from "./core/download.ts";
export type * from "./core/conditions.ts";
export { imageStateOf, type ImageState, STAGING } from "./core/images.ts";
export { createOnt } from "./core/ont.ts";
export { type QuirkProfile, quirkProfiles, referenceProfile } from "./core/quirks.ts";
export { END_HOLD_NS } from "./core/end-software-download.ts";
export { configFactsOf, type MigratedConfiguration, migratedConfiguration } from "./configuration.ts";
export { openStagedDelta, type ReadArea, type RebuiltBlock, StagedDelta } from "./staged-delta.ts";
export { type OntSinks, turnOnt } from "./turn.ts";
export type { FileKind } from "./core/local-types.ts";
export type * from "./core/types.ts";
