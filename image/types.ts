/** What is known of a bundle and asked of it: its manifest, what an ONT wants of it, why it is refused. */

/** What a bundle says of its payload. */
export interface Manifest {
  /** 1…14 printable ASCII characters without spaces: the version attribute of ME 7 (G.988 9.1.4). */
  version: string;
  /** 1…25 printable ASCII characters: the product code attribute of ME 7. */
  productCode: string;
  /**
   * Hardware versions the image runs on, each as in the version attribute of ONU-G (1…14 characters); at least one. Where
   * there are variants, all of theirs.
   */
  hardware: string[];
  /** 0 where there are variants. */
  payloadBytes: number;
  /** Seconds since 1970-01-01 UTC. */
  buildTime: number;
  /** Oldest version this image may replace; empty: any. */
  minimumVersion: string;
  /** An ONT that has committed to a security version takes no image of a lower one; 0: none was given. */
  securityVersion: number;
  /** Seconds since 1970-01-01 UTC, from when on it is not to be distributed any more; 0: never. */
  expires: number;
  /** The payload makes the image from another one; absent: it is an image. */
  delta?: DeltaFacts;
  /** Payloads by hardware, in the order of the file; empty: one for all. */
  variants: Variant[];
  /** How configurations of earlier versions become this one's: a JSON document (docs/migration.md); empty: none. */
  migration: string;
}

/** What a delta is from and what it makes: whole bundles, as they lie in a slot. All else in its manifest is the target's. */
export interface DeltaFacts {
  /** Format of the payload. */
  algorithm: string;
  baseVersion: string;
  /** Hexadecimal. */
  baseSha256: string;
  baseBytes: number;
  /** Hexadecimal. */
  targetSha256: string;
  targetBytes: number;
  targetCrc32: number;
}

/** One of several payloads of a bundle. */
export interface Variant {
  /** Hardware versions it is for; no two variants name the same. */
  hardware: string[];
  /** For people, such as `arm`; may be empty, as may be `flashLayout`. */
  architecture: string;
  flashLayout: string;
  payloadBytes: number;
  /** Hexadecimal. */
  payloadSha256: string;
}

/** What may be left out; the rest follows from the payload. */
type OptionalField = "securityVersion" | "expires" | "delta" | "migration";

/** What the one who packs decides. */
export type ManifestFields = Omit<Manifest, "payloadBytes" | "variants" | OptionalField> &
  Partial<Pick<Manifest, OptionalField>>;

/** What is known of the payload, or payloads. */
export type PayloadFields = Pick<Manifest, "payloadBytes"> & Partial<Pick<Manifest, "variants">>;

/** CRC-32 of the image as its download checks it (I.363.5); this folder chooses none. */
export interface Crc32Functions {
  init: number;
  update: (register: number, bytes: Uint8Array, start?: number, end?: number) => number;
  finish: (register: number) => number;
}

/** SHA-256 of bytes as they come, made or known (known.ts). */
export interface ContentHash {
  update(bytes: Uint8Array): ContentHash;
  copy(): ContentHash;
  digest(): Buffer;
}

/** Why an image is not accepted. */
export type RefusalCause =
  | "crc-mismatch"
  | "size-mismatch"
  | "not-a-bundle"
  | "bad-manifest"
  | "untrusted-signature"
  | "payload-hash-mismatch"
  | "wrong-product-code"
  | "incompatible-hardware"
  | "version-not-replaceable"
  | "security-version-too-low"
  | "delta-not-expected"
  | "not-a-delta"
  | "wrong-base"
  | "truncated";

export interface BundleVerifierOptions {
  /** Raw Ed25519 public keys, 32 bytes each: any of them may have signed. "unchecked" looks at no signature. */
  trustedKeys: readonly Uint8Array[] | "unchecked";
  /** What the image has to fit; what is left out is not checked. */
  productCode?: string;
  hardwareVersion?: string;
  runningVersion?: string;
  /** Lowest security version that is taken. */
  securityVersion?: number;
  /** Whether the payload is to be an image, which is so when left out, or one that makes an image from another. */
  accepts?: "image" | "delta" | "either";
  /** SHA-256 of the image that runs, hexadecimal: what a delta has to be from. */
  baseSha256?: string;
  /** Length of the whole bundle; of several payloads it has one. */
  imageBytes: number;
  crc32: Crc32Functions;
  /** SHA-256 of the whole file; left out: computed. */
  hash?: () => ContentHash;
  /** Makes the MD5 too (image hash attribute of ME 7): one more hash over every byte. */
  md5?: boolean;
}

/** What is known of an image that passed. Of a delta, length and digests are its own, and the rest is the target's. */
export interface VerifiedImage {
  version: string;
  productCode: string;
  imageBytes: number;
  crc32: number;
  /** SHA-256 of the whole bundle, hexadecimal. */
  sha256: string;
  /** MD5 of the whole bundle, hexadecimal; empty unless asked for. */
  md5: string;
  /** From the manifest, where it has one. */
  securityVersion?: number;
  /** Seconds since 1970-01-01 UTC, where the manifest says so. */
  expires?: number;
  /** Absent: it is an image. */
  delta?: DeltaFacts;
  /** How configurations of earlier versions become this one's; absent: they stay as they are. */
  migration?: string;
}
