/** The new bundle, rebuilt block by block from the one that runs and a delta, both read by position, and checked as an ONT checks an image. */
import { createHash } from "node:crypto";
import { closeSync } from "node:fs";
import { DELTA_ALGORITHM } from "./delta-bundle.ts";
import {
  bodyOf,
  type DeltaHead,
  deltaHeadBytes,
  DeltaRebuilder,
  FIXED_HEAD_BYTES,
  type ReadBase,
  readDeltaHead,
} from "./delta/index.ts";
import { ImageError } from "./error.ts";
import { FileBytes, type ReadableBytes } from "./file-bytes.ts";
import { HEADER_BYTES_MAX, SEAL_BYTES } from "./format.ts";
import { openedFile } from "./inspect.ts";
import { headerOf, slicePlaces } from "./slices.ts";
import type { Crc32Functions, DeltaFacts, Manifest, RefusalCause } from "./types.ts";
import { BundleVerifier } from "./verifier.ts";

/** Bytes that are read and hashed at a time. */
const PART_BYTES = 256 * 1024;

export interface ApplyBundleOptions {
  /** One of these has to have signed delta and target. */
  trustedKeys: readonly Uint8Array[];
  crc32: Crc32Functions;
}

export type AppliedDelta =
  | { ok: true; manifest: Manifest; delta: DeltaFacts }
  | { ok: false; cause: RefusalCause | "rebuild-failed"; detail: string };

/** A piece of the new bundle, valid until the next; and how far that is. */
export interface RebuiltPiece {
  bytes: Uint8Array;
  offsetBytes: number;
  targetBytes: number;
}

/**
 * The target of a delta bundle: its blocks in order, and then whether they are what they should be. Before the first of them, delta
 * and base are checked to the last byte; none is to be called good before the last word.
 *
 * @param running file of the bundle that runs; of several payloads the one is taken that the delta is from
 * @throws ImageError when a file cannot be read, or `running` is no bundle
 */
export function* rebuildFromFiles(
  running: string,
  deltaBundle: string,
  options: ApplyBundleOptions,
): Generator<RebuiltPiece, AppliedDelta> {
  const old = openedFile(running);
  try {
    const delta = openedFile(deltaBundle);
    try {
      const whole = new FileBytes(delta.descriptor, [{ atBytes: 0, lengthBytes: delta.fileBytes }]);
      return yield* rebuild(slicesIn(old), whole, options);
    } finally {
      closeSync(delta.descriptor);
    }
  } finally {
    closeSync(old.descriptor);
  }
}

/** Each payload of an open bundle with its header and seal, as a device has it. @throws ImageError */
function slicesIn({ descriptor, fileBytes }: ReturnType<typeof openedFile>): FileBytes[] {
  const whole = new FileBytes(descriptor, [{ atBytes: 0, lengthBytes: fileBytes }]);
  try {
    const header = headerOf(whole.read(0, HEADER_BYTES_MAX));
    return slicePlaces(header, fileBytes).map(({ payloadAt, sliceBytes }) => {
      const headerBytes = { atBytes: 0, lengthBytes: header.headerBytes };
      const behind = { atBytes: payloadAt, lengthBytes: sliceBytes - header.headerBytes };
      return new FileBytes(descriptor, [headerBytes, behind]);
    });
  } catch (error) {
    if (!(error instanceof ImageError)) throw error;
    throw new ImageError(`running image: ${error.message}`);
  }
}

