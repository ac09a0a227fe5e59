/**
 * A delta's head, its table of blocks and its tables of what is aimed; docs/delta.md has them octet by octet. All numbers are big endian:
 *
 *     8   magic "PONDELT1"
 *     1   filter                       1   block size as power of two            1   form of the tables    1   nothing, 0
 *     4   octets of the base           4   octets of the target                  4   blocks
 *     4   octets of the tables, packed 4   octets of the tables, unpacked
 *     32  SHA-256 of the base          32  SHA-256 of the target
 *     16  of SHA-256 over the head before this and what follows up to the bodies
 *     20  for each block: octets of its body (4), SHA-256 of what is rebuilt (first 16)
 *     n   tables, Brotli
 */
import { createHash } from "node:crypto";
import { brotliDecompressSync } from "node:zlib";
import { ImageError } from "../error.ts";
import { MOVES_ALONE, NO_AIM, TABLES_BYTES_MAX, WITH_KINDS, readTables } from "./tables.ts";
import type { AimTables, DeltaFilter, DeltaHead } from "./types.ts";

const MAGIC = Uint8Array.from(Buffer.from("PONDELT1", "latin1"));
/** Up to here nothing depends on the images. */
export const FIXED_HEAD_BYTES = 112;
const DIGEST_BYTES = 32;
export const SHORT_DIGEST_BYTES = 16;
const ENTRY_BYTES = 4 + SHORT_DIGEST_BYTES;
const AT = {
  filter: 8,
  blockShift: 9,
  form: 10,
  nothing: 11,
  base: 12,
  target: 16,
  blocks: 20,
  packed: 24,
  unpacked: 28,
  baseDigest: 32,
  targetDigest: 64,
  check: 96,
} as const;

export const BLOCK_BYTES_MIN = 64 * 1024;
export const BLOCK_BYTES_MAX = 4 * 1024 * 1024;
/** Images that a delta is made of or rebuilds: what ONTs of today take, a payload of 256 MiB and what a bundle adds to it. */
export const DELTA_IMAGE_BYTES_MAX = 256 * 1024 * 1024 + 64 * 1024;
const FILTERS: readonly DeltaFilter[] = ["none", "arm", "armThumb", "arm64", "mips", "mipsLe", "x86", "x64"];

export interface HeadFields {
  filter: DeltaFilter;
  blockBytes: number;
  baseBytes: number;
  targetBytes: number;
  baseSha256: Uint8Array;
  targetSha256: Uint8Array;
  aim: AimTables;
}

/** A body behind its head: where it goes, its length, what it makes. */
export interface MadeBlock {
  body: Uint8Array;
  digest: Uint8Array;
}

/** Most bodies are far shorter unpacked than they may be: room for all that may be would cost more than to put pieces together. */
const UNPACKED_AT_ONCE_BYTES = 128 * 1024;

/** @throws ImageError when it is no Brotli, or more than `mostBytes` */
export function unpack(packed: Uint8Array, mostBytes: number): Uint8Array {
  try {
    return brotliDecompressSync(packed, {
      maxOutputLength: Math.max(1, mostBytes),
      chunkSize: Math.min(UNPACKED_AT_ONCE_BYTES, Math.max(64, mostBytes)),
    });
  } catch {
    throw new ImageError(`delta: a part of it is not packed as it says, or longer than ${mostBytes} octets`);
  }
}

/** @param packedTables Brotli of `unpackedBytes` octets, as `writeTables` writes them. @returns all that is in front of bodies */
export function encodeHead(
  fields: HeadFields,
  blocks: readonly MadeBlock[],
  packedTables: Uint8Array,
  unpackedBytes: number,
): Uint8Array {
  const tableBytes = blocks.length * ENTRY_BYTES;
  const bytes = new Uint8Array(FIXED_HEAD_BYTES + tableBytes + packedTables.length);
  const view = new DataView(bytes.buffer);
  bytes.set(MAGIC, 0);
  bytes[AT.filter] = FILTERS.indexOf(fields.filter);
  bytes[AT.form] = fields.aim.kinds === undefined ? MOVES_ALONE : WITH_KINDS;
  bytes[AT.blockShift] = Math.log2(fields.blockBytes);
  view.setUint32(AT.base, fields.baseBytes);
  view.setUint32(AT.target, fields.targetBytes);
  view.setUint32(AT.blocks, blocks.length);
  view.setUint32(AT.packed, packedTables.length);
  view.setUint32(AT.unpacked, unpackedBytes);
  bytes.set(fields.baseSha256, AT.baseDigest);
  bytes.set(fields.targetSha256, AT.targetDigest);
  for (const [index, { body, digest }] of blocks.entries()) {
    const at = FIXED_HEAD_BYTES + index * ENTRY_BYTES;
    view.setUint32(at, body.length);
    bytes.set(digest.subarray(0, SHORT_DIGEST_BYTES), at + 4);
  }
  bytes.set(packedTables, FIXED_HEAD_BYTES + tableBytes);
  bytes.set(checkOf(bytes, bytes.length), AT.check);
  return bytes;
}

const checkOf = (bytes: Uint8Array, headBytes: number): Uint8Array =>
  createHash("sha256")
    .update(bytes.subarray(0, AT.check))
    .update(bytes.subarray(FIXED_HEAD_BYTES, headBytes))
    .digest()
    .subarray(0, SHORT_DIGEST_BYTES);

/**
 * How many octets `readDeltaHead` needs, from the first `FIXED_HEAD_BYTES`; nothing is allocated.
 *
 * @throws ImageError when these are no delta's, or say what no delta may
 */
