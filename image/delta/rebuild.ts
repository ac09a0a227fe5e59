/** Rebuilds blocks of the target, each alone, in any order and as often as one likes: no state but buffers that are used again. */
import { createHash } from "node:crypto";
import { ImageError } from "../error.ts";
import { Aimer } from "./aim.ts";
import { BodyParts } from "./body-parts.ts";
import { PACKED, STORED, unpackedBytesMax } from "./block.ts";
import { SHORT_DIGEST_BYTES, bodyOf, unpack } from "./head.ts";
import { instructionsOf } from "./instructions.ts";
import type { DeltaHead, ReadBase } from "./types.ts";

export class DeltaRebuilder {
  readonly #head: DeltaHead;
  readonly #aimer: Aimer | undefined;
  readonly #out: Uint8Array;

  constructor(head: DeltaHead) {
    this.#head = head;
    const instructions = instructionsOf(head.filter);
    if (instructions !== undefined) this.#aimer = new Aimer(instructions, head.aim);
    this.#out = new Uint8Array(Math.min(head.blockBytes, head.targetBytes));
  }

  /**
   * @param body as `bodyOf` says where it lies
   * @returns the block, valid until the next is rebuilt
   * @throws ImageError when body, base and digest do not fit each other; what was read of the base is forgotten
   */
  rebuild(index: number, body: Uint8Array, readBase: ReadBase): Uint8Array {
    const head = this.#head;
    if (!Number.isInteger(index) || index < 0 || index >= head.blocks)
      throw new ImageError(`delta: there is no block ${index} among ${head.blocks}`);
    if (body.length !== bodyOf(head, index).lengthBytes)
      throw new ImageError(
        `delta: body ${index} has ${body.length} octets, its head says ${bodyOf(head, index).lengthBytes}`,
      );
    const from = index * head.blockBytes;
    const out = this.#out.subarray(0, Math.min(head.blockBytes, head.targetBytes - from));
    if (body[0] === STORED) {
      if (body.length !== out.length + 1) throw new ImageError(`delta: body ${index} is not as long as its block`);
      out.set(body.subarray(1));
    } else if (body[0] === PACKED)
      this.#fill(out, from, unpack(body.subarray(1), unpackedBytesMax(out.length)), readBase);
    else throw new ImageError(`delta: body ${index} is of kind ${body[0]}, which is not known here`);
    if (!this.isBlock(index, out))
      throw new ImageError(`delta: block ${index} is not what it was made from; another base, or a damaged delta`);
    return out;
  }

  /** Whether these are the octets of a block, by the head's digest of it. */
  isBlock(index: number, bytes: Uint8Array): boolean {
    const digest = createHash("sha256").update(bytes).digest();
    const at = index * SHORT_DIGEST_BYTES;
    return digest.compare(this.#head.blockDigests, at, at + SHORT_DIGEST_BYTES, 0, SHORT_DIGEST_BYTES) === 0;
  }

  #fill(out: Uint8Array, from: number, unpacked: Uint8Array, readBase: ReadBase): void {
    const parts = new BodyParts(unpacked, out.length);
    const { ops } = parts;
    let at = 0;
    let baseEnd = from;
    while (!ops.ended) {
      const fresh = ops.unsigned();
      const length = ops.unsigned();
      const baseAt = baseEnd + ops.signed();
      if (length === 0 || fresh + length > out.length - at)
        throw new ImageError("delta: an op is longer than its block");
      if (baseAt < 0 || baseAt + length > this.#head.baseBytes)
        throw new ImageError("delta: an op reads outside the base");
      parts.copyFresh(out, at, fresh);
      at += fresh;
      const read = readBase(baseAt, length);
      if (read.length !== length) throw new ImageError("delta: the base is shorter than its head says");
      out.set(read, at);
      this.#aimer?.aim(out, at, length, baseAt, from + at - baseAt);
      parts.addDifferences(out, at, length);
      at += length;
      baseEnd = baseAt + length;
    }
    parts.copyFresh(out, at, out.length - at);
    parts.end();
  }
}
