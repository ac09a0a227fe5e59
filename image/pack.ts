/** Makes bundles, in memory or as a file that is never there by half. */
import { constants } from "node:fs";
import { open, rename, rm, stat, type FileHandle } from "node:fs/promises";
import { basename, dirname, join } from "node:path";
import { ImageError } from "./error.ts";
import { makeHeader, makeSeal, sha256 } from "./format.ts";
import { encodeManifest, manifestOf } from "./manifest.ts";
import type { Manifest, ManifestFields, Variant } from "./types.ts";

const CHUNK_BYTES = 1024 * 1024;

/** A bundle around a payload in memory. @throws ImageError naming the field or key that cannot be used */
export function buildBundle(fields: ManifestFields, payload: Uint8Array, privateKeyPem: string): Uint8Array {
  const header = makeHeader(encodeManifest({ ...fields, payloadBytes: payload.length }), privateKeyPem);
  const digest = sha256().update(header).update(payload).digest();
  return Buffer.concat([header, payload, makeSeal(digest, privateKeyPem)]);
}

/** What the one who packs says of one of several payloads. */
export type VariantFields = Pick<Variant, "hardware"> & Partial<Pick<Variant, "architecture" | "flashLayout">>;

const variantOf = (fields: VariantFields, payloadBytes: number, payloadSha256: string): Variant => ({
  architecture: "",
  flashLayout: "",
  ...fields,
  payloadBytes,
  payloadSha256,
});

/** The manifest of several payloads: hardware is that of all of them. */
const variedManifest = (fields: Omit<ManifestFields, "hardware">, variants: Variant[]): Manifest =>
  manifestOf({ ...fields, hardware: variants.flatMap(({ hardware }) => hardware), payloadBytes: 0, variants });

/** A bundle around several payloads in memory. @throws ImageError as `buildBundle` */
export function buildVariantBundle(
  fields: Omit<ManifestFields, "hardware">,
  payloads: readonly (VariantFields & { payload: Uint8Array })[],
  privateKeyPem: string,
): Uint8Array {
  const variants = payloads.map(({ payload, ...own }) =>
    variantOf(own, payload.length, sha256().update(payload).digest("hex")),
  );
  const header = makeHeader(encodeManifest(variedManifest(fields, variants)), privateKeyPem);
  const parts = payloads.flatMap(({ payload }) => {
    const digest = sha256().update(header).update(payload).digest();
    return [payload, makeSeal(digest, privateKeyPem)];
  });
  return Buffer.concat([header, ...parts]);
}

interface PackCommon {
  outFile: string;
  privateKeyPem: string;
  /** Replace `outFile` if it is there. */
  force?: boolean;
  /** Ends the work; nothing is left of it. */
  signal?: AbortSignal;
}

export interface PackOptions extends PackCommon {
  fields: ManifestFields;
  payloadFile: string;
}

