/** The firmware file: signed bundle of manifest and payload. */
export * from "./bundle.ts";
export * from "./files.ts";
export * from "./keys.ts";
export * from "./manifest.ts";
export * from "./verifier.ts";
export * from "./versions.ts";
