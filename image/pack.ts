/** Makes bundles, in memory or as a file that is never there by half. */
import { constants } from "node:fs";
import { open, rename, rm, stat, type FileHandle } from "node:fs/promises";
import { basename, dirname, join } from "node:path";
import { ImageError } from "./error.ts";
import { makeHeader, makeSeal, sha256 } from "./format.ts";
import { encodeManifest, type Manifest, type ManifestFields } from "./manifest.ts";

const CHUNK_BYTES = 1024 * 1024;

/** A bundle around a payload in memory. @throws ImageError naming the field or key that cannot be used */
export function buildBundle(fields: ManifestFields, payload: Uint8Array, privateKeyPem: string): Uint8Array {
  const header = makeHeader(encodeManifest({ ...fields, payloadBytes: payload.length }), privateKeyPem);
  const digest = sha256().update(header).update(payload).digest();
  return Buffer.concat([header, payload, makeSeal(digest, privateKeyPem)]);
}

export interface PackOptions {
  fields: ManifestFields;
  payloadFile: string;
  outFile: string;
  privateKeyPem: string;
  /** Replace `outFile` if it is there. */
  force?: boolean;
}

export interface PackedBundle {
  manifest: Manifest;
  bundleBytes: number;
  /** SHA-256 of the whole file, hexadecimal. */
  sha256: string;
}

/**
 * Packs a payload file into a bundle without holding it in memory. The bundle appears under its name when it is whole and
 * on stable storage; on an error nothing is left.
 *
 * @throws ImageError when a field, the key or a file cannot be used
 */
export async function packBundle(options: PackOptions): Promise<PackedBundle> {
  const { outFile, payloadFile, force } = options;
  if (force !== true && (await stat(outFile).catch(() => undefined)) !== undefined) {
    throw new ImageError(`${outFile} exists already`);
  }
  const payload = await openFile(payloadFile, constants.O_RDONLY);
  const temporaryFile = join(dirname(outFile), `.${basename(outFile)}.${process.pid}.tmp`);
  try {
    const payloadStat = await payload.stat();
    if (!payloadStat.isFile()) throw new ImageError(`${payloadFile} is not a file`);
    const manifest = { securityVersion: 0, expires: 0, ...options.fields, payloadBytes: payloadStat.size };
    const header = makeHeader(encodeManifest(manifest), options.privateKeyPem);
    const out = await openFile(temporaryFile, constants.O_WRONLY | constants.O_CREAT | constants.O_EXCL);
    try {
      const packed = await writeBundle(payload, out, header, manifest, options);
      await out.sync();
      await rename(temporaryFile, outFile).catch((error: unknown) => {
        throw new ImageError(`${outFile}: ${fileProblem(error)}`);
      });
      return packed;
    } finally {
      await out.close();
      await rm(temporaryFile, { force: true });
    }
  } finally {
    await payload.close();
  }
}

async function openFile(path: string, flags: number): Promise<FileHandle> {
  try {
    return await open(path, flags, 0o644);
  } catch (error) {
    throw new ImageError(`${path}: ${fileProblem(error)}`);
  }
}

const fileProblems: Partial<Record<string, string>> = {
  ENOENT: "no such file or folder",
  EACCES: "permission denied",
  EISDIR: "is a folder",
  ENOTDIR: "a part of the path is not a folder",
  EEXIST: "exists already",
  ENOSPC: "no space left",
};

/** What the file system said, for people. */
export function fileProblem(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  const { code } = error as NodeJS.ErrnoException;
  return (code === undefined ? undefined : fileProblems[code]) ?? error.message;
}

async function writeBundle(
  payload: FileHandle,
  out: FileHandle,
  header: Uint8Array,
  manifest: Manifest,
  { payloadFile, privateKeyPem }: PackOptions,
): Promise<PackedBundle> {
  const hash = sha256().update(header);
  await out.writeFile(header);
  const chunk = Buffer.allocUnsafe(CHUNK_BYTES);
  let copiedBytes = 0;
  for (;;) {
    const { bytesRead } = await payload.read(chunk, 0, chunk.length, copiedBytes);
    if (bytesRead === 0) break;
    copiedBytes += bytesRead;
    if (copiedBytes > manifest.payloadBytes) break;
    const part = chunk.subarray(0, bytesRead);
    hash.update(part);
    await out.writeFile(part);
  }
  if (copiedBytes !== manifest.payloadBytes) throw new ImageError(`${payloadFile} changed while it was packed`);
  const seal = makeSeal(hash.copy().digest(), privateKeyPem);
  await out.writeFile(seal);
  return {
    manifest,
    bundleBytes: header.length + copiedBytes + seal.length,
    sha256: hash.update(seal).digest("hex"),
  };
}
