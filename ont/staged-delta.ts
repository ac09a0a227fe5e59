/** A delta in the staging area, opened to be applied: what both storages of an ONT, files and virtual flash, do with one. */
import {
  bodyOf,
  type DeltaHead,
  deltaHeadBytes,
  DeltaRebuilder,
  FIXED_HEAD_BYTES,
  readDeltaHead,
} from "../image/delta/index.ts";
import { type DeltaFacts, ImageError, MANIFEST_AT, SEAL_BYTES, SIGNATURE_BYTES } from "../image/index.ts";

/** Bytes of an area of the flash; fewer where it ends. */
export type ReadArea = (offsetBytes: number, lengthBytes: number) => Uint8Array;

/** Bytes of the new image, and where they belong; the bytes are valid until the next block is rebuilt. */
export interface RebuiltBlock {
  atBytes: number;
  bytes: Uint8Array;
}

/** Behind the magic of a bundle. */
const MANIFEST_LENGTH_AT = MANIFEST_AT - 4;

/** What is known of an open delta: enough to rebuild any block of the new image, in any order. Its bodies stay where they are. */
export class StagedDelta {
  readonly #head: DeltaHead;
  readonly #rebuilder: DeltaRebuilder;
  /** Where the delta begins in its bundle. */
  readonly #atBytes: number;

  constructor(head: DeltaHead, atBytes: number) {
    this.#head = head;
    this.#rebuilder = new DeltaRebuilder(head);
    this.#atBytes = atBytes;
  }

  get blocks(): number {
    return this.#head.blocks;
  }

  /** What rebuilding a block reads, of the delta and about as much of the old image as it makes of the new one, and writes. */
  costOf(block: number): { readBytes: number; writtenBytes: number } {
    const writtenBytes = this.bytesOf(block + 1) - this.bytesOf(block);
    return { readBytes: bodyOf(this.#head, block).lengthBytes + writtenBytes, writtenBytes };
  }

  /** Bytes of the new image that its first blocks are. */
  bytesOf(blocks: number): number {
    return Math.min(blocks * this.#head.blockBytes, this.#head.targetBytes);
  }

  /** How many blocks of the new image lie in an area, one behind the other from the first, of so many at most. */
  wholeBlocks(most: number, read: ReadArea): number {
    let block = 0;
    for (; block < Math.min(most, this.blocks); block++) {
      const atBytes = this.bytesOf(block);
      if (!this.#rebuilder.isBlock(block, read(atBytes, this.bytesOf(block + 1) - atBytes))) break;
    }
    return block;
  }

  /** @returns null where delta and old image do not make it: one of them has changed */
  rebuild(block: number, readDelta: ReadArea, readBase: ReadArea): RebuiltBlock | null {
    if (block >= this.blocks) return null;
    const { offsetBytes, lengthBytes } = bodyOf(this.#head, block);
    const body = readDelta(this.#atBytes + offsetBytes, lengthBytes);
    const bytes = orNull(() => this.#rebuilder.rebuild(block, body, readBase));
    return bytes && { atBytes: block * this.#head.blockBytes, bytes };
  }
}

/**
 * Reads the head of a delta bundle.
 *
 * @param deltaBytes of the whole bundle
 * @returns null where none is, where it has changed, or where it is of other images than its manifest says
 */
export function openStagedDelta(read: ReadArea, deltaBytes: number, delta: DeltaFacts): StagedDelta | null {
  const length = read(MANIFEST_LENGTH_AT, MANIFEST_AT - MANIFEST_LENGTH_AT);
  if (length.length < MANIFEST_AT - MANIFEST_LENGTH_AT) return null;
  const manifestBytes = new DataView(length.buffer, length.byteOffset).getUint32(0);
  const atBytes = MANIFEST_AT + manifestBytes + SIGNATURE_BYTES;
  const roomBytes = deltaBytes - SEAL_BYTES - atBytes;
  if (roomBytes < FIXED_HEAD_BYTES) return null;
  const head = orNull(() => {
    const headBytes = deltaHeadBytes(read(atBytes, FIXED_HEAD_BYTES));
    return headBytes > roomBytes ? null : readDeltaHead(read(atBytes, headBytes));
  });
  const fits =
    head !== null &&
    head.deltaBytes === roomBytes &&
    head.targetBytes === delta.targetBytes &&
    head.baseBytes === delta.baseBytes &&
    hex(head.targetSha256) === delta.targetSha256 &&
    hex(head.baseSha256) === delta.baseSha256;
  return fits ? new StagedDelta(head, atBytes) : null;
}

const hex = (bytes: Uint8Array): string => Buffer.from(bytes).toString("hex");

/** What the delta's own reader refuses is no defect of ours. */
function orNull<Value>(work: () => Value | null): Value | null {
  try {
    return work();
  } catch (error) {
    if (error instanceof ImageError) return null;
    throw error;
  }
}
