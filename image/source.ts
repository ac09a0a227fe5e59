/** The image that an OLT sends: checked once, then read by offset. Knows nothing of sections and windows. */
import { createHash } from "node:crypto";
import { ImageError } from "./error.ts";
import { expiryOf } from "./expiry.ts";
import { IMAGE_BYTES_MAX } from "./format.ts";
import { readFully, verdictOf, withFile } from "./inspect.ts";
import { hardwareOf, slicesOf } from "./slices.ts";
import type { ContentHash, Crc32Functions, DeltaFacts } from "./types.ts";
import { allSteps, piecesOf, type ByteSteps } from "./steps.ts";
import { BundleVerifier } from "./verifier.ts";

/** An image as an OLT sends it. */
export interface ImageSource {
  readonly imageBytes: number;
  readonly crc32: number;
  /** SHA-256 of the whole file, hexadecimal. */
  readonly sha256: string;
  /** From the manifest; empty where the file is no whole bundle (only with `force`). */
  readonly version: string;
  readonly productCode: string;
  readonly hardware: readonly string[];
  readonly minimumVersion: string;
  /** What it is from and what it makes; absent: it is an image. */
  readonly delta?: DeltaFacts;
  /** What a person should know before it is sent; empty: nothing. */
  readonly warning: string;
  /** A view into the image, valid as long as it is held; shorter where the image ends. */
  read(offsetBytes: number, lengthBytes: number): Uint8Array;
}

export interface ImageSourceOptions {
  crc32: Crc32Functions;
  /** As the verifier takes it. */
  hash?: () => ContentHash;
  /** Refuse a bundle that none of these signed; left out: signatures are the ONTs' business. */
  trustedKeys?: readonly Uint8Array[];
  /** Take any file, a damaged bundle or none at all. */
  force?: boolean;
  /** What time it is, seconds since 1970-01-01 UTC; left out: nobody knows, and an expiry is only told of. */
  nowSeconds?: number;
}

/** Largest image held in memory, bytes. */
export const SOURCE_BYTES_MAX = Math.min(IMAGE_BYTES_MAX, 1024 * 1024 * 1024);

/**
 * Reads an image file into memory and checks it.
 *
 * @throws ImageError when the file cannot be read, is empty or too large, or, without `force`, is no whole bundle or has expired
 */
export function openImageSource(file: string, options: ImageSourceOptions): ImageSource {
  return imageSourceOf(readImage(file), options, file);
}

/**
 * The same for a bundle with several payloads: a source for each of them, in the order of the file; of any other image, one.
 *
 * @throws ImageError as `openImageSource`
 */
export function openImageSources(file: string, options: ImageSourceOptions): ImageSource[] {
  return imageSourcesOf(readImage(file), options, file);
}

function readImage(file: string): Uint8Array {
  return withFile(file, (descriptor, fileBytes) => {
    if (fileBytes > SOURCE_BYTES_MAX) {
      throw new ImageError(`${file}: ${fileBytes} bytes; at most ${SOURCE_BYTES_MAX} are read`);
    }
    const bytes = Buffer.allocUnsafeSlow(fileBytes);
    if (readFully(descriptor, bytes, 0) !== fileBytes) throw new ImageError(`${file}: changed while it was read`);
    return bytes;
  });
}

/** As `openImageSources`, for a bundle in memory. */
export function imageSourcesOf(bytes: Uint8Array, options: ImageSourceOptions, name = "image"): ImageSource[] {
  return slicesBytes(bytes).map((slice) => imageSourceOf(slice, options, name));
}

/** What is no bundle is one slice: whether it is taken is decided where it is checked. */
function slicesBytes(bytes: Uint8Array): Uint8Array[] {
  try {
    return slicesOf(bytes).map((slice) => slice.bytes);
  } catch (error) {
    if (!(error instanceof ImageError)) throw error;
    return [bytes];
  }
}

/** SHA-256 of bytes, hexadecimal, in steps. */
export function* sha256Steps(bytes: Uint8Array): ByteSteps<string> {
  const hash = createHash("sha256");
  for (const piece of piecesOf(bytes)) {
    hash.update(piece);
    yield undefined;
  }
  return hash.digest("hex");
}

/**
 * The same for an image in memory, which is not copied.
 *
 * @param name what to call it in errors
 */
export const imageSourceOf = (...args: Parameters<typeof imageSourceSteps>): ImageSource =>
  allSteps(imageSourceSteps(...args));

/** The same in steps. */
export function* imageSourceSteps(
  bytes: Uint8Array,
  options: ImageSourceOptions,
  name = "image",
): ByteSteps<ImageSource> {
  if (bytes.length === 0) throw new ImageError(`${name}: is empty`);
  const { crc32, hash, force = false, trustedKeys = "unchecked" } = options;
  const verifier = new BundleVerifier({
    trustedKeys,
    accepts: "either",
    imageBytes: bytes.length,
    crc32,
    ...(hash && { hash }),
  });
  for (const piece of piecesOf(bytes)) {
    if (verifier.update(piece) !== undefined) break;
    yield undefined;
  }
  const verdict = verdictOf(verifier);
  const read = (offsetBytes: number, lengthBytes: number): Uint8Array =>
    bytes.subarray(offsetBytes, offsetBytes + lengthBytes);
  if (verdict.valid) {
    const { productCode, minimumVersion } = verdict.manifest;
    const hardware = hardwareOf(verdict.manifest, verifier);
    const expiry = expiryOf(verdict.manifest, options.nowSeconds);
    if (expiry.isOver && !force) throw new ImageError(`${name}: ${expiry.text}`);
    return { ...verdict.image, productCode, hardware, minimumVersion, warning: expiry.text, read };
  }
  if (!force && slicesBytes(bytes).length > 1)
    throw new ImageError(`${name}: has several payloads by hardware, of which one is sent`);
  if (!force) throw new ImageError(`${name}: not a whole bundle (${verdict.cause}): ${verdict.detail}`);
  return {
    imageBytes: bytes.length,
    crc32: crc32.finish(crc32.update(crc32.init, bytes)),
    sha256: createHash("sha256").update(bytes).digest("hex"),
    version: "",
    productCode: "",
    hardware: [],
    minimumVersion: "",
    warning: "",
    read,
  };
}
