/** Makes an update.zip of bundles: signed manifest, then the bundles as they are, streamed. The zip itself is fflate's. */
import { createHash } from "node:crypto";
import { closeSync, existsSync, fsyncSync, openSync, readSync, renameSync, rmSync, writeSync } from "node:fs";
import { basename, dirname, join } from "node:path";
import { Zip, ZipPassThrough } from "fflate";
import { ImageError } from "../error.ts";
import { HEADER_BYTES_MAX } from "../format.ts";
import { inspectBundle } from "../inspect.ts";
import { signBytes } from "../keys.ts";
import { headerOf } from "../slices.ts";
import type { Manifest } from "../types.ts";
import {
  type ArchiveManifest,
  type ArchivePayload,
  encodeArchiveManifest,
  MANIFEST_NAME,
  SIGNATURE_NAME,
} from "./manifest.ts";
import { isZipName } from "./zip.ts";

const CHUNK_BYTES = 256 * 1024;
const ARCHIVE_BYTES_MAX = 0xffff_ffff - 1024 * 1024;
/** The first that zip knows, in local time as zip has it: the same bundles make the same file. */
const MTIME = new Date(1980, 0, 1);

interface Extent {
  at: number;
  bytes: number;
}

type Chunks = Iterable<Uint8Array<ArrayBuffer>>;

interface Planned {
  payload: ArchivePayload;
  chunks: () => Chunks;
}

export interface PackArchiveOptions {
  /** Bundles of one version and product: images, of several payloads too, and deltas to them. */
  bundleFiles: readonly string[];
  outFile: string;
  privateKeyPem: string;
  /** Replace `outFile` if it is there. */
  force?: boolean;
}

/** @throws ImageError when the bundles do not belong together; system errors. Nothing is left then */
export function packArchive({ bundleFiles, outFile, privateKeyPem, force }: PackArchiveOptions): ArchiveManifest {
  if (force !== true && existsSync(outFile)) throw new ImageError(`${outFile} exists already`);
  const bundles = bundleFiles.map((file) => ({ file, ...inspectBundle(file) }));
  if (bundles.length === 0) throw new ImageError("an archive needs a bundle");
  const [{ manifest }] = bundles;
  for (const { file, manifest: other } of bundles) {
    if (other.version !== manifest.version || other.productCode !== manifest.productCode)
      throw new ImageError(
        `${file}: is ${other.productCode} ${other.version}, not ${manifest.productCode} ${manifest.version}`,
      );
  }
  const planned = bundles.flatMap(plan);
  const made = manifestOf(
    manifest,
    planned.map(({ payload }) => payload),
  );
  write(outFile, planned, made, privateKeyPem);
  return made;
}

function manifestOf(bundle: Manifest, payloads: ArchivePayload[]): ArchiveManifest {
  const total = payloads.reduce((sum, { bytes }) => sum + bytes, 0);
  if (total > ARCHIVE_BYTES_MAX) throw new ImageError(`${total} bytes; at most ${ARCHIVE_BYTES_MAX} fit`);
  const { version, productCode, buildTime, minimumVersion, securityVersion, expires } = bundle;
  return { version, productCode, buildTime, minimumVersion, securityVersion, expires, payloads };
}

/** A payload in memory: a bundle with one payload of its own, as a device keeps it, or a delta. */
export interface ArchiveContent {
  name: string;
  hardware: readonly string[];
  content: Uint8Array;
}

/** An archive in memory, of payloads that belong together. @throws ImageError when one of them is no bundle */
export function buildArchive(contents: readonly ArchiveContent[], privateKeyPem: string): Buffer {
  const parts = contents.map(({ name, hardware, content }) => {
    const { manifest } = headerOf(content.subarray(0, HEADER_BYTES_MAX));
    const sha256 = createHash("sha256").update(content).digest("hex");
    const payload = payloadOf(name, hardware, content.length, sha256, manifest);
    return { manifest, payload, chunks: () => [Uint8Array.from(content)] };
  });
  const made = manifestOf(
    parts[0].manifest,
    parts.map(({ payload }) => payload),
  );
  const out: Uint8Array[] = [];
  zipTo((chunk) => out.push(chunk), parts, made, privateKeyPem);
  return Buffer.concat(out);
}

function plan({ file, manifest, headerBytes, slices }: { file: string } & ReturnType<typeof inspectBundle>): Planned[] {
  return slices.map(({ hardware, payloadAt, sliceBytes }, index) => {
    const extents = [
      { at: 0, bytes: headerBytes },
      { at: payloadAt, bytes: sliceBytes - headerBytes },
    ];
    const name = slices.length === 1 ? basename(file) : `${index}-${basename(file)}`;
    if (!isZipName(name)) throw new ImageError(`${file}: its name has characters that an archive does not take`);
    const chunks = (): Chunks => chunksOf(file, extents);
    return { payload: payloadOf(name, hardware, sliceBytes, digestOf(chunks()), manifest), chunks };
  });
}

function payloadOf(
  name: string,
  hardware: readonly string[],
  bytes: number,
  sha256: string,
  { delta }: Manifest,
): ArchivePayload {
  return {
    name,
    kind: delta === undefined ? "image" : "delta",
    bytes,
    sha256,
    hardware: [...hardware],
    ...(delta && { baseSha256: delta.baseSha256 }),
    targetSha256: delta?.targetSha256 ?? sha256,
  };
}

function digestOf(chunks: Chunks): string {
  const hash = createHash("sha256");
  for (const chunk of chunks) hash.update(chunk);
  return hash.digest("hex");
}

function* chunksOf(file: string, extents: readonly Extent[]): Generator<Uint8Array<ArrayBuffer>> {
  const descriptor = openSync(file, "r");
  try {
    for (const { at, bytes } of extents)
      for (let done = 0; done < bytes;) {
        const chunk = new Uint8Array(Math.min(CHUNK_BYTES, bytes - done));
        const read = readSync(descriptor, chunk, 0, chunk.length, at + done);
        if (read === 0) throw new ImageError(`${file} changed while it was packed`);
        done += read;
        yield chunk.subarray(0, read);
      }
  } finally {
    closeSync(descriptor);
  }
}

function write(outFile: string, planned: readonly Planned[], manifest: ArchiveManifest, privateKeyPem: string): void {
  const temporary = join(dirname(outFile), `.${basename(outFile)}.${process.pid}.tmp`);
  const out = openSync(temporary, "wx");
  try {
    zipTo((chunk) => writeSync(out, chunk), planned, manifest, privateKeyPem);
    fsyncSync(out);
    renameSync(temporary, outFile);
  } finally {
    closeSync(out);
    rmSync(temporary, { force: true });
  }
}

function zipTo(
  take: (chunk: Uint8Array) => void,
  planned: readonly Planned[],
  manifest: ArchiveManifest,
  privateKeyPem: string,
): void {
  const zip = new Zip((error, chunk) => {
    if (error) throw error;
    take(chunk);
  });
  const add = (name: string, chunks: Chunks): void => {
    const entry = new ZipPassThrough(name);
    entry.mtime = MTIME;
    zip.add(entry);
    for (const chunk of chunks) entry.push(chunk);
    entry.push(new Uint8Array(0), true);
  };
  const bytes = encodeArchiveManifest(manifest);
  add(MANIFEST_NAME, [Uint8Array.from(bytes)]);
  add(SIGNATURE_NAME, [Uint8Array.from(signBytes(bytes, privateKeyPem))]);
  for (const { payload, chunks } of planned) add(payload.name, chunks());
  zip.end();
}
