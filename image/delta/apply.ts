/** Applies a delta to files or whatever else is read by position: one block at a time, memory as one block needs it. */
import { createHash } from "node:crypto";
import { ImageError } from "../error.ts";
import { FIXED_HEAD_BYTES, bodyOf, deltaHeadBytes, readDeltaHead } from "./head.ts";
import { DeltaRebuilder } from "./rebuild.ts";
import type { DeltaHead, ReadBase } from "./types.ts";

/** Octets of the base that are hashed at a time. */
const HASH_BYTES = 256 * 1024;

export interface ApplyOptions {
  /** Of the delta; the result is used before the next call. */
  readDelta: ReadBase;
  readBase: ReadBase;
  /** Where the delta ends, when that is known: another length than its head says is refused. */
  deltaBytes?: number;
  /** A block of the target; valid only during the call. */
  write: (block: Uint8Array, offsetBytes: number) => void;
  onProgress?: (doneBytes: number, totalBytes: number) => void;
}

/**
 * Checks the base, writes the target in order, and checks that too.
 *
 * @returns the head, when the whole target has the SHA-256 that it names
 * @throws ImageError before anything is written when head or base are not right; later when a block or the whole is not
 */
export function applyDelta({ readDelta, readBase, deltaBytes, write, onProgress }: ApplyOptions): DeltaHead {
  const head = readDeltaHead(readDelta(0, deltaHeadBytes(readDelta(0, FIXED_HEAD_BYTES))));
  if (deltaBytes !== undefined && deltaBytes !== head.deltaBytes)
    throw new ImageError(`delta: has ${deltaBytes} octets, its head says ${head.deltaBytes}`);
  checkBase(head, readBase);
  const rebuilder = new DeltaRebuilder(head);
  const whole = createHash("sha256");
  for (let index = 0; index < head.blocks; index++) {
    const { offsetBytes, lengthBytes } = bodyOf(head, index);
    const block = rebuilder.rebuild(index, readDelta(offsetBytes, lengthBytes), readBase);
    whole.update(block);
    write(block, index * head.blockBytes);
    onProgress?.(index * head.blockBytes + block.length, head.targetBytes);
  }
  if (whole.digest().compare(head.targetSha256) !== 0)
    throw new ImageError("delta: the target is not the one that it was made for");
  return head;
}

/** @throws ImageError when the base is not the one that the delta was made from */
export function checkBase(head: DeltaHead, readBase: ReadBase): void {
  const hash = createHash("sha256");
  for (let at = 0; at < head.baseBytes; at += HASH_BYTES) {
    const length = Math.min(HASH_BYTES, head.baseBytes - at);
    const read = readBase(at, length);
    if (read.length !== length)
      throw new ImageError(`delta: made from a base of ${head.baseBytes} octets, this one is shorter`);
    hash.update(read);
  }
  if (hash.digest().compare(head.baseSha256) !== 0) throw new ImageError("delta: made from another base");
}
