/** Makes a delta: has pieces matched by threads, fits what is aimed, lays out blocks, and has them packed by the threads of libuv. The same images give the same delta. */
import { createHash } from "node:crypto";
import { ImageError } from "../error.ts";
import { layOutBlock, packBlock, packBlockSync, packed, packedSync, qualityFor } from "./block.ts";
import { BLOCK_BYTES_MAX, BLOCK_BYTES_MIN, DELTA_IMAGE_BYTES_MAX, type MadeBlock, encodeHead } from "./head.ts";
import { Aimer } from "./aim.ts";
import { instructionsOf } from "./instructions.ts";
import { findOps } from "./match.ts";
import { OP_NUMBERS } from "./matcher.ts";
import { fitAim } from "./kinds.ts";
import { likeliestAim } from "./likeliest.ts";
import { NO_AIM, writeTables } from "./tables.ts";
import { findOpsInThreads } from "./threads.ts";
import type { AimTables, DeltaFilter, DeltaOptions } from "./types.ts";

/** Measured on the pairs of docs/delta.md: blocks of 128 KiB cost 3 to 4 % more, larger ones gain nothing. */
const BLOCK_BYTES = 1024 * 1024;
/** Blocks that are packed at the same time, by the threads of libuv. */
const PACKED_AT_ONCE = 4;

const sha256 = (bytes: Uint8Array): Uint8Array => createHash("sha256").update(bytes).digest();

/**
 * @returns the delta from `base` to `target`, `readDeltaHead` reads it
 * @throws ImageError when an image is too long, or the block size is none that a delta may have
 */
export async function makeDelta(base: Uint8Array, target: Uint8Array, options: DeltaOptions = {}): Promise<Uint8Array> {
  const { blockBytes = BLOCK_BYTES, threads, onProgress } = options;
  refuseUnfit(base, target, blockBytes);
  // To find and to pack take about as long: each is half of the way.
  const totalBytes = 2 * target.length;
  const onPiece = (pieceBytes: number): void => onProgress?.(pieceBytes, totalBytes);
  const ops = threads ? await findOpsInThreads(base, target, threads, onPiece) : findOps(base, target, onPiece);
  const plan = planOf(base, target, ops, blockBytes, options.filter);
  const blocks: MadeBlock[] = [];
  const waiting: Promise<MadeBlock>[] = [];
  const quality = qualityFor(target.length);
  let doneBytes = target.length;
  for (const { laidOut, block } of blocksOf(plan)) {
    waiting.push(makeBlock(laidOut, block, quality));
    if (waiting.length >= PACKED_AT_ONCE) blocks.push(await waiting.shift()!);
    onProgress?.((doneBytes += block.length), totalBytes);
  }
  blocks.push(...(await Promise.all(waiting)));
  const tableBytes = writeTables(plan.aim);
  const delta = joined(
    plan,
    blocks,
    tableBytes.length,
    tableBytes.length === 0 ? tableBytes : await packed(tableBytes, quality),
  );
  onProgress?.(totalBytes, totalBytes);
  return delta;
}

/** The same in one go, for images that are small enough to wait for. @throws ImageError as `makeDelta` */
export function makeDeltaSync(
  base: Uint8Array,
  target: Uint8Array,
  { blockBytes = BLOCK_BYTES, filter }: Pick<DeltaOptions, "blockBytes" | "filter"> = {},
): Uint8Array {
  refuseUnfit(base, target, blockBytes);
  const plan = planOf(
    base,
    target,
    findOps(base, target, () => undefined),
    blockBytes,
    filter,
  );
  const quality = qualityFor(target.length);
  const blocks = [...blocksOf(plan)].map(({ laidOut, block }) => ({
    body: packBlockSync(laidOut, block, quality),
    digest: sha256(block),
  }));
  const tableBytes = writeTables(plan.aim);
  return joined(
    plan,
    blocks,
    tableBytes.length,
    tableBytes.length === 0 ? tableBytes : packedSync(tableBytes, quality),
  );
}

function refuseUnfit(base: Uint8Array, target: Uint8Array, blockBytes: number): void {
  if (!Number.isInteger(Math.log2(blockBytes)) || blockBytes < BLOCK_BYTES_MIN || blockBytes > BLOCK_BYTES_MAX)
    throw new ImageError(
      `delta: blocks of ${blockBytes} octets; a power of two from ${BLOCK_BYTES_MIN} to ${BLOCK_BYTES_MAX} is allowed`,
    );
  for (const image of [base, target])
    if (image.length > DELTA_IMAGE_BYTES_MAX)
      throw new ImageError(`delta: an image of ${image.length} octets; at most ${DELTA_IMAGE_BYTES_MAX} are allowed`);
}

/** What is known before blocks are packed. */
interface Plan {
  base: Uint8Array;
  target: Uint8Array;
  ops: Int32Array;
  blockBytes: number;
  filter: DeltaFilter;
  aim: AimTables;
}

const planOf = (
  base: Uint8Array,
  target: Uint8Array,
  ops: Int32Array,
  blockBytes: number,
  filter: DeltaOptions["filter"] = "auto",
): Plan => ({ base, target, ops, blockBytes, ...chooseFilter(base, target, ops, filter) });

/** The blocks of the target in order, laid out. */
function* blocksOf({
  base,
  target,
  ops,
  blockBytes,
  filter,
  aim,
}: Plan): Generator<{ laidOut: Uint8Array; block: Uint8Array }> {
  const instructions = instructionsOf(filter);
  const aimer = instructions && new Aimer(instructions, aim);
  let firstOp = 0;
  for (let from = 0; from < target.length; from += blockBytes) {
    const to = Math.min(from + blockBytes, target.length);
    while (firstOp < ops.length && ops[firstOp] + ops[firstOp + 2] <= from) firstOp += OP_NUMBERS;
    const laidOut = layOutBlock({ base, target, ops, firstOp, from, to, aimer });
    yield { laidOut, block: target.subarray(from, to) };
  }
}

function joined(
  { base, target, blockBytes, filter, aim }: Plan,
  blocks: MadeBlock[],
  tableBytes: number,
  packedTables: Uint8Array,
): Uint8Array {
  const fields = {
    filter,
    blockBytes,
    baseBytes: base.length,
    targetBytes: target.length,
    baseSha256: sha256(base),
    targetSha256: sha256(target),
    aim,
  };
  const head = encodeHead(fields, blocks, packedTables, tableBytes);
  return Buffer.concat([head, ...blocks.map(({ body }) => body)]);
}

async function makeBlock(
  laidOut: Uint8Array,
  block: Uint8Array,
  quality: ReturnType<typeof qualityFor>,
): Promise<MadeBlock> {
  return { body: await packBlock(laidOut, block, quality), digest: sha256(block) };
}

function chooseFilter(
  base: Uint8Array,
  target: Uint8Array,
  ops: Int32Array,
  wanted: DeltaFilter | "auto",
): { filter: DeltaFilter; aim: AimTables } {
  const pair = { base, target, ops };
  const { filter, aim } = wanted === "auto" ? likeliestAim(pair) : { filter: wanted };
  const instructions = instructionsOf(filter);
  return { filter, aim: aim ?? (instructions ? fitAim(instructions, pair) : NO_AIM) };
}
