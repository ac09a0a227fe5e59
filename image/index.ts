export { ImageError } from "./error.ts";
export { startsLikeBundle } from "./format.ts";
export { generateKeyPair, publicKeyOf, readPublicKey, signBytes, verifyBytes } from "./keys.ts";
export type { Manifest, ManifestFields } from "./manifest.ts";
export { compareVersions } from "./versions.ts";
export { buildBundle, packBundle, type PackedBundle, type PackOptions } from "./pack.ts";
export {
  BundleVerifier,
  type BundleVerifierOptions,
  type Crc32Functions,
  type RefusalCause,
  type VerifiedImage,
} from "./verifier.ts";
export {
  inspectBundle,
  verifyBundle,
  type BundleInspection,
  type BundleVerdict,
  type VerifyOptions,
} from "./inspect.ts";
export { imageSourceOf, openImageSource, type ImageSource, type ImageSourceOptions } from "./source.ts";
