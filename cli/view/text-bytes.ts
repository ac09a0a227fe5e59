/** Text for stdout as bytes, piece by piece into one buffer: a large output is not kept as strings before it is written. */
import { harmlessLines } from "../../base/terminal/index.ts";

const BYTES_MIN = 512 * 1024;
/** Of a letter in UTF-8; of half a pair as well. */
const LETTER_BYTES_MAX = 3;
const DIGITS_MAX = 10;
const LINE_END = 0x0a;
const BLANK = 0x20;
const ZERO = 0x30;
const INTEGER_MAX = 0x7fff_ffff;

const NONE = Buffer.alloc(0);

export class TextBytes {
  #bytes = Buffer.allocUnsafe(BYTES_MIN);
  #taken = NONE;
  #at = 0;

  get isEmpty(): boolean {
    return this.#at === 0;
  }

  /** A control character becomes an escape, as with `print`. */
  text(piece: string): void {
    const { length } = piece;
    this.#needs(LETTER_BYTES_MAX * length);
    const bytes = this.#bytes;
    let at = this.#at;
    for (let index = 0; index < length; index++) {
      const code = piece.charCodeAt(index);
      if ((code >= BLANK && code < 0x7f) || code === LINE_END) {
        bytes[at++] = code;
      } else if (code >= 0xa0 && code < 0x600) {
        bytes[at++] = 0xc0 | (code >> 6);
        bytes[at++] = 0x80 | (code & 0x3f);
      } else if (code >= 0x2100 && code < 0xd800) {
        bytes[at++] = 0xe0 | (code >> 12);
        bytes[at++] = 0x80 | ((code >> 6) & 0x3f);
        bytes[at++] = 0x80 | (code & 0x3f);
      } else {
        return this.#other(piece);
      }
    }
    this.#at = at;
  }

  /** @param value not negative; @param width with blanks in front, or what `fill` is */
  number(value: number, width = 1, fill = BLANK): void {
    if (value > INTEGER_MAX || !Number.isInteger(value))
      return this.text(String(value).padStart(width, String.fromCharCode(fill)));
    this.#needs(width + DIGITS_MAX);
    let digits = 1;
    for (let rest = value; rest >= 10; rest = (rest / 10) | 0) digits++;
    for (let blanks = width - digits; blanks > 0; blanks--) this.#bytes[this.#at++] = fill;
    let rest = value;
    for (let at = this.#at + digits - 1; at >= this.#at; at--) {
      const tenth = (rest / 10) | 0;
      this.#bytes[at] = ZERO + rest - 10 * tenth;
      rest = tenth;
    }
    this.#at += digits;
  }

  /** What there is. A new buffer follows, unless it is known that nobody needs the old one: `again`. */
  take(): Buffer {
    const taken = this.#bytes.subarray(0, this.#at);
    this.#at = 0;
    this.#taken = this.#bytes;
    this.#bytes = NONE;
    return taken;
  }

  /** What was taken is written. */
  again(): void {
    this.#bytes = this.#taken;
  }

  #other(piece: string): void {
    const bytes = Buffer.from(harmlessLines(piece));
    this.#needs(bytes.length);
    this.#bytes.set(bytes, this.#at);
    this.#at += bytes.length;
  }

  #needs(bytes: number): void {
    if (this.#at + bytes <= this.#bytes.length) return;
    const larger = Buffer.allocUnsafe(Math.max(BYTES_MIN, 2 * (this.#at + bytes)));
    this.#bytes.copy(larger, 0, 0, this.#at);
    this.#bytes = larger;
  }
}
