/** Lines that nobody but the two ends of one connection can write: each has a tag over its text, its number and its direction. */
import { createHmac, timingSafeEqual } from "node:crypto";

/** Of SHA-256 as many hexadecimal digits as a key of 16 bytes is worth. */
const TAG_DIGITS = 32;

/** Who listens, and who dialled. */
export type LineEnd = "server" | "client";

export class SealedLines {
  readonly #key: Uint8Array;
  readonly #own: LineEnd;
  #sealed = 0;
  #opened = 0;

  /** @param key of this connection alone, see `linkKey` */
  constructor(key: Uint8Array, own: LineEnd) {
    this.#key = key;
    this.#own = own;
  }

  /** @param text ASCII without a line's end */
  seal(text: string): string {
    return `${this.#tag(this.#own, this.#sealed++, text)}${text}\n`;
  }

  /** @returns undefined: not said by the other end, or not as its next line */
  open(line: string): string | undefined {
    const text = line.slice(TAG_DIGITS);
    const right = this.#tag(this.#own === "server" ? "client" : "server", this.#opened, text);
    const told = Buffer.from(line.slice(0, TAG_DIGITS), "latin1");
    if (told.length !== TAG_DIGITS || !timingSafeEqual(told, Buffer.from(right, "latin1"))) return undefined;
    this.#opened++;
    return text;
  }

  #tag(from: LineEnd, number: number, text: string): string {
    const tag = createHmac("sha256", this.#key).update(`${from} ${number} ${text}`, "latin1");
    return tag.digest("hex").slice(0, TAG_DIGITS);
  }
}
