/** An update.zip, judged before anything of its payloads is read: layout, signature, then what the manifest says is there. */
import { createHash } from "node:crypto";
import { closeSync, fstatSync, openSync, readSync } from "node:fs";
import { crc32 } from "node:zlib";
import { ImageError } from "../error.ts";
import { expiryOf } from "../expiry.ts";
import { SIGNATURE_BYTES } from "../format.ts";
import { verifyBytes } from "../keys.ts";
import {
  ARCHIVE_MANIFEST_BYTES_MAX,
  type ArchiveManifest,
  type ArchivePayload,
  decodeArchiveManifest,
  MANIFEST_NAME,
  SIGNATURE_NAME,
} from "./manifest.ts";
import { readZip, type ZipEntry, type ZipSource } from "./zip.ts";

const CHUNK_BYTES = 256 * 1024;

export interface ArchiveOptions {
  /** Raw Ed25519 public keys: any of them may have signed. */
  trustedKeys: readonly Uint8Array[];
  /** Seconds since 1970; undefined: there is no clock. */
  nowSeconds?: number;
}

export interface UpdateArchive {
  manifest: ArchiveManifest;
  /** What a person should know, such as that it has expired; empty: nothing. */
  warning: string;
  /** The content of a payload in pieces that are good until the next; the last one comes when all of it is checked. */
  chunks: (payload: ArchivePayload) => Generator<Uint8Array, void>;
  /** Where the content of a payload begins, for who reads it in pieces of its own and checks it itself. */
  placeOf: (payload: ArchivePayload) => number;
}

/** @throws ImageError saying why it is refused */
export function readArchive(source: ZipSource, { trustedKeys, nowSeconds }: ArchiveOptions): UpdateArchive {
  const [manifestEntry, signatureEntry, ...rest] = readZip(source);
  if (manifestEntry.name !== MANIFEST_NAME) throw new ImageError(`${MANIFEST_NAME} is not the first entry`);
  if (signatureEntry?.name !== SIGNATURE_NAME) throw new ImageError(`${SIGNATURE_NAME} is not the second entry`);
  if (manifestEntry.bytes > ARCHIVE_MANIFEST_BYTES_MAX)
    throw new ImageError(
      `${MANIFEST_NAME}: ${manifestEntry.bytes} bytes; at most ${ARCHIVE_MANIFEST_BYTES_MAX} are read`,
    );
  if (signatureEntry.bytes !== SIGNATURE_BYTES)
    throw new ImageError(`${SIGNATURE_NAME}: ${SIGNATURE_BYTES} bytes are needed`);
  const [bytes, signature] = [manifestEntry, signatureEntry].map((entry) => contentOf(source, entry));
  // The signature first: nothing unsigned is parsed.
  if (!verifyBytes(bytes, signature, trustedKeys))
    throw new ImageError(`${MANIFEST_NAME}: not signed by a trusted key`);
  const manifest = decodeArchiveManifest(bytes);
  const entries = entriesOf(manifest, rest);
  const entryOf = ({ name }: ArchivePayload): ZipEntry => {
    const entry = entries.get(name);
    if (entry === undefined) throw new ImageError(`${name}: not in the archive`);
    return entry;
  };
  return {
    manifest,
    warning: expiryOf(manifest, nowSeconds).text,
    chunks: (payload) => checked(source, entryOf(payload), payload),
    placeOf: (payload) => entryOf(payload).at,
  };
}

/** Every payload has its entry, and every entry its payload. */
function entriesOf({ payloads }: ArchiveManifest, rest: readonly ZipEntry[]): Map<string, ZipEntry> {
  const entries = new Map(rest.map((entry) => [entry.name, entry]));
  const names = new Set(payloads.map(({ name }) => name));
  if (names.size !== payloads.length) throw new ImageError(`${MANIFEST_NAME}: a payload comes twice`);
  for (const { name, bytes } of payloads) {
    const entry = entries.get(name);
    if (entry === undefined) throw new ImageError(`${name}: is missing`);
    if (entry.bytes !== bytes) throw new ImageError(`${name}: has ${entry.bytes} bytes; the manifest says ${bytes}`);
  }
  const stranger = rest.find(({ name }) => !names.has(name));
  if (stranger !== undefined) throw new ImageError(`${stranger.name}: the manifest does not name it`);
  return entries;
}

function contentOf(source: ZipSource, { name, at, bytes, crc32: wanted }: ZipEntry): Buffer {
  const content = source.read(at, bytes);
  if (crc32(content) !== wanted) throw new ImageError(`${name}: its CRC-32 is another`);
  return content;
}

function* checked(source: ZipSource, entry: ZipEntry, { name, sha256 }: ArchivePayload): Generator<Uint8Array, void> {
  const hash = createHash("sha256");
  let sum = 0;
  for (let done = 0; done < entry.bytes;) {
    const chunk = source.read(entry.at + done, Math.min(CHUNK_BYTES, entry.bytes - done));
    hash.update(chunk);
    sum = crc32(chunk, sum);
    done += chunk.length;
    if (done === entry.bytes && sum !== entry.crc32) throw new ImageError(`${name}: its CRC-32 is another`);
    if (done === entry.bytes && hash.digest("hex") !== sha256)
      throw new ImageError(`${name}: its SHA-256 is not the manifest's`);
    yield chunk;
  }
}

/** What a device takes: a delta from what it runs, else the image for its hardware. @returns undefined: nothing is for it */
export function archivePayloadFor(
  { payloads }: ArchiveManifest,
  { hardware, runningSha256, takesDeltas }: { hardware: string; runningSha256: string; takesDeltas: boolean },
): ArchivePayload | undefined {
  const own = payloads.filter((payload) => payload.hardware.includes(hardware));
  const delta = own.find(({ baseSha256 }) => baseSha256 === runningSha256);
  return (takesDeltas ? delta : undefined) ?? own.find(({ kind }) => kind === "image");
}

/** Runs `use` with the archive of a file. @throws ImageError, system errors when it cannot be read */
export function withArchive<Result>(
  path: string,
  options: ArchiveOptions,
  use: (archive: UpdateArchive) => Result,
): Result {
  const file = openSync(path, "r");
  try {
    const stat = fstatSync(file);
    if (!stat.isFile()) throw new ImageError("is not a file");
    return use(readArchive({ bytes: stat.size, read: (at, bytes) => readExactly(file, at, bytes) }, options));
  } catch (error) {
    if (error instanceof ImageError) throw new ImageError(`${path}: ${error.message}`);
    throw error;
  } finally {
    closeSync(file);
  }
}

function readExactly(file: number, at: number, bytes: number): Buffer {
  const into = Buffer.allocUnsafe(bytes);
  for (let done = 0; done < bytes;) {
    const read = readSync(file, into, done, bytes - done, at + done);
    if (read === 0) throw new ImageError("is cut off");
    done += read;
  }
  return into;
}
