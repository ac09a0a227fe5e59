/** Where the bytes of the window that is collected are: in memory of its own, or in the sender's where that lasts. */
import type { SectionSpan } from "../../omci/index.ts";
import type { SectionBitmap } from "./bitmap.ts";

const EMPTY = new Uint8Array(0);

/** Copies shorter than this are made byte by byte; longer ones are worth a view of the source. */
const BYTE_LOOP_MAX = 64;

/** Sections of one size, as far as they are there. */
export interface KeptSections {
  received: SectionBitmap;
  sectionBytes: number;
  /** The one section that is shorter, the rest of it being zero; -1 = none. */
  shortSection: number;
  shortBytes: number;
}

/**
 * Bytes of a window. Section n lies at n × section size. Sections whose memory lasts (`SectionSpan.lasting`) are not copied as long as
 * all of them lie in one memory just as they lie in the window: a view of it holds the same bytes. The first that does not fit
 * in has all of them copied.
 */
export class WindowMemory {
  readonly #keepsViews: boolean;
  #own: Uint8Array = EMPTY;
  /** Memory of the sender that the window is a view of; null = it is not. */
  #viewed: ArrayBufferLike | null = null;
  /** Where section 0 begins in it, and where the last section ends that came in. */
  #fromByte = 0;
  #endByte = 0;
  #isEmpty = true;
  /** What all sections of the window need. */
  #sizeBytes = 0;

  /** @param keepsViews false: everything is copied */
  constructor(keepsViews: boolean) {
    this.#keepsViews = keepsViews;
  }

  clear(): void {
    this.#viewed = null;
    this.#isEmpty = true;
  }

  /** The window needs so many bytes, once it is in memory of its own. */
  reserve(bytes: number): void {
    this.#sizeBytes = Math.max(this.#sizeBytes, bytes);
    if (this.#viewed === null && !this.#isEmpty) this.#grow();
  }

  /** Memory of its own; valid when nothing is viewed. */
  get own(): Uint8Array {
    return this.#own;
  }

  /**
   * Sections `index`…`index + count - 1` of a span are in its memory just as they are in the window.
   *
   * @param lastBytes data bytes of the last of them
   * @returns false when they have to be copied
   */
  view(span: SectionSpan, index: number, count: number, sectionBytes: number, lastBytes: number): boolean {
    if (!span.lasting || !this.#keepsViews || (count > 1 && span.dataStride !== sectionBytes)) return false;
    const { buffer, byteOffset } = span.data;
    const at = byteOffset + span.dataOffset + index * span.dataStride;
    const fromByte = at - (span.firstSection + index) * sectionBytes;
    const endByte = at + (count - 1) * sectionBytes + lastBytes;
    if (this.#isEmpty && fromByte >= 0) {
      this.#isEmpty = false;
      this.#viewed = buffer;
      this.#fromByte = fromByte;
      this.#endByte = endByte;
      return true;
    }
    if (this.#viewed !== buffer || this.#fromByte !== fromByte) return false;
    this.#endByte = Math.max(this.#endByte, endByte);
    return true;
  }

  /** The window is a view of what parity was made from, which is known to be all of it. @returns false when it is not */
  viewWhole(content: Uint8Array | null): boolean {
    if (content === null || this.#viewed !== content.buffer || this.#fromByte !== content.byteOffset) return false;
    this.#endByte = Math.max(this.#endByte, content.byteOffset + content.length);
    return true;
  }

  /** From here on it has the sections in memory of its own. */
  makeOwn(kept: KeptSections): void {
    const viewed = this.#viewed;
    if (viewed === null && !this.#isEmpty) return;
    this.#viewed = null;
    this.#isEmpty = false;
    this.#grow();
    if (viewed === null) return;
    const { received, sectionBytes, shortSection, shortBytes } = kept;
    const from = new Uint8Array(viewed, this.#fromByte, this.#endByte - this.#fromByte);
    for (let at = 0, section = 0; at < from.length; at += sectionBytes, section++) {
      if (!received.has(section)) continue;
      const bytes = Math.min(section === shortSection ? shortBytes : sectionBytes, from.length - at);
      this.#own.set(from.subarray(at, at + bytes), at);
      this.#own.fill(0, at + bytes, at + sectionBytes);
    }
  }

  /** The first bytes of the window, to be read until it changes; all of them have come in. */
  bytes(lengthBytes: number, kept: KeptSections): Uint8Array {
    const viewed = this.#viewed;
    if (viewed !== null && this.#fromByte + lengthBytes <= this.#endByte)
      return new Uint8Array(viewed, this.#fromByte, lengthBytes);
    this.makeOwn(kept);
    return this.#own.subarray(0, lengthBytes);
  }

  /** Puts bytes down in memory of its own. */
  copy(from: Uint8Array, start: number, at: number, count: number): void {
    copyBytes(from, start, this.#own, at, count);
  }

  #grow(): void {
    if (this.#own.length >= this.#sizeBytes) return;
    const memory = new Uint8Array(this.#sizeBytes);
    memory.set(this.#own);
    this.#own = memory;
  }
}

/** Few bytes one by one: a view of the source costs more. */
export function copyBytes(from: Uint8Array, start: number, to: Uint8Array, at: number, count: number): void {
  if (count > BYTE_LOOP_MAX) to.set(from.subarray(start, start + count), at);
  else for (let index = 0; index < count; index++) to[at + index] = from[start + index]!;
}
