/** How long answers take, and how long they are waited for: of single requests, and of the rounds of a group. */
import {
  CLOCK_DEVIATION_GAIN,
  CLOCK_DEVIATIONS,
  CLOCK_FIRST_DEVIATION,
  CLOCK_MEAN_GAIN,
  DOUBLINGS_MAX,
  GAP_FACTOR,
  QUIET_FACTOR,
  REPEAT_FLOOR_SHARE,
  SPREAD_PAUSE_MAX_NS,
} from "./policy.ts";

/**
 * How long answers take, smoothed, and the deadline that follows. The adaptive deadline only decides when to ask again; an
 * ONT counts as silent by the fixed limits.
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
      this.#deviationNs = elapsedNs * CLOCK_FIRST_DEVIATION;
    } else {
      this.#deviationNs += (Math.abs(elapsedNs - this.#meanNs) - this.#deviationNs) * CLOCK_DEVIATION_GAIN;
      this.#meanNs += (elapsedNs - this.#meanNs) * CLOCK_MEAN_GAIN;
    }
    this.#samples++;
  }

  /** @param doublings how often the same question was asked before. */
  deadlineNs(doublings = 0): number {
    const base = this.#samples === 0 ? this.#initialNs : this.#meanNs + CLOCK_DEVIATIONS * this.#deviationNs;
    const scaled = Math.max(this.#floorNs, base) * 2 ** Math.min(doublings, DOUBLINGS_MAX);
    return Math.round(Math.min(this.#ceilingNs, scaled));
  }
}

/**
 * When to stop waiting for the answers of a group. Answers of many ONTs come one after the other, and for as long as they
 * come nobody is silent: the round ends with a pause that is long beside what its answers, and those of earlier rounds,
 * took. Asking again too early costs a small frame; taking a slow ONT for a dead one costs a copy of the image, so that
 * takes more. An answer that comes behind the pause counts as any other: the next pause is as long as that one took.
 */
export class RoundClock {
  /** When the last section of the round left. */
  sentNs = 0;
  readonly #first: AnswerClock;
  readonly #gaps: AnswerClock;
  readonly #floorNs: number;
  readonly #ceilingNs: number;
  #windowSentNs = 0;
  /** Last answer of the window, -1 = none; of the round. */
  #windowAnswerNs = -1;
  #roundAnswerNs = -1;
  #longestGapNs = 0;
  /** All has left, and nothing went to the silent ones again: else which send an answer is to is not known (Karn's rule). */
  #isTelling = false;

  constructor(floorNs: number, ceilingNs: number, initialNs: number) {
    this.#floorNs = floorNs;
    this.#ceilingNs = ceilingNs;
    this.#first = new AnswerClock(floorNs, ceilingNs, initialNs);
    this.#gaps = new AnswerClock(floorNs, ceilingNs, floorNs);
  }

  /** A round begins. Who is sent the first of its sections may answer before the last of them has left: that tells nothing of pauses. */
  begin(): void {
    if (this.#longestGapNs > 0) this.#gaps.sample(this.#longestGapNs);
    this.#longestGapNs = 0;
    this.#isTelling = false;
  }

  /** The last section of a round has left. @returns when to look again */
  sent(nowNs: number, beginsWindow: boolean): number {
    this.sentNs = nowNs;
    this.#roundAnswerNs = -1;
    this.#isTelling = true;
    if (beginsWindow) {
      this.#windowSentNs = nowNs;
      this.#windowAnswerNs = -1;
    }
    return nowNs + this.#first.deadlineNs();
  }

  /** The silent ones were sent the window's last section again. @returns when to look again */
  repeated(nowNs: number, doublings: number): number {
    this.#isTelling = false;
    return nowNs + this.#first.deadlineNs(doublings);
  }

  /** @returns when to look again */
  answered(nowNs: number): number {
    if (this.#isTelling) {
      if (this.#roundAnswerNs < 0) this.#first.sample(nowNs - this.sentNs);
      else this.#longestGapNs = Math.max(this.#longestGapNs, nowNs - this.#roundAnswerNs);
    }
    this.#roundAnswerNs = nowNs;
    this.#windowAnswerNs = nowNs;
    const spreadNs = Math.min(SPREAD_PAUSE_MAX_NS, nowNs - this.sentNs);
    const pauseNs = Math.max(this.#gaps.deadlineNs(), GAP_FACTOR * this.#longestGapNs, spreadNs);
    return nowNs + Math.min(this.#ceilingNs, pauseNs);
  }

  /**
   * Whether it has been quiet for so long that silence means something.
   *
   * @param allowanceNs what a late machine is given beside that
   */
  isQuiet(nowNs: number, patience: number, allowanceNs: number): boolean {
    const longestNs = patience * this.#ceilingNs;
    if (this.#windowAnswerNs < 0) return nowNs - this.#windowSentNs >= longestNs + allowanceNs;
    const slowestNs = this.#windowAnswerNs - this.#windowSentNs;
    const quietNs = Math.max(this.#floorNs, REPEAT_FLOOR_SHARE * this.#ceilingNs, QUIET_FACTOR * slowestNs);
    return nowNs - this.#windowAnswerNs >= Math.min(longestNs, quietNs) + allowanceNs;
  }

  /** Last that was heard of the round, or its sending. */
  get roundHeardNs(): number {
    return Math.max(this.sentNs, this.#roundAnswerNs);
  }
}
