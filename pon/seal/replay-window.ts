/** What of a flow of numbered datagrams was here before (RFC 4303 3.4.3): each number once, a little out of order. */

/** So far behind the newest a datagram may come. */
const WINDOW = 32;

export class ReplayWindow {
  /** Numbers at and behind it are too old, or were seen. */
  #newest: number;
  /** Bit n: n behind the newest was here. */
  #seen: number;

  /** @param newest a number that counts as seen, with all behind it; -1: none */
  constructor(newest = -1) {
    this.#newest = newest;
    this.#seen = -1;
  }

  get newest(): number {
    return this.#newest;
  }

  /** @returns false for a number that was here, or is too old to tell */
  take(number: number): boolean {
    const ahead = number - this.#newest;
    if (ahead > 0) {
      this.#seen = ahead >= WINDOW ? 1 : (this.#seen << ahead) | 1;
      this.#newest = number;
      return true;
    }
    if (-ahead >= WINDOW) return false;
    const bit = 1 << -ahead;
    if (this.#seen & bit) return false;
    this.#seen |= bit;
    return true;
  }
}
