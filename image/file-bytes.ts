/** Bytes of files that are read by position: what is held of a file is what was asked for last. */
import { readFully } from "./inspect.ts";

/** Bytes that are read where one likes. */
export interface ReadableBytes {
  readonly lengthBytes: number;
  /** Shorter where they end; valid until the next call. */
  read(offsetBytes: number, lengthBytes: number): Uint8Array;
}

/** A piece of a file. */
interface Stretch {
  atBytes: number;
  lengthBytes: number;
}

/** Read at once, so that short pieces one behind the other cost one call of the system. */
const WINDOW_BYTES = 64 * 1024;

/** Stretches of an open file, one behind the other. Holds a window, and the longest piece that was asked for. */
export class FileBytes implements ReadableBytes {
  readonly lengthBytes: number;
  readonly #descriptor: number;
  readonly #stretches: readonly Stretch[];
  readonly #window = new Uint8Array(WINDOW_BYTES);
  #windowAt = 0;
  #windowBytes = 0;
  #long = new Uint8Array(0);

  constructor(descriptor: number, stretches: readonly Stretch[]) {
    this.#descriptor = descriptor;
    this.#stretches = stretches;
    this.lengthBytes = stretches.reduce((sum, { lengthBytes }) => sum + lengthBytes, 0);
  }

  read(offsetBytes: number, lengthBytes: number): Uint8Array {
    if (lengthBytes > WINDOW_BYTES) {
      if (this.#long.length < lengthBytes) this.#long = new Uint8Array(lengthBytes);
      return this.#long.subarray(0, this.#fill(this.#long.subarray(0, lengthBytes), offsetBytes));
    }
    if (offsetBytes < this.#windowAt || offsetBytes + lengthBytes > this.#windowAt + this.#windowBytes) {
      this.#windowAt = offsetBytes;
      this.#windowBytes = this.#fill(this.#window, offsetBytes);
    }
    const from = offsetBytes - this.#windowAt;
    return this.#window.subarray(from, Math.min(from + lengthBytes, this.#windowBytes));
  }

  /** @returns bytes that are there */
  #fill(into: Uint8Array, offsetBytes: number): number {
    let done = 0;
    let before = 0;
    for (const { atBytes, lengthBytes } of this.#stretches) {
      const skipped = offsetBytes + done - before;
      const wanted = Math.min(into.length - done, lengthBytes - skipped);
      if (wanted > 0) {
        const read = readFully(this.#descriptor, into.subarray(done, done + wanted), atBytes + skipped);
        done += read;
        if (read < wanted) return done;
      }
      before += lengthBytes;
    }
    return done;
  }
}
