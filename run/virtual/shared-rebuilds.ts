/**
 * Rebuilds of images from deltas in virtual time: what one ONT has rebuilt, the others that have the same delta and the same
 * old image take over, work and memory.
 */
import type { DeltaFacts } from "../../image/index.ts";
import { openStagedDelta, type ReadArea, type StagedDelta } from "../../ont/index.ts";
import type { SharedImages, SlotContent } from "./slot-content.ts";

/** A block as slots take it: bytes of a shared image, or of the image that these rebuilds make. */
export interface SharedBlock {
  atBytes: number;
  lengthBytes: number;
  source: Buffer;
  sourceAt: number;
}

/** One delta and one old image: blocks as far as any ONT has come; null where the delta does not make one. */
type Rebuilt = Map<number, SharedBlock | null>;

/** A staged delta and the image that runs. */
export interface RebuildFrom {
  staging: SlotContent;
  deltaBytes: number;
  base: SlotContent;
  baseBytes: number;
}

/** All that the ONTs of one simulation rebuild. Whether two do the same is told by the very bytes that they share. */
export class SharedRebuilds {
  readonly #shared: SharedImages;
  readonly #opened = new Map<Buffer, StagedDelta | null>();
  readonly #rebuilt = new Map<Buffer, Map<Buffer, Rebuilt>>();
  /** Blocks that were really rebuilt. */
  rebuiltBlocks = 0;

  constructor(shared: SharedImages) {
    this.#shared = shared;
  }

  /** The delta in a staging area; null where none is. */
  open(staging: SlotContent, deltaBytes: number, facts: DeltaFacts): StagedDelta | null {
    const read = readerOf(staging, deltaBytes);
    const file = wholeOf(staging, deltaBytes);
    if (file === undefined) return openStagedDelta(read, deltaBytes, facts);
    let delta = this.#opened.get(file);
    if (delta === undefined) this.#opened.set(file, (delta = openStagedDelta(read, deltaBytes, facts)));
    return delta;
  }

  /** One block, of an ONT that has these bytes; null where the delta does not make it. */
  rebuild(delta: StagedDelta, block: number, from: RebuildFrom): SharedBlock | null {
    const file = wholeOf(from.staging, from.deltaBytes);
    const old = wholeOf(from.base, from.baseBytes);
    if (file === undefined || old === undefined) return this.#make(delta, block, from);
    const rebuilt = this.#of(file, old);
    let known = rebuilt.get(block);
    if (known === undefined) rebuilt.set(block, (known = this.#make(delta, block, from)));
    return known;
  }

  #make(delta: StagedDelta, block: number, { staging, deltaBytes, base, baseBytes }: RebuildFrom): SharedBlock | null {
    this.rebuiltBlocks += 1;
    const made = delta.rebuild(block, readerOf(staging, deltaBytes), readerOf(base, baseBytes));
    if (made === null) return null;
    const { atBytes, bytes } = made;
    const shared = this.#shared.holding(atBytes, bytes, undefined);
    const source = shared ?? Buffer.from(bytes);
    return { atBytes, lengthBytes: bytes.length, source, sourceAt: shared === undefined ? 0 : atBytes };
  }

  #of(file: Buffer, old: Buffer): Rebuilt {
    let ofFile = this.#rebuilt.get(file);
    if (ofFile === undefined) this.#rebuilt.set(file, (ofFile = new Map()));
    let rebuilt = ofFile.get(old);
    if (rebuilt === undefined) ofFile.set(old, (rebuilt = new Map()));
    return rebuilt;
  }
}

/** The shared image that is the whole of what lies there. */
function wholeOf(content: SlotContent, lengthBytes: number): Buffer | undefined {
  const shared = content.sharedPrefix(lengthBytes);
  return shared?.length === lengthBytes ? shared : undefined;
}

const readerOf =
  (content: SlotContent, endBytes: number): ReadArea =>
  (offsetBytes, lengthBytes) =>
    content.read(Math.max(0, Math.min(lengthBytes, endBytes - offsetBytes)), offsetBytes);
