/** Files that the depot hands out: read once, described, and cut into what each device is sent. */
import { createHash } from "node:crypto";
import { closeSync, openSync, readdirSync, readSync, statSync } from "node:fs";
import { basename, join } from "node:path";
import { isDdiFilename } from "../../base/ddi/index.ts";
import { InputError, orRefused } from "../../base/errors/index.ts";
import { type BundleInspection, inspectBundle, startsLikeBundle } from "../../image/index.ts";
import { type DepotArtifact, moduleOf } from "./core/index.ts";

const CHUNK_BYTES = 1024 * 1024;
const MS_PER_SECOND = 1_000;
const MAGIC_BYTES_MAX = 64;
const FILES_MAX = 1_024;

/** A stretch of a file. */
export interface Extent {
  at: number;
  bytes: number;
}

export interface ServedFile {
  artifact: DepotArtifact;
  path: string;
  /** One after the other they are what is sent. */
  extents: readonly Extent[];
}

/**
 * Of each file, and each file in each folder, what devices may get. Bundles say what they are for; other files are for all.
 *
 * @throws InputError when there is none, or one cannot be read
 */
export function readDepotFiles(paths: readonly string[]): ServedFile[] {
  const files = paths.flatMap(filesAt);
  if (files.length === 0) throw new InputError({ place: paths.join(", "), problem: "no file is in it" });
  if (files.length > FILES_MAX) throw new InputError(`${files.length} files; at most ${FILES_MAX} are served`);
  const served = new Map<string, ServedFile>();
  for (const file of files.flatMap(describe)) served.set(moduleOf(file.artifact), file);
  return [...served.values()];
}

function filesAt(path: string): string[] {
  const refused = ({ code }: { code: string }): { place: string; problem: string } => ({
    place: path,
    problem: code === "ENOENT" ? "no such file or folder" : `cannot be read (${code})`,
  });
  return orRefused(refused, () => {
    if (!statSync(path).isDirectory()) return [path];
    const names = readdirSync(path, { withFileTypes: true }).filter(
      (entry) => entry.isFile() && !entry.name.startsWith("."),
    );
    return names.map(({ name }) => join(path, name)).sort();
  });
}

function describe(path: string): ServedFile[] {
  const filename = basename(path);
  if (!isDdiFilename(filename))
    throw new InputError({ place: path, problem: "its name has characters that devices are not told" });
  const { size } = statSync(path);
  if (size === 0) throw new InputError({ place: path, problem: "is empty" });
  return isBundle(path) ? slices(path, filename) : [plain(path, filename, size)];
}

function isBundle(path: string): boolean {
  const head = Buffer.alloc(MAGIC_BYTES_MAX);
  const file = openSync(path, "r");
  try {
    return startsLikeBundle(head.subarray(0, readSync(file, head)));
  } finally {
    closeSync(file);
  }
}

/** A bundle of several payloads is as many artifacts: each device is sent its own. */
function slices(path: string, filename: string): ServedFile[] {
  const { manifest, headerBytes, slices: all }: BundleInspection = inspectBundle(path);
  const { version, productCode, minimumVersion, expires, delta } = manifest;
  return all.map(({ hardware, payloadAt, sliceBytes }, index) => {
    const extents =
      payloadAt === headerBytes
        ? [{ at: 0, bytes: sliceBytes }]
        : [
            { at: 0, bytes: headerBytes },
            { at: payloadAt, bytes: sliceBytes - headerBytes },
          ];
    const hashes = hashesOf(path, extents);
    return {
      path,
      extents,
      artifact: {
        filename: all.length === 1 ? filename : `${index}-${filename}`,
        sizeBytes: sliceBytes,
        hashes,
        version,
        kind: delta === undefined ? "image" : "delta",
        productCode,
        hardware,
        minimumVersion,
        expiresMs: expires * MS_PER_SECOND,
        targetSha256: delta?.targetSha256 ?? hashes.sha256,
        ...(delta && { baseSha256: delta.baseSha256 }),
      },
    };
  });
}

function plain(path: string, filename: string, sizeBytes: number): ServedFile {
  const extents = [{ at: 0, bytes: sizeBytes }];
  const hashes = hashesOf(path, extents);
  return {
    path,
    extents,
    artifact: {
      filename,
      sizeBytes,
      hashes,
      version: versionIn(filename),
      kind: "file",
      productCode: "",
      hardware: [],
      minimumVersion: "",
      expiresMs: 0,
      targetSha256: hashes.sha256,
    },
  };
}

/** `2.1.0` of `firmware-2.1.0.swu`; else the name itself. */
const versionIn = (filename: string): string => /\d+(?:\.\d+)+/.exec(filename)?.[0] ?? filename;

function hashesOf(path: string, extents: readonly Extent[]): DepotArtifact["hashes"] {
  const all = { sha256: createHash("sha256"), sha1: createHash("sha1"), md5: createHash("md5") };
  const chunk = Buffer.allocUnsafe(CHUNK_BYTES);
  const file = openSync(path, "r");
  try {
    for (const { at, bytes } of extents)
      for (let done = 0; done < bytes;) {
        const read = readSync(file, chunk, 0, Math.min(chunk.length, bytes - done), at + done);
        if (read === 0) throw new InputError({ place: path, problem: "changed while it was read" });
        for (const hash of Object.values(all)) hash.update(chunk.subarray(0, read));
        done += read;
      }
  } finally {
    closeSync(file);
  }
  return { sha256: all.sha256.digest("hex"), sha1: all.sha1.digest("hex"), md5: all.md5.digest("hex") };
}
