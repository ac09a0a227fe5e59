/**
 * What devices of ours and the depot say to one another beyond hawkBit's words, where hawkBit leaves room for it: attributes of a
 * device (`configData`) and metadata of a chunk. A client that knows none of it is given the whole image.
 */

/** Attributes of a device. */
export const DEVICE_ATTRIBUTES = {
  productCode: "productCode",
  hardware: "hardware",
  /** Of the image that runs and is committed. */
  version: "version",
  /** SHA-256 of the bundle in the slot that runs, hexadecimal: which delta fits. */
  imageSha256: "imageSha256",
  /** Formats of delta containers that it applies, as numbers with commas between; empty or absent: none. */
  deltaFormats: "deltaFormats",
} as const;

/** Metadata of a chunk. */
export const CHUNK_METADATA = {
  /** One of ARTIFACT_KINDS. */
  kind: "poncast.kind",
  /** Of a delta: SHA-256 of the bundle that it is applied to, hexadecimal. */
  baseSha256: "poncast.baseSha256",
  /** SHA-256 of the bundle that is in the slot afterwards, hexadecimal. */
  targetSha256: "poncast.targetSha256",
  /** When the window opens next, and when it closes: ISO 8601 in UTC, and its rule in words. */
  windowOpens: "poncast.windowOpens",
  windowCloses: "poncast.windowCloses",
  windowRule: "poncast.windowRule",
  /** Of a chunk without files: why there is none for this device. */
  why: "poncast.why",
} as const;

export const ARTIFACT_KINDS = ["image", "delta"] as const;
export type ArtifactKind = (typeof ARTIFACT_KINDS)[number];
