/** Deltas as bundles, made of two bundles; rebuilt-bundle.ts gets the new one back. */
import { createHash } from "node:crypto";
import { type DeltaFilter, type DeltaThreads, makeDelta, makeDeltaSync, readDeltaHead } from "./delta/index.ts";
import { ImageError } from "./error.ts";
import { buildBundle } from "./pack.ts";
import { type BundleSlice, slicesOf } from "./slices.ts";
import type { Crc32Functions, DeltaFacts, Manifest } from "./types.ts";
import { BundleVerifier } from "./verifier.ts";

/** Format of image/delta, as manifests name it. */
export const DELTA_ALGORITHM = "poncast-delta-1";

export interface DeltaBundleOptions {
  privateKeyPem: string;
  crc32: Crc32Functions;
  /** Which of several payloads; left out: there has to be one only. */
  hardware?: string;
  /** Instructions whose branches are aimed anew; `auto` when left out. */
  filter?: DeltaFilter | "auto";
  /** Left out: all is done by the thread that asks, but for what zlib does. */
  threads?: DeltaThreads;
  onProgress?: (doneBytes: number, totalBytes: number) => void;
}

export interface MadeDelta {
  bytes: Uint8Array;
  delta: DeltaFacts;
  filter: DeltaFilter;
  /** SHA-256 of the delta bundle, hexadecimal. */
  sha256: string;
  /** The target itself, as it lies in a slot. */
  target: Uint8Array;
}

const sha256 = (bytes: Uint8Array): string => createHash("sha256").update(bytes).digest("hex");

/** One payload of a bundle, whole; of a delta none. @throws ImageError */
function wholeSlice(
  name: string,
  bundle: Uint8Array,
  { hardware, crc32 }: DeltaBundleOptions,
): { bytes: Uint8Array; hardware: readonly string[]; manifest: Manifest } {
  const { bytes, hardware: list } = chosen(name, bundle, hardware);
  const verifier = new BundleVerifier({ trustedKeys: "unchecked", imageBytes: bytes.length, crc32 });
  verifier.update(bytes);
  const verdict = verifier.finish(verifier.crc32);
  const { manifest } = verifier;
  if (verdict.valid && manifest !== undefined) return { bytes, hardware: list, manifest };
  throw new ImageError(`${name}: not a whole bundle: ${verifier.detail}`);
}

function chosen(name: string, bundle: Uint8Array, hardware: string | undefined): BundleSlice {
  const slices = placedSlices(name, bundle);
  const own = hardware === undefined ? slices : slices.filter((slice) => slice.hardware.includes(hardware));
  const list = slices.flatMap((slice) => slice.hardware).join(", ");
  if (own[0] === undefined) throw new ImageError(`${name}: has nothing for hardware ${hardware}; it is for ${list}`);
  if (own.length > 1) throw new ImageError(`${name}: has several payloads, for ${list}; say for which hardware`);
  return own[0];
}

function placedSlices(name: string, bundle: Uint8Array): BundleSlice[] {
  try {
    return slicesOf(bundle);
  } catch (error) {
    if (!(error instanceof ImageError)) throw error;
    throw new ImageError(`${name}: ${error.message}`);
  }
}

/**
 * A signed bundle whose payload makes `target` from `base`. What its manifest says beside the delta is the target's.
 *
 * @param base whole bundle, as is `target`; of several payloads that of `hardware` is taken
 * @throws ImageError when one of them is no whole bundle, or they do not go together
 */
export async function makeDeltaBundle(
  base: Uint8Array,
  target: Uint8Array,
  options: DeltaBundleOptions,
): Promise<MadeDelta> {
  const pair = pairOf(base, target, options);
  const { filter = "auto", threads, onProgress } = options;
  const how = { filter, ...(threads && { threads }), ...(onProgress && { onProgress }) };
  return wrapped(pair, await makeDelta(pair.old.bytes, pair.whole.bytes, how), options);
}

/** The same in one go, for images that are small enough to wait for. @throws ImageError as `makeDeltaBundle` */
export function makeDeltaBundleSync(
  base: Uint8Array,
  target: Uint8Array,
  options: Omit<DeltaBundleOptions, "threads" | "onProgress">,
): MadeDelta {
  const pair = pairOf(base, target, options);
  const { filter = "auto" } = options;
  return wrapped(pair, makeDeltaSync(pair.old.bytes, pair.whole.bytes, { filter }), options);
}

interface Pair {
  old: ReturnType<typeof wholeSlice>;
  whole: ReturnType<typeof wholeSlice>;
}

function pairOf(base: Uint8Array, target: Uint8Array, options: DeltaBundleOptions): Pair {
  const old = wholeSlice("base", base, options);
  const whole = wholeSlice("target", target, options);
  const { productCode } = whole.manifest;
  if (old.manifest.productCode !== productCode)
    throw new ImageError(`base is for product code ${old.manifest.productCode}, target for ${productCode}`);
  if (Buffer.compare(old.bytes, whole.bytes) === 0) throw new ImageError("base and target are the same");
  return { old, whole };
}

function wrapped({ old, whole }: Pair, payload: Uint8Array, { crc32, privateKeyPem }: DeltaBundleOptions): MadeDelta {
  const { bytes, hardware, manifest } = whole;
  const { productCode, version, buildTime, minimumVersion, securityVersion, expires, migration } = manifest;
  const delta: DeltaFacts = {
    algorithm: DELTA_ALGORITHM,
    baseVersion: old.manifest.version,
    baseSha256: sha256(old.bytes),
    baseBytes: old.bytes.length,
    targetSha256: sha256(bytes),
    targetBytes: bytes.length,
    targetCrc32: crc32.finish(crc32.update(crc32.init, bytes)),
  };
  const fields = { version, productCode, buildTime, minimumVersion, securityVersion, expires, migration };
  const bundle = buildBundle({ ...fields, hardware: [...hardware], delta }, payload, privateKeyPem);
  return { bytes: bundle, delta, filter: readDeltaHead(payload).filter, sha256: sha256(bundle), target: bytes };
}
