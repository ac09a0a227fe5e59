/**
 * The body of a block, all that one block of the target is rebuilt from beside the base:
 *
 *     1   0: the block itself follows, as it is; 1: Brotli of what follows
 *     v   octets of the ops, v octets of the differences
 *     n   ops, each: new octets in front of it (v), its length (v), how far it begins in the base from where the one before ended (v, signed)
 *     d   differences: target less base, its branches aimed anew, for each octet of an op
 *     e   new octets: of all ops, and those behind the last one
 *
 * v is a number of one to five octets. The first op counts from the block's own place. d + e is the block's length, so that what is unpacked is bounded before it is.
 */
import { brotliCompress, brotliCompressSync, type BrotliOptions, constants } from "node:zlib";
import { promisify } from "node:util";
import type { Instructions } from "./instructions.ts";
import { OP_NUMBERS } from "./matcher.ts";
import { aimBranches } from "./moves.ts";
import type { Moves } from "./types.ts";
import { VarintWriter } from "./varints.ts";

export const STORED = 0;
export const PACKED = 1;
/** Two numbers in front of the ops. */
const PREFIX_BYTES_MAX = 10;

/** Longest that a body is unpacked: as many octets of ops as of the block. */
export const unpackedBytesMax = (blockBytes: number): number => PREFIX_BYTES_MAX + 2 * blockBytes;

const compress = promisify(brotliCompress);

/** Best that Brotli does, with a window of all that a body has. */
export const packed = (bytes: Uint8Array): Promise<Buffer> => compress(bytes, bestOf(bytes));

/** The same at once. */
export const packedSync = (bytes: Uint8Array): Buffer => brotliCompressSync(bytes, bestOf(bytes));

const bestOf = ({ length }: Uint8Array): BrotliOptions => ({
  params: {
    [constants.BROTLI_PARAM_QUALITY]: constants.BROTLI_MAX_QUALITY,
    [constants.BROTLI_PARAM_LGWIN]: Math.min(24, Math.max(10, Math.ceil(Math.log2(length + 16)))),
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
  instructions: Instructions | undefined;
  moves: Moves;
}

/** @returns what the body has unpacked */
export function layOutBlock({ base, target, ops, firstOp, from, to, instructions, moves }: BlockPlan): Uint8Array {
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
    if (instructions !== undefined)
      aimBranches(instructions, moves, differences, differenceBytes, length, baseAt, opAt - baseAt);
    for (let i = 0; i < length; i++)
      differences[differenceBytes + i] = target[opAt + i] - differences[differenceBytes + i];
    differenceBytes += length;
    at = opAt + length;
    baseEnd = baseAt + length;
  }
  fresh.set(target.subarray(at, to), freshBytes);
  freshBytes += to - at;
  const prefix = new VarintWriter();
  prefix.unsigned(control.length);
  prefix.unsigned(differenceBytes);
  return Buffer.concat([
    prefix.bytes(),
    control.bytes(),
    differences.subarray(0, differenceBytes),
    fresh.subarray(0, freshBytes),
  ]);
}

/** Whether a block is worth packing at all. */
const mayPack = (laidOut: Uint8Array, block: Uint8Array): boolean => laidOut.length <= unpackedBytesMax(block.length);

/** The shorter of the two ways to write a block. */
const shorter = (asBrotli: Uint8Array, block: Uint8Array): Uint8Array =>
  asBrotli.length < block.length
    ? Buffer.concat([Uint8Array.of(PACKED), asBrotli])
    : Buffer.concat([Uint8Array.of(STORED), block]);

/** The body of a block. */
export const packBlock = async (laidOut: Uint8Array, block: Uint8Array): Promise<Uint8Array> =>
  shorter(mayPack(laidOut, block) ? await packed(laidOut) : block, block);

/** The same at once. */
export const packBlockSync = (laidOut: Uint8Array, block: Uint8Array): Uint8Array =>
  shorter(mayPack(laidOut, block) ? packedSync(laidOut) : block, block);
