/** The throttle: a token bucket on the bytes that are read. */

const NS_PER_SECOND = 1e9;
/** Of the rate, that may come at once. */
const BURST_NS = 100_000_000;

/**
 * Lets a rate through, measured over any time that is long against its burst. It may be overdrawn by one piece, and asks for as
 * much longer a pause then: pieces need not fit.
 */
export class TokenBucket {
  readonly #rateBytesPerSecond: number;
  readonly #burstBytes: number;
  #tokens: number;
  #atNs: number;

  /** @param rateBytesPerSecond above 0; Infinity: everything passes */
  constructor(rateBytesPerSecond: number, nowNs: number) {
    this.#rateBytesPerSecond = rateBytesPerSecond;
    this.#burstBytes = (rateBytesPerSecond * BURST_NS) / NS_PER_SECOND;
    this.#tokens = this.#burstBytes;
    this.#atNs = nowNs;
  }

  /** Bytes that may be read now; 0 while it is overdrawn. */
  room(nowNs: number): number {
    if (this.#rateBytesPerSecond === Infinity) return Infinity;
    this.#fill(nowNs);
    return Math.max(0, Math.floor(this.#tokens));
  }

  /** The same, but nothing until there is room for a piece, or for a burst where that is less: who reads what trickles in never ends. */
  roomForPiece(nowNs: number, pieceBytes: number): number {
    const room = this.room(nowNs);
    return room >= Math.floor(Math.min(pieceBytes, this.#burstBytes)) ? room : 0;
  }

  take(nowNs: number, bytes: number): void {
    if (this.#rateBytesPerSecond === Infinity) return;
    this.#fill(nowNs);
    this.#tokens -= bytes;
  }

  /** When there is room for so many bytes, or for a whole burst where that is less. */
  roomAtNs(nowNs: number, bytes: number): number {
    if (this.room(nowNs) >= bytes) return nowNs;
    const missing = Math.min(bytes, this.#burstBytes) - this.#tokens;
    return nowNs + Math.max(0, Math.ceil((missing * NS_PER_SECOND) / this.#rateBytesPerSecond));
  }

  #fill(nowNs: number): void {
    const elapsedNs = Math.max(0, nowNs - this.#atNs);
    this.#atNs = Math.max(this.#atNs, nowNs);
    this.#tokens = Math.min(this.#burstBytes, this.#tokens + (elapsedNs * this.#rateBytesPerSecond) / NS_PER_SECOND);
  }
}
