/** Bundles as files, read for people: what a bundle says of itself, and the verdict an ONT would give. */
import { closeSync, fstatSync, openSync, readSync } from "node:fs";
import { ImageError } from "./error.ts";
import { HEADER_BYTES_MAX, SEAL_BYTES, SIGNATURE_BYTES } from "./format.ts";
import { fileProblem } from "./pack.ts";
import { headerOf, hardwareOf, slicePlaces, type BundleHeader, type SlicePlace } from "./slices.ts";
import type { BundleVerifierOptions, Manifest, RefusalCause, VerifiedImage } from "./types.ts";
import { BundleVerifier } from "./verifier.ts";

const CHUNK_BYTES = 1024 * 1024;

/** Opens a file for reading; whoever opens it closes it. @throws ImageError when it cannot be read */
export function openedFile(file: string): { descriptor: number; fileBytes: number } {
  let descriptor: number;
  try {
    descriptor = openSync(file, "r");
  } catch (error) {
    throw new ImageError(`${file}: ${fileProblem(error)}`);
  }
  const stat = fstatSync(descriptor);
  if (stat.isFile()) return { descriptor, fileBytes: stat.size };
  closeSync(descriptor);
  throw new ImageError(`${file}: is not a file`);
}

/** Runs `use` with the file open for reading. @throws ImageError when it cannot be read */
export function withFile<Result>(file: string, use: (descriptor: number, fileBytes: number) => Result): Result {
  const { descriptor, fileBytes } = openedFile(file);
  try {
    return use(descriptor, fileBytes);
  } finally {
    closeSync(descriptor);
  }
}

/** Reads from `offsetBytes` until `into` is full or the file ends. @returns the bytes read */
export function readFully(descriptor: number, into: Uint8Array, offsetBytes: number): number {
  let done = 0;
  while (done < into.length) {
    const read = readSync(descriptor, into, done, into.length - done, offsetBytes + done);
    if (read === 0) break;
    done += read;
  }
  return done;
}

/** A payload of a bundle, and the seal that binds it to the header. */
export interface SliceInspection {
  /** Hardware it is for. */
  hardware: readonly string[];
  /** Offset in the file. */
  payloadAt: number;
  payloadBytes: number;
  /** What a device is sent and keeps: header, payload and seal. */
  sliceBytes: number;
  /** SHA-256 of header and payload as the seal names it, hexadecimal; not compared with the content. */
  sealedSha256: string;
  /** Hexadecimal. */
  sealSignature: string;
}

export interface BundleInspection {
  manifest: Manifest;
  bundleBytes: number;
  headerBytes: number;
  /** Hexadecimal. */
  manifestSignature: string;
  /** Of the last payload of the file, as are both of its seal. */
  sealedSha256: string;
  sealSignature: string;
  /** All payloads that the file has. */
  slices: SliceInspection[];
}

/**
 * What a bundle says of itself, from its header and seals; neither signatures nor content are checked.
 *
 * @throws ImageError when the file is no bundle, its manifest is not readable, or its length is wrong
 */
export function inspectBundle(file: string): BundleInspection {
  return withFile(file, (descriptor, bundleBytes) => {
    const { head, header, places } = layoutOf(file, descriptor, bundleBytes);
    const { manifest, headerBytes } = header;
    const seal = Buffer.alloc(SEAL_BYTES);
    const slices = places.map((place) => {
      const { payloadAt, payloadBytes, sliceBytes } = place;
      readFully(descriptor, seal, payloadAt + payloadBytes);
      const sealedSha256 = seal.toString("hex", 0, SEAL_BYTES - SIGNATURE_BYTES);
      const sealSignature = seal.toString("hex", SEAL_BYTES - SIGNATURE_BYTES);
      return {
        hardware: hardwareOf(manifest, place),
        payloadAt,
        payloadBytes,
        sliceBytes,
        sealedSha256,
        sealSignature,
      };
    });
    const { sealedSha256, sealSignature } = slices.at(-1)!;
    const manifestSignature = head.toString("hex", headerBytes - SIGNATURE_BYTES, headerBytes);
    return { manifest, bundleBytes, headerBytes, manifestSignature, sealedSha256, sealSignature, slices };
  });
}

