/** update.zip: bundles with a signed manifest in one file, for devices that are not online. */
export { type ArchiveContent, buildArchive, packArchive, type PackArchiveOptions } from "./make.ts";
export { type ArchiveManifest, type ArchivePayload } from "./manifest.ts";
export { archivePayloadFor, type ArchiveOptions, readArchive, type UpdateArchive, withArchive } from "./read.ts";
export { readZip, type ZipEntry, type ZipSource } from "./zip.ts";
