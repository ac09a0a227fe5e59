/** The OMCC budget: how many bytes may leave now. */
import { BUDGET_BURST_NS, BUDGET_WAKE_SHARE } from "./policy.ts";

/**
 * Token bucket over bytes of GEM frames. Debt is allowed: a frame may be sent whenever the balance is above zero, so
 * that a budget below one frame per period still makes progress and the long-run rate is exact.
 */
export class Pacer {
  readonly #burstNs: number;
  #bytesPerNs: number;
  #capBytes: number;
  #balanceBytes: number;
  #updatedNs = 0;

  /** @param rateBytesPerSecond budget; Infinity = unlimited. @param burstNs what is not used for so long is saved, and no more */
  constructor(rateBytesPerSecond: number, burstNs = BUDGET_BURST_NS) {
    this.#burstNs = burstNs;
    this.#bytesPerNs = rateBytesPerSecond / 1e9;
    this.#capBytes = this.#bytesPerNs * burstNs;
    this.#balanceBytes = this.#capBytes;
  }

  get rateBytesPerSecond(): number {
    return this.#bytesPerNs * 1e9;
  }

  /** From now on; what was saved or overdrawn at the rate before stays, within what the new one saves at most. */
  changeRate(nowNs: number, rateBytesPerSecond: number): void {
    const balanceBytes = this.allowance(nowNs);
    this.#bytesPerNs = rateBytesPerSecond / 1e9;
    this.#capBytes = this.#bytesPerNs * this.#burstNs;
    this.#balanceBytes = Math.min(balanceBytes, this.#capBytes);
    this.#updatedNs = nowNs;
  }

  /** Bytes that may go now; one frame may overdraw it. Infinity when unlimited. */
  allowance(nowNs: number): number {
    if (this.#bytesPerNs === Infinity) return Infinity;
    this.#balanceBytes = Math.min(this.#capBytes, this.#balanceBytes + (nowNs - this.#updatedNs) * this.#bytesPerNs);
    this.#updatedNs = nowNs;
    return this.#balanceBytes;
  }

  spend(bytes: number): void {
    if (this.#bytesPerNs !== Infinity) this.#balanceBytes -= bytes;
  }

  /** When the next frame may go: half a bucket ahead, so that a wake-up is worth its cost. */
  readyNs(nowNs: number): number {
    if (this.#bytesPerNs === Infinity || this.#balanceBytes > 0) return nowNs;
    const wantBytes = Math.max(1e-6, this.#capBytes * BUDGET_WAKE_SHARE) - this.#balanceBytes;
    return nowNs + Math.max(1, Math.ceil(wantBytes / this.#bytesPerNs));
  }
}
