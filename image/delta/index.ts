/** Deltas between images: made on a host, applied block by block on a device. docs/delta.md has the format. */
export { adviceOn } from "./advice.ts";
export { applyDelta, checkBase, type ApplyOptions } from "./apply.ts";
export { DELTA_IMAGE_BYTES_MAX, FIXED_HEAD_BYTES, bodyOf, deltaHeadBytes, readDeltaHead } from "./head.ts";
export { makeDelta, makeDeltaSync } from "./make.ts";
export { DeltaRebuilder } from "./rebuild.ts";
export type { DeltaFilter, DeltaHead, DeltaOptions, DeltaThreads, Moves, ReadBase } from "./types.ts";
