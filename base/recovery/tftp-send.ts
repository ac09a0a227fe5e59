/** The sending direction of a transfer of TFTP: blocks in windows (RFC 7440), from where the other side says. */
import type { TftpPacket, TftpTerms } from "./tftp-packet.ts";

export interface TftpSource {
  sizeBytes: number;
  /** Fewer bytes at the end of the file. */
  readAt: (offsetBytes: number, lengthBytes: number) => Uint8Array;
}

const NUMBERS = 0x1_0000;

export class TftpOutbound {
  readonly #terms: TftpTerms;
  readonly #source: TftpSource;
  /** Blocks of the file: the last one is shorter than the others, and may be empty (RFC 1350, 6). */
  readonly #blocks: number;
  /** The other side has these, counted on without end. */
  #acknowledged = 0;
  #sent = 0;
  /** A window is sent again for one ACK at most, else ACKs that come twice double what is sent. */
  #hasTurnedBack = false;

  constructor(terms: TftpTerms, source: TftpSource) {
    this.#terms = terms;
    this.#source = source;
    this.#blocks = Math.floor(source.sizeBytes / terms.blockBytes) + 1;
  }

  get isDone(): boolean {
    return this.#acknowledged === this.#blocks;
  }

  get acknowledgedBytes(): number {
    return Math.min(this.#acknowledged * this.#terms.blockBytes, this.#source.sizeBytes);
  }

  /** @returns whether there is something to be sent now, or all is done */
  handleAck(number: number): boolean {
    const ahead = (number - this.#acknowledged + 2 * NUMBERS) % NUMBERS;
    if (ahead > this.#sent - this.#acknowledged) return false;
    if (ahead === 0) {
      // Its repeat says nothing new with blocks one by one; in a window, that the first of them was lost.
      if (this.#terms.windowBlocks === 1 || this.#hasTurnedBack) return false;
      this.#hasTurnedBack = true;
      this.#sent = this.#acknowledged;
      return true;
    }
    this.#acknowledged += ahead;
    // Those behind it were lost, or will be sent twice.
    this.#sent = this.#acknowledged;
    this.#hasTurnedBack = false;
    return true;
  }

  /** Nothing was heard: the window once more. */
  rewind(): void {
    this.#sent = this.#acknowledged;
    this.#hasTurnedBack = false;
  }

  /** The rest of the window. */
  *poll(): Generator<TftpPacket> {
    const { blockBytes, windowBlocks } = this.#terms;
    const end = Math.min(this.#blocks, this.#acknowledged + windowBlocks);
    while (this.#sent < end) {
      const bytes = this.#source.readAt(this.#sent * blockBytes, blockBytes);
      this.#sent += 1;
      yield { type: "data", block: this.#sent % NUMBERS, bytes };
    }
  }
}