function* rebuild(
  slices: readonly ReadableBytes[],
  deltaBundle: ReadableBytes,
  { trustedKeys, crc32 }: ApplyBundleOptions,
): Generator<RebuiltPiece, AppliedDelta> {
  const digests = slices.map((slice) => sha256Of(slice));
  const own = Math.max(0, digests.indexOf(wantedBase(deltaBundle) ?? ""));
  const asked = { trustedKeys, crc32 };
  const checked = new BundleVerifier({
    ...asked,
    accepts: "delta",
    baseSha256: digests[own],
    imageBytes: deltaBundle.lengthBytes,
  });
  eachPart(deltaBundle, (bytes) => checked.update(bytes) === undefined);
  const verdict = checked.finish(checked.crc32);
  const { manifest } = checked;
  const delta = manifest?.delta;
  if (!verdict.valid || manifest === undefined || delta === undefined)
    return { ok: false, cause: verdict.valid ? "not-a-delta" : verdict.cause, detail: checked.detail };
  if (delta.algorithm !== DELTA_ALGORITHM)
    return refused(`delta of algorithm ${delta.algorithm}, not ${DELTA_ALGORITHM}`);
  const target = new BundleVerifier({ ...asked, imageBytes: delta.targetBytes });
  try {
    for (const piece of blocksOf(slices[own], deltaBundle, delta)) {
      if (target.update(piece.bytes) !== undefined) break;
      yield piece;
    }
  } catch (error) {
    if (!(error instanceof ImageError)) throw error;
    return refused(error.message);
  }
  const good = target.finish(delta.targetCrc32);
  if (!good.valid) return { ok: false, cause: good.cause, detail: `what was rebuilt: ${target.detail}` };
  return good.image.sha256 === delta.targetSha256
    ? { ok: true, manifest, delta }
    : refused("delta: the target is not the one that it was made for");
}

const refused = (detail: string): AppliedDelta => ({ ok: false, cause: "rebuild-failed", detail });

/** All bytes, a part at a time, until `use` says no. */
function eachPart(bytes: ReadableBytes, use: (part: Uint8Array) => boolean): void {
  for (let at = 0; at < bytes.lengthBytes; at += PART_BYTES)
    if (!use(bytes.read(at, Math.min(PART_BYTES, bytes.lengthBytes - at)))) return;
}

function sha256Of(bytes: ReadableBytes): string {
  const hash = createHash("sha256");
  eachPart(bytes, (part) => {
    hash.update(part);
    return true;
  });
  return hash.digest("hex");
}

/** What a delta says that it is from, before it is trusted. */
function wantedBase(bundle: ReadableBytes): string | undefined {
  try {
    return headerOf(bundle.read(0, HEADER_BYTES_MAX)).manifest.delta?.baseSha256;
  } catch (error) {
    if (error instanceof ImageError) return undefined;
    throw error;
  }
}

/** @throws ImageError when delta and base do not fit each other */
function* blocksOf(base: ReadableBytes, bundle: ReadableBytes, delta: DeltaFacts): Generator<RebuiltPiece> {
  const { headerBytes } = headerOf(bundle.read(0, HEADER_BYTES_MAX));
  const payloadBytes = bundle.lengthBytes - headerBytes - SEAL_BYTES;
  const readDelta: ReadBase = (at, length) =>
    bundle.read(headerBytes + at, Math.max(0, Math.min(length, payloadBytes - at)));
  const readBase: ReadBase = (at, length) => base.read(at, length);
  const head = readDeltaHead(readDelta(0, deltaHeadBytes(readDelta(0, FIXED_HEAD_BYTES))));
  requireSame(head, delta, payloadBytes);
  const rebuilder = new DeltaRebuilder(head);
  for (let index = 0; index < head.blocks; index++) {
    const { offsetBytes, lengthBytes } = bodyOf(head, index);
    const bytes = rebuilder.rebuild(index, readDelta(offsetBytes, lengthBytes), readBase);
    yield { bytes, offsetBytes: index * head.blockBytes, targetBytes: head.targetBytes };
  }
}

function requireSame(head: DeltaHead, delta: DeltaFacts, payloadBytes: number): void {
  if (payloadBytes !== head.deltaBytes)
    throw new ImageError(`delta: has ${payloadBytes} octets, its head says ${head.deltaBytes}`);
  const hex = (bytes: Uint8Array): string => Buffer.from(bytes).toString("hex");
  const isSame =
    head.targetBytes === delta.targetBytes &&
    head.baseBytes === delta.baseBytes &&
    hex(head.baseSha256) === delta.baseSha256 &&
    hex(head.targetSha256) === delta.targetSha256;
  if (!isSame) throw new ImageError("delta: head and manifest do not say the same");
}
