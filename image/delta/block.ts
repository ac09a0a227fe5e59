/**
 * The body of a block, all that one block of the target is rebuilt from beside the base:
 *
 *     1   0: the block itself follows, as it is; 1: Brotli of what follows
 *     v   octets of the ops, v of the lengths kept, v of the lengths left out, v of the differences
 *     n   ops, each: new octets in front of it (v), its length (v), how far it begins in the base from where the one before ended (v, signed)
 *     k   lengths kept (v each), z lengths left out (v each): by turns, how many differences stand below and how many are 0 and do not
 *     d   differences: target less base, its branches aimed anew, for the octets of all ops
 *     e   new octets: of all ops, and those behind the last one
 *
 * v is a number of one to five octets. The first op counts from the block's own place. Behind the last length left out, all differences are kept. d + e with what is left out is the block's length.
 */
import { brotliCompress, brotliCompressSync, type BrotliOptions, constants } from "node:zlib";
import { promisify } from "node:util";
import type { Aimer } from "./aim.ts";
import { OP_NUMBERS } from "./matcher.ts";
import { VarintWriter } from "./varints.ts";

export const STORED = 0;
export const PACKED = 1;
/** Four numbers in front of the ops. */
const PREFIX_BYTES_MAX = 20;
/**
 * Differences that are 0, as many of them in a row, are counted instead of packed: measured, from 3 to 6 nothing changes
 * the size by more than 1 %, and from 64 on Brotli takes three times as long for the zeros, for 1 to 2 % more.
 */
const ZEROS_LEFT_OUT = 4;

/** Octets that Brotli looks at before it writes, as power of two: all of a body, which measured takes a fifth less time than its own choice, and 1 to 2 % less room. */
const ALL_AT_ONCE = 24;

/** Of 11, which measured on libcrypto and kernels takes twice the time of 10 for 0.4 to 2.6 % less room. */
type Quality = 10 | 11;
/** In longer targets matching takes so much more that they can have both. */
const LONG_BYTES = 8 * 1024 * 1024;

/** How well a delta is packed, by the length of its target. */
export const qualityFor = (targetBytes: number): Quality => (targetBytes > LONG_BYTES ? 11 : 10);

/** Longest that a body is unpacked: as many octets of numbers as of the block. */
export const unpackedBytesMax = (blockBytes: number): number => PREFIX_BYTES_MAX + 2 * blockBytes;

const compress = promisify(brotliCompress);

/** By Brotli, with a window of all that a body has. */
export const packed = (bytes: Uint8Array, quality: Quality): Promise<Buffer> =>
  compress(bytes, packingOf(bytes, quality));

/** The same at once. */
export const packedSync = (bytes: Uint8Array, quality: Quality): Buffer =>
  brotliCompressSync(bytes, packingOf(bytes, quality));

const packingOf = ({ length }: Uint8Array, quality: Quality): BrotliOptions => ({
  params: {
    [constants.BROTLI_PARAM_QUALITY]: quality,
    [constants.BROTLI_PARAM_LGWIN]: Math.min(24, Math.max(10, Math.ceil(Math.log2(length + 16)))),
    [constants.BROTLI_PARAM_LGBLOCK]: ALL_AT_ONCE,
    [constants.BROTLI_PARAM_SIZE_HINT]: length,
  },
});

export interface BlockPlan {
  base: Uint8Array;
  target: Uint8Array;
  /** Of the whole target; `firstOp` is the first that ends behind `from`. */
  ops: Int32Array;
  firstOp: number;
  from: number;
  to: number;
  aimer: Aimer | undefined;
}

/** @returns what the body has unpacked */
export function layOutBlock({ base, target, ops, firstOp, from, to, aimer }: BlockPlan): Uint8Array {
  const control = new VarintWriter();
  const differences = new Uint8Array(to - from);
  const fresh = new Uint8Array(to - from);
  let differenceBytes = 0;
  let freshBytes = 0;
  let at = from;
  let baseEnd = from;
  for (let op = firstOp; op < ops.length && ops[op] < to; op += OP_NUMBERS) {
    const opAt = Math.max(ops[op], from);
    const baseAt = ops[op + 1] + opAt - ops[op];
    const length = Math.min(ops[op] + ops[op + 2], to) - opAt;
    control.unsigned(opAt - at);
    control.unsigned(length);
    control.signed(baseAt - baseEnd);
    fresh.set(target.subarray(at, opAt), freshBytes);
    freshBytes += opAt - at;
    differences.set(base.subarray(baseAt, baseAt + length), differenceBytes);
    aimer?.aim(differences, differenceBytes, length, baseAt, opAt - baseAt);
    for (let i = 0; i < length; i++)
      differences[differenceBytes + i] = target[opAt + i] - differences[differenceBytes + i];
    differenceBytes += length;
    at = opAt + length;
    baseEnd = baseAt + length;
  }
  fresh.set(target.subarray(at, to), freshBytes);
  freshBytes += to - at;
  const runs = { kept: new VarintWriter(), zeros: new VarintWriter() };
  const keptBytes = takeOutZeros(differences, differenceBytes, runs);
  const prefix = new VarintWriter();
  prefix.unsigned(control.length);
  prefix.unsigned(runs.kept.length);
  prefix.unsigned(runs.zeros.length);
  prefix.unsigned(keptBytes);
  return Buffer.concat([
    prefix.bytes(),
    control.bytes(),
    runs.kept.bytes(),
    runs.zeros.bytes(),
    differences.subarray(0, keptBytes),
    fresh.subarray(0, freshBytes),
  ]);
}

/**
 * Moves the differences together where many are 0, and writes how many were kept and how many left out, by turns.
 *
 * @returns octets that are kept
 */
function takeOutZeros(
  differences: Uint8Array,
  length: number,
  runs: { kept: VarintWriter; zeros: VarintWriter },
): number {
  let kept = 0;
  let keptFrom = 0;
  let at = 0;
  while (at < length) {
    if (differences[at] !== 0) {
      differences[kept++] = differences[at++];
      continue;
    }
    let end = at;
    while (end < length && differences[end] === 0) end++;
    if (end - at >= ZEROS_LEFT_OUT || end === length) {
      runs.kept.unsigned(kept - keptFrom);
      runs.zeros.unsigned(end - at);
      keptFrom = kept;
    } else {
      differences.fill(0, kept, kept + end - at);
      kept += end - at;
    }
    at = end;
  }
  return kept;
}

/** Whether a block is worth packing at all. */
const mayPack = (laidOut: Uint8Array, block: Uint8Array): boolean => laidOut.length <= unpackedBytesMax(block.length);

/** The shorter of the two ways to write a block. */
const shorter = (asBrotli: Uint8Array, block: Uint8Array): Uint8Array =>
  asBrotli.length < block.length
    ? Buffer.concat([Uint8Array.of(PACKED), asBrotli])
    : Buffer.concat([Uint8Array.of(STORED), block]);

/** The body of a block. */
export const packBlock = async (laidOut: Uint8Array, block: Uint8Array, quality: Quality): Promise<Uint8Array> =>
  shorter(mayPack(laidOut, block) ? await packed(laidOut, quality) : block, block);

/** The same at once. */
export const packBlockSync = (laidOut: Uint8Array, block: Uint8Array, quality: Quality): Uint8Array =>
  shorter(mayPack(laidOut, block) ? packedSync(laidOut, quality) : block, block);
