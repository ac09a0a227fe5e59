/** Which sections of a window are there. */
import { BITMAP_HALF_BYTES, bitmapBit, bitmapByte } from "../../omci/index.ts";

/** Sections of one window as bits: section 0 is bit 7 of byte 0, the order of the recovery ME (class 65280). */
export class SectionBitmap {
  readonly bytes = new Uint8Array(2 * BITMAP_HALF_BYTES);

  has(section: number): boolean {
    return (this.bytes[bitmapByte(section)]! & bitmapBit(section)) !== 0;
  }

  set(section: number): void {
    this.bytes[bitmapByte(section)]! |= bitmapBit(section);
  }

  delete(section: number): void {
    this.bytes[bitmapByte(section)]! &= ~bitmapBit(section);
  }

  /** Sets `count` sections from `first`. */
  setRange(first: number, count: number): void {
    const end = first + count;
    let section = first;
    for (; section < end && (section & 7) !== 0; section++) this.set(section);
    for (; section + 8 <= end; section += 8) this.bytes[bitmapByte(section)] = 0xff;
    for (; section < end; section++) this.set(section);
  }

  clear(): void {
    this.bytes.fill(0);
  }

  /** Sections below `sections` that are not set. */
  missingBelow(sections: number): number {
    let missing = 0;
    for (let index = 0; index < sections >> 3; index++) missing += 8 - BITS_SET[this.bytes[index]!]!;
    for (let section = sections & ~7; section < sections; section++) if (!this.has(section)) missing++;
    return missing;
  }
}

const BITS_SET = Uint8Array.from({ length: 256 }, (_, byte) => {
  let bits = 0;
  for (let rest = byte; rest > 0; rest >>= 1) bits += rest & 1;
  return bits;
});
