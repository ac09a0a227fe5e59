/** Numbers of one to five octets, seven bits each, lowest first: lengths, distances and shifts in a delta. */
import { ImageError } from "../error.ts";

/** Octets that grow as numbers are written. */
export class VarintWriter {
  #bytes = new Uint8Array(256);
  #at = 0;

  /** @param value 0 to 2^32 - 1 */
  unsigned(value: number): void {
    if (this.#at + 5 > this.#bytes.length) this.#grow();
    let rest = value >>> 0;
    while (rest > 0x7f) {
      this.#bytes[this.#at++] = (rest & 0x7f) | 0x80;
      rest >>>= 7;
    }
    this.#bytes[this.#at++] = rest;
  }

  /** @param value of 32 bits with its sign, which goes to the lowest bit */
  signed(value: number): void {
    this.unsigned((value << 1) ^ (value >> 31));
  }

  byte(value: number): void {
    if (this.#at === this.#bytes.length) this.#grow();
    this.#bytes[this.#at++] = value;
  }

  get length(): number {
    return this.#at;
  }

  /** Not a copy: valid until more is written. */
  bytes(): Uint8Array {
    return this.#bytes.subarray(0, this.#at);
  }

  #grow(): void {
    const larger = new Uint8Array(2 * this.#bytes.length);
    larger.set(this.#bytes);
    this.#bytes = larger;
  }
}

/** Reads what the writer wrote, and nothing behind `end`. */
export class VarintReader {
  readonly #bytes: Uint8Array;
  readonly #end: number;
  at: number;

  constructor(bytes: Uint8Array, from: number, end: number) {
    this.#bytes = bytes;
    this.at = from;
    this.#end = end;
  }

  /** @throws ImageError when the octets end, or are more than a number of 32 bits has */
  unsigned(): number {
    let value = 0;
    for (let shift = 0; shift < 35; shift += 7) {
      if (this.at >= this.#end) throw new ImageError("delta: a number is cut off");
      const octet = this.#bytes[this.at++];
      if (shift === 28 && octet > 0x0f) break;
      value |= (octet & 0x7f) << shift;
      if (octet < 0x80) return value >>> 0;
    }
    throw new ImageError("delta: a number has more than 32 bits");
  }

  signed(): number {
    const value = this.unsigned();
    return (value >>> 1) ^ -(value & 1);
  }

  get ended(): boolean {
    return this.at >= this.#end;
  }
}
