/** The receiving direction of a transfer of TFTP: which block is next, and when the other side hears of it (RFC 7440). */
import type { TftpTerms } from "./tftp-packet.ts";

export type TftpTaken =
  /** @property asks the other side waits for an answer · isEnd it was the last one */
  | { kind: "new"; asks: boolean; isEnd: boolean }
  /** Had already. @property isLast the one had last */
  | { kind: "old"; isLast: boolean }
  /** Some before it are missing. @property asks which is told */
  | { kind: "gap"; asks: boolean }
  | { kind: "tooLong" }
  | { kind: "damaged" };

const NUMBERS = 0x1_0000;

export class TftpInbound {
  readonly #terms: TftpTerms;
  readonly #bytesMax: number;
  /** Had in order, counted on without end. */
  #blocks = 0;
  #inWindow = 0;
  #isEnded = false;
  /** A gap is told once until something new comes. */
  #hasToldGap = false;
  receivedBytes = 0;

  constructor(terms: TftpTerms, bytesMax: number) {
    this.#terms = terms;
    this.#bytesMax = bytesMax;
  }

  /** Nothing has come in. */
  get isFresh(): boolean {
    return this.#blocks === 0;
  }

  /** Number of the last block had, of 16 bits. */
  get lastBlock(): number {
    return this.#blocks % NUMBERS;
  }

  /** The other side is told where it is: its next window begins behind that. */
  restartWindow(): void {
    this.#inWindow = 0;
  }

  take(number: number, bytes: Uint8Array): TftpTaken {
    const { blockBytes, windowBlocks } = this.#terms;
    const ahead = (number - this.#blocks + 2 * NUMBERS) % NUMBERS;
    if (ahead === 1 && !this.#isEnded) {
      if (bytes.length > blockBytes) return { kind: "damaged" };
      if (this.receivedBytes + bytes.length > this.#bytesMax) return { kind: "tooLong" };
      this.#blocks += 1;
      this.receivedBytes += bytes.length;
      this.#isEnded = bytes.length < blockBytes;
      this.#hasToldGap = false;
      this.#inWindow += 1;
      const asks = this.#inWindow === windowBlocks;
      if (asks) this.#inWindow = 0;
      return { kind: "new", asks, isEnd: this.#isEnded };
    }
    if (ahead === 0 || ahead > NUMBERS / 2 || this.#isEnded) return { kind: "old", isLast: ahead === 0 };
    const asks = !this.#hasToldGap;
    this.#hasToldGap = true;
    this.#inWindow = 0;
    return { kind: "gap", asks };
  }
}