export function deltaHeadBytes(bytes: Uint8Array): number {
  if (bytes.length < FIXED_HEAD_BYTES)
    throw new ImageError(`delta: ${bytes.length} octets are no head, which has ${FIXED_HEAD_BYTES}`);
  if (!MAGIC.every((octet, index) => bytes[index] === octet))
    throw new ImageError("delta: does not begin as one does (PONDELT1)");
  const view = new DataView(bytes.buffer, bytes.byteOffset, FIXED_HEAD_BYTES);
  const blockBytes = 2 ** bytes[AT.blockShift];
  const baseBytes = view.getUint32(AT.base);
  const targetBytes = view.getUint32(AT.target);
  const blocks = view.getUint32(AT.blocks);
  const packed = view.getUint32(AT.packed);
  const unpacked = view.getUint32(AT.unpacked);
  const refuse = (what: string): never => {
    throw new ImageError(`delta: ${what}`);
  };
  if (bytes[AT.filter] >= FILTERS.length) refuse(`filter ${bytes[AT.filter]} is not known here`);
  if (bytes[AT.form] > WITH_KINDS) refuse(`tables of form ${bytes[AT.form]} are not known here`);
  if (bytes[AT.nothing] !== 0) refuse("an octet that has to be 0 is not; made by something newer?");
  if (blockBytes < BLOCK_BYTES_MIN || blockBytes > BLOCK_BYTES_MAX)
    refuse(`blocks of 2^${bytes[AT.blockShift]} octets; 2^16 to 2^22 are allowed`);
  if (baseBytes > DELTA_IMAGE_BYTES_MAX || targetBytes > DELTA_IMAGE_BYTES_MAX)
    refuse(`images of ${baseBytes} and ${targetBytes} octets; at most ${DELTA_IMAGE_BYTES_MAX} are allowed`);
  if (blocks !== Math.ceil(targetBytes / blockBytes))
    refuse(`${blocks} blocks of ${blockBytes} octets do not make ${targetBytes}`);
  if (unpacked > TABLES_BYTES_MAX || packed > unpacked + 64)
    refuse(`tables of ${packed} octets, ${unpacked} unpacked; at most ${TABLES_BYTES_MAX}`);
  if (bytes[AT.filter] === 0 && (packed !== 0 || bytes[AT.form] !== MOVES_ALONE)) refuse("tables without a filter");
  return FIXED_HEAD_BYTES + blocks * ENTRY_BYTES + packed;
}

/**
 * Reads and bounds the head; `bytes` may be longer.
 *
 * @throws ImageError when it is cut off, changed, or says what no delta may
 */
export function readDeltaHead(bytes: Uint8Array): DeltaHead {
  const headBytes = deltaHeadBytes(bytes);
  if (bytes.length < headBytes)
    throw new ImageError(`delta: its head has ${headBytes} octets, ${bytes.length} are there`);
  if (Buffer.compare(checkOf(bytes, headBytes), bytes.subarray(AT.check, FIXED_HEAD_BYTES)) !== 0)
    throw new ImageError("delta: its head is not as it was made");
  const view = new DataView(bytes.buffer, bytes.byteOffset, headBytes);
  const blockBytes = 2 ** bytes[AT.blockShift];
  const blocks = view.getUint32(AT.blocks);
  const bodyOffsetsBytes = new Float64Array(blocks + 1);
  const blockDigests = new Uint8Array(blocks * SHORT_DIGEST_BYTES);
  bodyOffsetsBytes[0] = headBytes;
  for (let index = 0; index < blocks; index++) {
    const at = FIXED_HEAD_BYTES + index * ENTRY_BYTES;
    const bodyBytes = view.getUint32(at);
    if (bodyBytes === 0 || bodyBytes > blockBytes + 1)
      throw new ImageError(`delta: body ${index} has ${bodyBytes} octets; 1 to ${blockBytes + 1} are allowed`);
    bodyOffsetsBytes[index + 1] = bodyOffsetsBytes[index] + bodyBytes;
    blockDigests.set(bytes.subarray(at + 4, at + ENTRY_BYTES), index * SHORT_DIGEST_BYTES);
  }
  return {
    filter: FILTERS[bytes[AT.filter]],
    blockBytes,
    baseBytes: view.getUint32(AT.base),
    targetBytes: view.getUint32(AT.target),
    baseSha256: bytes.slice(AT.baseDigest, AT.baseDigest + DIGEST_BYTES),
    targetSha256: bytes.slice(AT.targetDigest, AT.targetDigest + DIGEST_BYTES),
    blocks,
    headBytes,
    deltaBytes: bodyOffsetsBytes[blocks],
    bodyOffsetsBytes,
    blockDigests,
    aim: aimOf(bytes.subarray(FIXED_HEAD_BYTES + blocks * ENTRY_BYTES, headBytes), view, bytes[AT.form]),
  };
}

function aimOf(packedTables: Uint8Array, view: DataView, form: number): AimTables {
  if (packedTables.length === 0 && form === MOVES_ALONE) return NO_AIM;
  const unpackedBytes = view.getUint32(AT.unpacked);
  const tables = unpack(packedTables, unpackedBytes);
  if (tables.length !== unpackedBytes) throw new ImageError("delta: its tables have another length than its head says");
  return readTables(tables, form, view.getUint32(AT.base));
}

/** Where the body of a block lies in the delta. */
export function bodyOf(head: DeltaHead, index: number): { offsetBytes: number; lengthBytes: number } {
  const offsetBytes = head.bodyOffsetsBytes[index];
  return { offsetBytes, lengthBytes: head.bodyOffsetsBytes[index + 1] - offsetBytes };
}
