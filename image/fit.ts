/** Whether an image fits the ONT that is to take it, as far as its manifest tells. */
import { SEAL_BYTES } from "./format.ts";
import type { BundleVerifierOptions, Manifest, RefusalCause, Variant } from "./types.ts";
import { compareVersions } from "./versions.ts";

export interface Misfit {
  cause: RefusalCause;
  /** One line with the particulars. */
  detail: string;
}

type Asked = Omit<BundleVerifierOptions, "trustedKeys" | "crc32" | "md5">;

const hardwareRefusal = (list: readonly string[], ours: string): Misfit => ({
  cause: "incompatible-hardware",
  detail: `image is for hardware ${list.join(", ")}, not ${ours}`,
});

/**
 * Whether the image has the length that its manifest gives it, and which of its variants it may then be: none where there
 * are none, several where they are of the same length and no hardware was asked for.
 *
 * @param headerBytes of the bundle
 */
export function lengthVerdict(
  { payloadBytes, variants, hardware }: Manifest,
  { imageBytes, hardwareVersion }: Asked,
  headerBytes: number,
): Misfit | readonly Variant[] {
  const bytesWith = (payload: number): number => headerBytes + payload + SEAL_BYTES;
  const wrongLength = (bundleBytes: number, more = ""): Misfit => ({
    cause: imageBytes < bundleBytes ? "truncated" : "size-mismatch",
    detail: `${imageBytes} bytes; the manifest makes it ${bundleBytes}${more}`,
  });
  if (variants.length === 0) return bytesWith(payloadBytes) === imageBytes ? [] : wrongLength(bytesWith(payloadBytes));
  const candidates = variants.filter((variant) => bytesWith(variant.payloadBytes) === imageBytes);
  if (hardwareVersion === undefined)
    return candidates.length > 0
      ? candidates
      : {
          cause: "size-mismatch",
          detail: `${imageBytes} bytes; the manifest makes it one of ${variants.length} payloads by hardware, none of which is of that length`,
        };
  const own = variants.find((variant) => variant.hardware.includes(hardwareVersion));
  if (own === undefined) return hardwareRefusal(hardware, hardwareVersion);
  if (candidates.includes(own)) return [own];
  // Another one's payload came.
  const [other] = candidates;
  if (other !== undefined) return hardwareRefusal(other.hardware, hardwareVersion);
  return wrongLength(bytesWith(own.payloadBytes), ` for hardware ${hardwareVersion}`);
}

/** Why an image whose header is in does not fit; undefined: it does, as far as was asked. */
export function fitRefusal(manifest: Manifest, options: Asked): Misfit | undefined {
  const { productCode, hardwareVersion, securityVersion = 0 } = options;
  const kind = kindRefusal(manifest, options);
  if (kind !== undefined) return kind;
  if (productCode !== undefined && manifest.productCode !== productCode) {
    return {
      cause: "wrong-product-code",
      detail: `image is for product code ${manifest.productCode}, not ${productCode}`,
    };
  }
  if (hardwareVersion !== undefined && !manifest.hardware.includes(hardwareVersion))
    return hardwareRefusal(manifest.hardware, hardwareVersion);
  if (manifest.securityVersion < securityVersion) {
    const detail = `image has security version ${manifest.securityVersion}; ${securityVersion} is the lowest that is taken`;
    return { cause: "security-version-too-low", detail };
  }
  return versionRefusal(manifest, options) ?? baseRefusal(manifest, options);
}

function kindRefusal({ delta }: Manifest, { accepts = "image" }: Asked): Misfit | undefined {
  if (delta !== undefined && accepts === "image") {
    return {
      cause: "delta-not-expected",
      detail: `this is a delta from ${delta.baseVersion}, where an image was expected`,
    };
  }
  if (delta === undefined && accepts === "delta")
    return { cause: "not-a-delta", detail: "this is an image, where a delta was expected" };
  return undefined;
}

function versionRefusal({ minimumVersion }: Manifest, { runningVersion }: Asked): Misfit | undefined {
  const isTooOld =
    minimumVersion !== "" && runningVersion !== undefined && compareVersions(runningVersion, minimumVersion) < 0;
  if (!isTooOld) return undefined;
  return {
    cause: "version-not-replaceable",
    detail: `image replaces ${minimumVersion} or later, not ${runningVersion}`,
  };
}

function baseRefusal({ delta }: Manifest, { baseSha256 }: Asked): Misfit | undefined {
  if (delta === undefined || baseSha256 === undefined || delta.baseSha256 === baseSha256) return undefined;
  const detail = `delta is from ${delta.baseVersion} of SHA-256 ${delta.baseSha256}, not from what runs, ${baseSha256}`;
  return { cause: "wrong-base", detail };
}