/** @throws ImageError naming the file */
function layoutOf(
  file: string,
  descriptor: number,
  fileBytes: number,
): { head: Buffer; header: BundleHeader; places: SlicePlace[] } {
  const head = Buffer.alloc(Math.min(HEADER_BYTES_MAX, fileBytes));
  readFully(descriptor, head, 0);
  try {
    const header = headerOf(head);
    return { head, header, places: slicePlaces(header, fileBytes) };
  } catch (error) {
    if (!(error instanceof ImageError)) throw error;
    throw new ImageError(`${file}: ${error.message}`);
  }
}

export type VerifyOptions = Omit<BundleVerifierOptions, "imageBytes">;

/** A payload that passed, as a bundle of its own. */
export interface VerifiedSlice {
  hardware: readonly string[];
  image: VerifiedImage;
}

export type BundleVerdict =
  | {
      valid: true;
      image: VerifiedImage;
      manifest: Manifest;
      /** Of a file with several payloads: each that was asked for; `image` is that of the first. */
      slices?: VerifiedSlice[];
    }
  | { valid: false; cause: RefusalCause; detail: string };

/**
 * Checks a whole bundle file as an ONT would; of several payloads that of `hardwareVersion`, or all of them.
 *
 * @param options as for `BundleVerifier`; the CRC-32 is of what was read, so that it never mismatches
 * @throws ImageError when the file cannot be read
 */
export function verifyBundle(file: string, options: VerifyOptions): BundleVerdict {
  return withFile(file, (descriptor, fileBytes) => {
    const found = severalPlaces(descriptor, fileBytes);
    if (found === undefined) return verifySlice(descriptor, options, [[0, fileBytes]]);
    const { manifest, headerBytes } = found.header;
    const { hardwareVersion } = options;
    const own = found.places.filter(
      (place) => hardwareVersion === undefined || hardwareOf(manifest, place).includes(hardwareVersion),
    );
    const slices: VerifiedSlice[] = [];
    // Where none is for this hardware, the first tells so.
    for (const place of own.length > 0 ? own : found.places.slice(0, 1)) {
      const { payloadAt, sliceBytes } = place;
      const hardware = hardwareOf(manifest, place);
      const asked = { ...options, hardwareVersion: hardwareVersion ?? hardware[0] };
      const behindHeader = [payloadAt, sliceBytes - headerBytes] as const;
      const verdict = verifySlice(descriptor, asked, [[0, headerBytes], behindHeader]);
      if (!verdict.valid)
        return own.length > 0
          ? { ...verdict, detail: `payload for ${hardware.join(", ")}: ${verdict.detail}` }
          : verdict;
      slices.push({ hardware, image: verdict.image });
    }
    return { valid: true, image: slices[0].image, manifest, slices };
  });
}

/** The places of a file with several payloads; undefined: it has one, or is no bundle, which a verifier tells. */
function severalPlaces(
  descriptor: number,
  fileBytes: number,
): { header: BundleHeader; places: SlicePlace[] } | undefined {
  try {
    const { header, places } = layoutOf("", descriptor, fileBytes);
    return places.length > 1 ? { header, places } : undefined;
  } catch (error) {
    if (error instanceof ImageError) return undefined;
    throw error;
  }
}

/** @param stretches of the file, offset and length */
function verifySlice(
  descriptor: number,
  options: VerifyOptions,
  stretches: readonly (readonly [atBytes: number, lengthBytes: number])[],
): BundleVerdict {
  const imageBytes = stretches.reduce((sum, [, lengthBytes]) => sum + lengthBytes, 0);
  const verifier = new BundleVerifier({ ...options, imageBytes });
  const chunk = Buffer.allocUnsafe(CHUNK_BYTES);
  for (const [atBytes, lengthBytes] of stretches) {
    for (let done = 0; done < lengthBytes;) {
      const read = readFully(descriptor, chunk.subarray(0, lengthBytes - done), atBytes + done);
      if (read === 0 || verifier.update(chunk.subarray(0, read)) !== undefined) return verdictOf(verifier);
      done += read;
    }
  }
  return verdictOf(verifier);
}

/** What a verifier that has seen the whole file says. */
export function verdictOf(verifier: BundleVerifier): BundleVerdict {
  const verdict = verifier.finish(verifier.crc32);
  const { manifest, detail } = verifier;
  if (verdict.valid && manifest !== undefined) return { ...verdict, manifest };
  return { valid: false, cause: verdict.valid ? "bad-manifest" : verdict.cause, detail };
}
