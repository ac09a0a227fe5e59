/** How much of the headend's feed each OLT may take: by what it needs, never more than all there is. Pure. */

const NS_PER_MS = 1e6;
/** An OLT asks this often; more often than it could tell the difference is of no use. */
export const FEED_ASK_MS = 50;
/** Who has not asked for so long does not hear us either: its fair share is kept for it. */
export const FEED_SILENT_NS = 500 * NS_PER_MS;
/** An OLT that has had no answer for so long is on its own; by then what was lent to others has been taken back. */
export const FEED_LOST_NS = 1_500 * NS_PER_MS;
/** Who sends nothing keeps this much of its fair share, to begin with. */
const IDLE_SHARE = 1 / 8;
/** Who was not held back gets so many times what it took. */
const HEADROOM = 2;

/** What an OLT says of itself. */
export interface FeedAsk {
  /** Since it asked last. */
  usedBytesPerSecond: number;
  /** It had more to send than it might. */
  isHeldBack: boolean;
  /** What it keeps to. */
  rateBytesPerSecond: number;
}

interface Port {
  needBytesPerSecond: number;
  /** The most it may take right now, by what it was told and by what it said. */
  heldBytesPerSecond: number;
  askedNs: number;
}

/** The feed by so many OLTs: what each may take if it hears from nobody. */
export const fairShare = (feedBytesPerSecond: number, ports: number): number => feedBytesPerSecond / ports;

/**
 * Max-min fair: nobody gets more than it needs, and what it leaves is the others'. A rate is raised only by what nobody else
 * can be taking any more, so that all rates in force never add up to more than the feed.
 */
export class FeedShares {
  readonly #bytesPerSecond: number;
  readonly #fair: number;
  readonly #ports: Port[];
  #firstAskNs = Infinity;

  constructor(bytesPerSecond: number, ports: number) {
    this.#bytesPerSecond = bytesPerSecond;
    this.#fair = fairShare(bytesPerSecond, ports);
    // An OLT begins with its fair share, whether we know of it or not.
    this.#ports = Array.from({ length: ports }, () => ({
      needBytesPerSecond: this.#fair,
      heldBytesPerSecond: this.#fair,
      askedNs: -Infinity,
    }));
  }

  /** @returns what this port may take from now on, bytes of GEM frames a second */
  handleAsk(nowNs: number, number: number, { usedBytesPerSecond, isHeldBack, rateBytesPerSecond }: FeedAsk): number {
    const port = this.#ports[number];
    port.askedNs = nowNs;
    port.needBytesPerSecond = isHeldBack
      ? Infinity
      : Math.max(IDLE_SHARE * this.#fair, HEADROOM * Math.max(0, usedBytesPerSecond));
    this.#keepForSilent(nowNs);
    const target = this.#targetOf(number);
    let others = 0;
    for (const other of this.#ports) if (other !== port) others += other.heldBytesPerSecond;
    this.#firstAskNs = Math.min(this.#firstAskNs, nowNs);
    // Whoever has not asked yet may have been given more by the server before this one.
    const most = this.#knowsAll(nowNs) ? target : Math.min(target, rateBytesPerSecond);
    const grant = Math.max(0, Math.min(most, this.#bytesPerSecond - others));
    // Until it says that it keeps to less, it may be taking what it had.
    port.heldBytesPerSecond = Math.max(grant, rateBytesPerSecond);
    return grant;
  }

  #knowsAll(nowNs: number): boolean {
    return nowNs - this.#firstAskNs > FEED_LOST_NS || this.#ports.every(({ askedNs }) => askedNs >= 0);
  }

  /** Who is silent goes back to its fair share by itself: others may not have it. */
  #keepForSilent(nowNs: number): void {
    for (const port of this.#ports)
      if (nowNs - port.askedNs > FEED_SILENT_NS) {
        port.needBytesPerSecond = this.#fair;
        // Not only when it takes it: what others have been given by then would have to be taken back first.
        port.heldBytesPerSecond = Math.max(port.heldBytesPerSecond, this.#fair);
        if (nowNs - port.askedNs > FEED_LOST_NS) port.heldBytesPerSecond = this.#fair;
      }
  }

  /** Fills all up to the same level, but nobody beyond its need. */
  #targetOf(number: number): number {
    let left = this.#bytesPerSecond;
    let open = this.#ports.map(({ needBytesPerSecond }) => needBytesPerSecond).toSorted((a, b) => a - b);
    const own = this.#ports[number].needBytesPerSecond;
    while (open.length > 0) {
      const level = left / open.length;
      if (open[0] >= level) return Math.min(own, level);
      if (open[0] === own) return own;
      left -= open[0];
      open = open.slice(1);
    }
    return own;
  }
}

/**
 * The OLT's half: what it keeps to. Without an answer for too long it takes at once no more than its fair share, and the whole
 * of that once everybody else has gone back to theirs.
 */
export class FeedShare {
  readonly #fair: number;
  #heardNs: number;
  #isLost = false;
  bytesPerSecond: number;

  constructor(nowNs: number, feedBytesPerSecond: number, ports: number) {
    this.#fair = fairShare(feedBytesPerSecond, ports);
    this.bytesPerSecond = this.#fair;
    this.#heardNs = nowNs;
  }

  handleGrant(nowNs: number, bytesPerSecond: number): void {
    this.#heardNs = nowNs;
    this.#isLost = false;
    this.bytesPerSecond = bytesPerSecond;
  }

  /** @returns true when the feed's server has just been lost: once each time */
  look(nowNs: number): boolean {
    const silentNs = nowNs - this.#heardNs;
    if (silentNs > FEED_SILENT_NS) this.bytesPerSecond = Math.min(this.bytesPerSecond, this.#fair);
    if (silentNs > FEED_LOST_NS) this.bytesPerSecond = this.#fair;
    if (silentNs <= FEED_LOST_NS || this.#isLost) return false;
    this.#isLost = true;
    return true;
  }

  get isLost(): boolean {
    return this.#isLost;
  }
}
