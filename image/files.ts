import { createHash } from "node:crypto";
import { readFile, stat } from "node:fs/promises";
import { forEachChunk, HEAD_BYTES, MAGIC, PREFIX_BYTES_MAX, SIGNATURE_BYTES } from "./bundle.ts";
import { decodeManifest, type Manifest } from "./manifest.ts";
import { BundleVerifier, type RunningCrc32, type Verdict } from "./verifier.ts";

/** Largest image an OLT takes: it is held in memory whole. */
export const IMAGE_BYTES_MAX = 512 * 1024 * 1024;

/** An image file that cannot be used, in one line. */
export class ImageFileError extends Error {}

/** A bundle's head, without a verdict. */
export interface BundleInspection {
  manifest: Manifest;
  signature: string;
  manifestBytes: number;
  bundleBytes: number;
}

/** Reads the head of a bundle file; the payload is not looked at. @throws ImageFileError, file system errors */
export async function inspectBundle(file: string): Promise<BundleInspection> {
  const { size } = await stat(file);
  let head = new Uint8Array(0);
  await forEachChunk(file, async (chunk) => {
    if (head.length === 0) head = chunk.slice(0, PREFIX_BYTES_MAX);
  });
  return inspectHead(head, size);
}

/** @throws ImageFileError */
export function inspectHead(head: Uint8Array, bundleBytes: number): BundleInspection {
  if (head.length < HEAD_BYTES || !MAGIC.every((byte, at) => byte === head[at]))
    throw new ImageFileError("not a firmware bundle");
  const manifestBytes = new DataView(head.buffer, head.byteOffset).getUint32(MAGIC.length);
  const signedBytes = HEAD_BYTES + manifestBytes;
  if (signedBytes + SIGNATURE_BYTES > head.length)
    throw new ImageFileError("the bundle ends within its manifest");
  let manifest: Manifest;
  try {
    manifest = decodeManifest(head.subarray(HEAD_BYTES, signedBytes));
  } catch (error) {
    throw new ImageFileError(`bad manifest: ${(error as Error).message}`);
  }
  const signature = Buffer.from(head.subarray(signedBytes, signedBytes + SIGNATURE_BYTES)).toString(
    "hex",
  );
  return { manifest, signature, manifestBytes, bundleBytes };
}

/** Checks a whole bundle file against a public key (32 raw bytes). @throws file system errors */
export async function verifyBundle(file: string, publicKey: Uint8Array): Promise<Verdict> {
  const { size } = await stat(file);
  const verifier = new BundleVerifier({
    trustedKeys: [publicKey],
    productCode: "",
    hardwareVersion: "",
    runningVersion: "",
    imageBytes: size,
    // The file carries no CRC of its own: 0 is both what is computed and what is announced.
    crc32: { init: 0, update: () => 0, finish: () => 0 },
  });
  await forEachChunk(file, async (chunk) => {
    verifier.update(chunk);
  });
  return verifier.finish(0);
}

/** An image as an OLT reads it; see ImageSource in olt/. */
export interface LoadedImage {
  imageBytes: number;
  crc32: number;
  /** SHA-256 of the whole file, hexadecimal. */
  sha256: string;
  version: string;
  productCode: string;
  hardware: readonly string[];
  minimumVersion: string;
  bytes: Uint8Array;
  read(offsetBytes: number, lengthBytes: number): Uint8Array;
}

/**
 * Reads an image file into memory.
 *
 * @param anyFile take a file that is no bundle too: version, product code and lists are empty then.
 * @throws ImageFileError, file system errors
 */
export async function openImageSource(
  file: string,
  crc32: RunningCrc32,
  anyFile = false,
): Promise<LoadedImage> {
  const { size } = await stat(file);
  if (size === 0) throw new ImageFileError("the file is empty");
  if (size > IMAGE_BYTES_MAX)
    throw new ImageFileError(`${size} bytes; at most ${IMAGE_BYTES_MAX} are possible`);
  const content = await readFile(file);
  return loadImage(
    new Uint8Array(content.buffer, content.byteOffset, content.length),
    crc32,
    anyFile,
  );
}

/** The same from bytes in memory. @throws ImageFileError */
export function loadImage(bytes: Uint8Array, crc32: RunningCrc32, anyFile = false): LoadedImage {
  let manifest: Manifest | undefined;
  try {
    manifest = inspectHead(bytes.subarray(0, PREFIX_BYTES_MAX), bytes.length).manifest;
  } catch (error) {
    if (!anyFile) throw error;
  }
  return {
    imageBytes: bytes.length,
    crc32: crc32.finish(crc32.update(crc32.init, bytes)),
    sha256: createHash("sha256").update(bytes).digest("hex"),
    version: manifest?.version ?? "",
    productCode: manifest?.productCode ?? "",
    hardware: manifest?.hardware ?? [],
    minimumVersion: manifest?.minimumVersion ?? "",
    bytes,
    read: (offsetBytes, lengthBytes) => bytes.subarray(offsetBytes, offsetBytes + lengthBytes),
  };
}
