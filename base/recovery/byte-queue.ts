/** Bytes that wait, in order, up to a limit: what a framing has read and not yet understood, or written and not yet sent. */

export class ByteQueue {
  #pieces: Uint8Array[] = [];
  #lengthBytes = 0;

  get length(): number {
    return this.#lengthBytes;
  }

  /** Takes the bytes as they are: whoever goes on with their memory hands in a copy. */
  push(bytes: Uint8Array): void {
    if (bytes.length === 0) return;
    this.#pieces.push(bytes);
    this.#lengthBytes += bytes.length;
  }

  /** The next bytes, at most so many; all of them in one piece. */
  take(most: number): Uint8Array {
    const length = Math.min(most, this.#lengthBytes);
    const [first] = this.#pieces;
    if (first === undefined || length === 0) return new Uint8Array(0);
    if (first.length > length) {
      this.#pieces[0] = first.subarray(length);
      this.#lengthBytes -= length;
      return first.subarray(0, length);
    }
    if (first.length === length) {
      this.#pieces.shift();
      this.#lengthBytes -= length;
      return first;
    }
    const whole = new Uint8Array(length);
    let at = 0;
    let used = 0;
    for (const piece of this.#pieces) {
      const part = piece.subarray(0, length - at);
      whole.set(part, at);
      at += part.length;
      if (part.length < piece.length) {
        this.#pieces[used] = piece.subarray(part.length);
        break;
      }
      used += 1;
      if (at === length) break;
    }
    this.#pieces.splice(0, used);
    this.#lengthBytes -= length;
    return whole;
  }

  clear(): void {
    this.#pieces = [];
    this.#lengthBytes = 0;
  }
}