export interface PackVariantsOptions extends PackCommon {
  fields: Omit<ManifestFields, "hardware">;
  /** In the order in which the bundle has them. */
  payloads: readonly (VariantFields & { payloadFile: string })[];
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
export function packBundle(options: PackOptions): Promise<PackedBundle> {
  const { payloadFile, fields, privateKeyPem } = options;
  return wholeFile(options, async (out) => {
    const payload = await openPayload(payloadFile);
    try {
      const { size: payloadBytes } = await payload.stat();
      const manifest = manifestOf({ ...fields, payloadBytes });
      const header = makeHeader(encodeManifest(manifest), privateKeyPem);
      return await writeBundle(await out(), header, manifest, [{ payload, payloadFile, payloadBytes }], options);
    } finally {
      await payload.close();
    }
  });
}

/**
 * The same for several payloads, which are read twice: their digests are in the header.
 *
 * @throws ImageError as `packBundle`, and when two payloads are the same
 */
export function packVariants(options: PackVariantsOptions): Promise<PackedBundle> {
  const { payloads, fields, privateKeyPem } = options;
  return wholeFile(options, async (out) => {
    const parts: PayloadPart[] = [];
    try {
      for (const { payloadFile } of payloads) {
        const payload = await openPayload(payloadFile);
        const { size: payloadBytes } = await payload.stat();
        parts.push({ payload, payloadFile, payloadBytes });
      }
      const variants: Variant[] = [];
      for (const [at, part] of parts.entries()) {
        const { payloadFile: _file, ...own } = payloads[at];
        const hash = sha256();
        await eachChunk(part, options, (chunk) => void hash.update(chunk));
        const variant = variantOf(own, part.payloadBytes, hash.digest("hex"));
        refuseTwin(variant, variants);
        variants.push(variant);
        part.sha256 = variant.payloadSha256;
      }
      const manifest = variedManifest(fields, variants);
      const header = makeHeader(encodeManifest(manifest), privateKeyPem);
      return await writeBundle(await out(), header, manifest, parts, options);
    } finally {
      for (const { payload } of parts) await payload.close();
    }
  });
}

function refuseTwin({ hardware, payloadSha256 }: Variant, before: readonly Variant[]): void {
  const twin = before.find((variant) => variant.payloadSha256 === payloadSha256);
  if (twin === undefined) return;
  const [one, other] = [twin.hardware, hardware].map((list) => list.join(", "));
  throw new ImageError(`payloads for ${one} and for ${other} are the same; name the hardware of both in one variant`);
}

/**
 * Makes a file that is there whole or not at all, on stable storage before it has its name.
 *
 * @param write makes it; `out` opens the file, so that what is wrong with the input is known before
 */
async function wholeFile(
  { outFile, force }: PackCommon,
  write: (out: () => Promise<FileHandle>) => Promise<PackedBundle>,
): Promise<PackedBundle> {
  if (force !== true && (await stat(outFile).catch(() => undefined)) !== undefined) {
    throw new ImageError(`${outFile} exists already`);
  }
  const temporaryFile = join(dirname(outFile), `.${basename(outFile)}.${process.pid}.tmp`);
  let opened: FileHandle | undefined;
  try {
    const packed = await write(async () => {
      opened = await openFile(temporaryFile, constants.O_WRONLY | constants.O_CREAT | constants.O_EXCL);
      return opened;
    });
    await opened?.sync();
    await rename(temporaryFile, outFile).catch((error: unknown) => {
      throw new ImageError(`${outFile}: ${fileProblem(error)}`);
    });
    return packed;
  } finally {
    await opened?.close();
    if (opened !== undefined) await rm(temporaryFile, { force: true });
  }
}

async function openPayload(path: string): Promise<FileHandle> {
  const payload = await openFile(path, constants.O_RDONLY);
  if ((await payload.stat()).isFile()) return payload;
  await payload.close();
  throw new ImageError(`${path} is not a file`);
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

interface PayloadPart {
  payload: FileHandle;
  payloadFile: string;
  payloadBytes: number;
  /** Known where the header has it. */
  sha256?: string;
}

/** Hands out the payload piece by piece. @throws ImageError when it is of another length than before */
async function eachChunk(
  { payload, payloadFile, payloadBytes }: PayloadPart,
  { signal }: PackCommon,
  take: (chunk: Uint8Array) => Promise<void> | void,
): Promise<void> {
  const chunk = Buffer.allocUnsafe(CHUNK_BYTES);
  let readBytes = 0;
  for (;;) {
    signal?.throwIfAborted();
    const { bytesRead } = await payload.read(chunk, 0, chunk.length, readBytes);
    if (bytesRead === 0) break;
    readBytes += bytesRead;
    if (readBytes > payloadBytes) break;
    await take(chunk.subarray(0, bytesRead));
  }
  if (readBytes !== payloadBytes) throw changed(payloadFile);
}

const changed = (payloadFile: string): ImageError => new ImageError(`${payloadFile} changed while it was packed`);

async function writeBundle(
  out: FileHandle,
  header: Uint8Array,
  manifest: Manifest,
  parts: readonly PayloadPart[],
  options: PackCommon,
): Promise<PackedBundle> {
  const whole = sha256();
  let bundleBytes = 0;
  const write = async (bytes: Uint8Array): Promise<void> => {
    whole.update(bytes);
    bundleBytes += bytes.length;
    await out.writeFile(bytes);
  };
  await write(header);
  for (const part of parts) {
    const sealed = sha256().update(header);
    const content = part.sha256 === undefined ? undefined : sha256();
    await eachChunk(part, options, async (chunk) => {
      sealed.update(chunk);
      content?.update(chunk);
      await write(chunk);
    });
    if (content !== undefined && content.digest("hex") !== part.sha256) throw changed(part.payloadFile);
    await write(makeSeal(sealed.digest(), options.privateKeyPem));
  }
  return { manifest, bundleBytes, sha256: whole.digest("hex") };
}
