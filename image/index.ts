/** Signed firmware bundles: made, read and verified. Knows neither OMCI nor the slots of an ONT. */
export { ImageError } from "./error.ts";
export { expiryOf } from "./expiry.ts";
export { HEADER_BYTES_MAX, MANIFEST_AT, SEAL_BYTES, SIGNATURE_BYTES, startsLikeBundle } from "./format.ts";
export { generateKeyPair, publicKeyOf, readPublicKey, signBytes, verifyBytes } from "./keys.ts";
export { encodeManifest } from "./manifest.ts";
export { compareVersions } from "./versions.ts";
export {
  buildBundle,
  buildVariantBundle,
  packBundle,
  packVariants,
  type PackedBundle,
  type PackOptions,
  type PackVariantsOptions,
  type VariantFields,
} from "./pack.ts";
export { headerOf, sliceFor, slicesOf, type BundleHeader, type BundleSlice } from "./slices.ts";
export { buildKnownBundle, buildNamedBundle, knownBundleSteps } from "./build.ts";
export { KnownDigests, type KnownBundle } from "./known.ts";
export { hasBytesAt } from "./same-bytes.ts";
export { BundleVerifier } from "./verifier.ts";
export type {
  BundleVerifierOptions,
  Crc32Functions,
  DeltaFacts,
  Manifest,
  ManifestFields,
  RefusalCause,
  Variant,
  VerifiedImage,
} from "./types.ts";
export {
  inspectBundle,
  verifyBundle,
  type BundleInspection,
  type BundleVerdict,
  type SliceInspection,
  type VerifiedSlice,
  type VerifyOptions,
} from "./inspect.ts";
export {
  imageSourceOf,
  imageSourceSteps,
  sha256Steps,
  SOURCE_BYTES_MAX,
  imageSourcesOf,
  openImageSource,
  openImageSources,
  type ImageSource,
  type ImageSourceOptions,
} from "./source.ts";
export {
  DELTA_ALGORITHM,
  makeDeltaBundle,
  makeDeltaBundleSync,
  type DeltaBundleOptions,
  type MadeDelta,
} from "./delta-bundle.ts";
export { rebuildFromFiles, type AppliedDelta, type ApplyBundleOptions, type RebuiltPiece } from "./rebuilt-bundle.ts";
