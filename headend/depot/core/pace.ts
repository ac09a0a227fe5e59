/** Rates on given time: a token bucket as the instant from which its next byte may go (the generic cell rate algorithm). */

/** Bytes that may go at once after a pause: this much time's worth. */
const BURST_MS = 100;
const MS_PER_SECOND = 1_000;
/** Largest piece of a download; with a limit, what goes in half a burst. */
export const PIECE_BYTES_MAX = 64 * 1024;
const PIECE_BYTES_MIN = 1_024;

/** One limit: of a download, of a campaign, of all. */
export class Pace {
  readonly bytesPerSecond: number;
  /** From then on the next byte may go, milliseconds. */
  #freeMs = -Infinity;

  /** @param bytesPerSecond Infinity: none */
  constructor(bytesPerSecond: number) {
    this.bytesPerSecond = bytesPerSecond;
  }

  /** When a piece may go that is asked for now; nothing is taken. */
  whenMs(nowMs: number): number {
    return Math.max(nowMs, this.#freeMs);
  }

  /** Takes it now, whenever it goes: who waits for another limit holds nobody up here. */
  take(nowMs: number, bytes: number): void {
    if (this.bytesPerSecond === Infinity) return;
    const fromMs = Math.max(this.#freeMs, nowMs - BURST_MS);
    this.#freeMs = fromMs + (bytes / this.bytesPerSecond) * MS_PER_SECOND;
  }
}

/**
 * Takes a piece from all limits at once. Whoever asks gets the next free place: many downloads that ask for a piece each
 * go in turn.
 *
 * @returns how long the piece has to wait, milliseconds
 */
export function reserve(paces: readonly Pace[], nowMs: number, bytes: number): number {
  let atMs = nowMs;
  for (const pace of paces) atMs = Math.max(atMs, pace.whenMs(nowMs));
  for (const pace of paces) pace.take(nowMs, bytes);
  return atMs - nowMs;
}

/** How much to send at once: so little that a limit is kept evenly. */
export function pieceBytes(paces: readonly Pace[]): number {
  const least = Math.min(...paces.map(({ bytesPerSecond }) => bytesPerSecond), Infinity);
  const bytes = (least * BURST_MS) / MS_PER_SECOND / 2;
  return Math.floor(Math.min(PIECE_BYTES_MAX, Math.max(PIECE_BYTES_MIN, bytes)));
}
