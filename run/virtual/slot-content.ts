/** What the slots of ONTs in virtual time hold, without a copy for each of what many of them hold. */
import { createHash } from "node:crypto";
import { hasBytesAt } from "../../image/index.ts";

const sha256 = (bytes: Uint8Array): string => createHash("sha256").update(bytes).digest("hex");

/** A stretch of a slot whose bytes are those of `source` from `sourceAt` on. */
interface Extent {
  at: number;
  length: number;
  source: Buffer;
  sourceAt: number;
}

/** What erased flash reads as. */
const ERASED = 0xff;

/**
 * Images that many ONTs hold. A slot keeps a reference to them where its bytes are theirs, so that 128 equal images cost
 * one copy; whether they are is found by comparing the bytes, not by who sent them.
 */
export class SharedImages {
  readonly images: Buffer[];
  readonly #digests = new Map<Buffer, string>();

  /** @param digests of those of which it is known, hexadecimal; left out: each is computed when somebody asks */
  constructor(images: readonly Uint8Array[], digests: readonly string[] = []) {
    this.images = images.map((image) => Buffer.from(image.buffer, image.byteOffset, image.length));
    digests.forEach((digest, number) => this.#digests.set(this.images[number], digest));
  }

  /** SHA-256 of a whole shared image, hexadecimal: images do not change. */
  sha256Of(image: Buffer): string {
    let known = this.#digests.get(image);
    if (known === undefined) this.#digests.set(image, (known = sha256(image)));
    return known;
  }

  /** The shared image that has these bytes at this offset; `first` is looked at before the others. */
  holding(offsetBytes: number, bytes: Uint8Array, first: Buffer | undefined): Buffer | undefined {
    if (first !== undefined && hasBytesAt(first, offsetBytes, bytes)) return first;
    return this.images.find((image) => image !== first && hasBytesAt(image, offsetBytes, bytes));
  }
}

/** The bytes of one slot: stretches of shared images, and copies of its own where it differs from them. */
export class SlotContent {
  readonly #shared: SharedImages;
  #extents: Extent[] = [];

  constructor(shared: SharedImages) {
    this.#shared = shared;
  }

  /** Length up to the last byte written. */
  get lengthBytes(): number {
    const last = this.#extents.at(-1);
    return last === undefined ? 0 : last.at + last.length;
  }

  /** Memory held for this slot alone. */
  get privateBytes(): number {
    let bytes = 0;
    for (const extent of this.#extents) if (!this.isShared(extent.source)) bytes += extent.length;
    return bytes;
  }

  /**
   * Memory with these bytes that stays as it is, since those of a write are only lent: the shared image that has them at
   * this offset, or a copy.
   */
  capture(offsetBytes: number, bytes: Uint8Array): Buffer {
    const last = this.#extents.at(-1)?.source;
    // A copy of its own does not begin where the image does.
    const first = last !== undefined && this.isShared(last) ? last : undefined;
    return this.#shared.holding(offsetBytes, bytes, first) ?? Buffer.from(bytes);
  }

  isShared(source: Buffer): boolean {
    return this.#shared.images.includes(source);
  }

  write(at: number, length: number, source: Buffer, sourceAt: number): void {
    if (length === 0) return;
    const last = this.#extents.at(-1);
    if (last !== undefined && at < last.at + last.length) this.#clear(at, at + length);
    const before = this.#extents.findLastIndex((extent) => extent.at < at);
    this.#extents.splice(before + 1, 0, { at, length, source, sourceAt });
    // On both sides: an image that came in two parts, the last one first, is one stretch in the end.
    this.#join(before + 1);
    this.#join(before);
  }

  /** Makes one of this extent and the next where that goes on as this one ends. */
  #join(index: number): void {
    const [one, next] = [this.#extents[index], this.#extents[index + 1]];
    if (one === undefined || next === undefined || one.source !== next.source) return;
    if (one.at + one.length !== next.at || one.sourceAt + one.length !== next.sourceAt) return;
    one.length += next.length;
    this.#extents.splice(index + 1, 1);
  }

  /** Erases the bytes before this one, from the first or another one on; Infinity = all. */
  erase(endBytes: number, fromBytes = 0): void {
    this.#clear(fromBytes, endBytes);
  }

  #clear(from: number, to: number): void {
    this.#extents = this.#extents.flatMap((extent) => {
      const end = extent.at + extent.length;
      if (end <= from || extent.at >= to) return [extent];
      const kept: Extent[] = [];
      if (extent.at < from) kept.push({ ...extent, length: from - extent.at });
      if (end > to) {
        const skipped = to - extent.at;
        kept.push({
          at: to,
          length: end - to,
          source: extent.source,
          sourceAt: extent.sourceAt + skipped,
        });
      }
      return kept;
    });
  }

  /** The shared image whose first `lengthBytes` bytes are this slot's, if its bytes are that of one throughout. */
  sharedPrefix(lengthBytes: number): Buffer | undefined {
    const [only] = this.#extents;
    if (only === undefined || only.at !== 0 || only.sourceAt !== 0 || only.length < lengthBytes) return undefined;
    return this.isShared(only.source) ? only.source : undefined;
  }

  /** SHA-256 of the first bytes, hexadecimal: that of a shared image is known, as many ONTs hold it. */
  sha256Of(lengthBytes: number): string {
    const shared = this.sharedPrefix(lengthBytes);
    return shared?.length === lengthBytes ? this.#shared.sha256Of(shared) : sha256(this.read(lengthBytes));
  }

  /** So many bytes from a place on, not to be changed; what was never written reads as erased. */
  read(lengthBytes: number, fromBytes = 0): Buffer {
    const endBytes = fromBytes + lengthBytes;
    const whole = this.#extents.find(({ at, length }) => at <= fromBytes && endBytes <= at + length);
    if (whole !== undefined) {
      const start = whole.sourceAt + fromBytes - whole.at;
      return whole.source.subarray(start, start + lengthBytes);
    }
    const bytes = Buffer.alloc(lengthBytes, ERASED);
    for (const { at, length, source, sourceAt } of this.#extents) {
      const [from, to] = [Math.max(at, fromBytes), Math.min(at + length, endBytes)];
      if (from < to) source.copy(bytes, from - fromBytes, sourceAt + from - at, sourceAt + to - at);
    }
    return bytes;
  }
}
