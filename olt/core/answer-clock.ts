/** Repeats grow apart up to this: on a bad link it is better to ask often than to wait long. */
const DOUBLINGS_MAX = 6;

/**
 * How long answers take, smoothed, and the deadline that follows: mean + 4 deviations, as retransmission timers are
 * commonly set. The adaptive deadline only decides when to ask again; an ONT counts as silent by the fixed limits.
 */
export class AnswerClock {
  #meanNs = 0;
  #deviationNs = 0;
  #samples = 0;
  readonly #floorNs: number;
  readonly #ceilingNs: number;
  readonly #initialNs: number;

  constructor(floorNs: number, ceilingNs: number, initialNs: number) {
    this.#floorNs = floorNs;
    this.#ceilingNs = ceilingNs;
    this.#initialNs = Math.min(initialNs, ceilingNs);
  }

  sample(elapsedNs: number): void {
    if (this.#samples === 0) {
      this.#meanNs = elapsedNs;
      this.#deviationNs = elapsedNs / 2;
    } else {
      this.#deviationNs += (Math.abs(elapsedNs - this.#meanNs) - this.#deviationNs) / 4;
      this.#meanNs += (elapsedNs - this.#meanNs) / 8;
    }
    this.#samples++;
  }

  /** @param doublings how often the same question was asked before. */
  deadlineNs(doublings = 0): number {
    const base = this.#samples === 0 ? this.#initialNs : this.#meanNs + 4 * this.#deviationNs;
    const scaled = Math.max(this.#floorNs, base) * 2 ** Math.min(doublings, DOUBLINGS_MAX);
    return Math.round(Math.min(this.#ceilingNs, scaled));
  }
}
