/** Bundles as files, read for people: what a bundle says of itself, and the verdict an ONT would give. */
import { closeSync, fstatSync, openSync, readSync } from "node:fs";
import { ImageError } from "./error.ts";
import { HEADER_BYTES_MAX, MANIFEST_AT, SEAL_BYTES, SIGNATURE_BYTES, manifestLengthOf } from "./format.ts";
import type { Manifest } from "./manifest.ts";
import { fileProblem } from "./pack.ts";
import {
  BundleVerifier,
  type BundleVerifierOptions,
  type Crc32Functions,
  type RefusalCause,
  type VerifiedImage,
} from "./verifier.ts";

const CHUNK_BYTES = 1024 * 1024;

/** Runs `use` with the file open for reading. @throws ImageError when it cannot be read */
export function withFile<Result>(file: string, use: (descriptor: number, fileBytes: number) => Result): Result {
  let descriptor: number;
  try {
    descriptor = openSync(file, "r");
  } catch (error) {
    throw new ImageError(`${file}: ${fileProblem(error)}`);
  }
  try {
    const stat = fstatSync(descriptor);
    if (!stat.isFile()) throw new ImageError(`${file}: is not a file`);
    return use(descriptor, stat.size);
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

export interface BundleInspection {
  manifest: Manifest;
  bundleBytes: number;
  headerBytes: number;
  /** Hexadecimal. */
  manifestSignature: string;
  /** SHA-256 of header and payload as the seal names it, hexadecimal; not compared with the content. */
  sealedSha256: string;
  sealSignature: string;
}

/**
 * What a bundle says of itself, from its two ends; neither signatures nor content are checked.
 *
 * @throws ImageError when the file is no bundle, its manifest is not readable, or its length is wrong
 */
export function inspectBundle(file: string): BundleInspection {
  return withFile(file, (descriptor, bundleBytes) => {
    const head = Buffer.alloc(Math.min(HEADER_BYTES_MAX, bundleBytes));
    readFully(descriptor, head, 0);
    const reader = new BundleVerifier({
      trustedKeys: "unchecked",
      imageBytes: bundleBytes,
      crc32: noCrc32,
    });
    reader.update(head);
    const { manifest, detail } = reader;
    if (manifest === undefined) throw new ImageError(`${file}: ${detail || "too short for a bundle"}`);
    const headerBytes = MANIFEST_AT + manifestLengthOf(head) + SIGNATURE_BYTES;
    const seal = Buffer.alloc(SEAL_BYTES);
    readFully(descriptor, seal, bundleBytes - SEAL_BYTES);
    return {
      manifest,
      bundleBytes,
      headerBytes,
      manifestSignature: head.toString("hex", headerBytes - SIGNATURE_BYTES, headerBytes),
      sealedSha256: seal.toString("hex", 0, SEAL_BYTES - SIGNATURE_BYTES),
      sealSignature: seal.toString("hex", SEAL_BYTES - SIGNATURE_BYTES),
    };
  });
}

const noCrc32: Crc32Functions = { init: 0, update: () => 0, finish: () => 0 };

export type VerifyOptions = Omit<BundleVerifierOptions, "imageBytes">;

export type BundleVerdict =
  | { valid: true; image: VerifiedImage; manifest: Manifest }
  | { valid: false; cause: RefusalCause; detail: string };

/**
 * Checks a whole bundle file as an ONT would.
 *
 * @param options as for `BundleVerifier`; the CRC-32 is of what was read, so that it never mismatches
 * @throws ImageError when the file cannot be read
 */
export function verifyBundle(file: string, options: VerifyOptions): BundleVerdict {
  return withFile(file, (descriptor, imageBytes) => {
    const verifier = new BundleVerifier({ ...options, imageBytes });
    const chunk = Buffer.allocUnsafe(CHUNK_BYTES);
    let refusal: RefusalCause | undefined;
    for (let at = 0; at < imageBytes && refusal === undefined;) {
      const read = readFully(descriptor, chunk, at);
      if (read === 0) break;
      refusal = verifier.update(chunk.subarray(0, read));
      at += read;
    }
    return verdictOf(verifier);
  });
}

/** What a verifier that has seen the whole file says. */
export function verdictOf(verifier: BundleVerifier): BundleVerdict {
  const verdict = verifier.finish(verifier.crc32);
  const { manifest, detail } = verifier;
  if (verdict.valid && manifest !== undefined) return { ...verdict, manifest };
  return { valid: false, cause: verdict.valid ? "bad-manifest" : verdict.cause, detail };
}
