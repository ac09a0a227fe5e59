/** Signed firmware bundles: made, read and verified. Knows neither OMCI nor the slots of an ONT. */
export { ImageError } from "./error.ts";
export { expiryOf } from "./expiry.ts";
export { MANIFEST_AT, SEAL_BYTES, SIGNATURE_BYTES, startsLikeBundle } from "./format.ts";
export { generateKeyPair, publicKeyOf, readPublicKey, signBytes, verifyBytes } from "./keys.ts";
export { encodeManifest, type DeltaFacts, type Manifest, type ManifestFields } from "./manifest.ts";
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
