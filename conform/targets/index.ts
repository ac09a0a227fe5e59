/** Roads to the device that is tested. */
export { selfImages, selfTarget } from "./self.ts";
export { runCommand } from "./real-time.ts";
export { TargetError } from "./target-error.ts";
export { TARGET_FORMS, targetOf } from "./parse.ts";
export { crc32Trailers, micTrailers, noTrailers } from "./trailers.ts";
