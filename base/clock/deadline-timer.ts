/** The one timer of a real-time driver: it stands for all deadlines, and never sleeps longer than timers allow. */

/** Longest sleep of a timer, milliseconds: `setTimeout` takes more than 31 bits hold for 1. */
const SLEEP_MS_MAX = 0x7fff_ffff;
const NS_PER_MS = 1e6;

/** What to give `setTimeout` so that `spanNs` have passed when it ends; less where timers cannot wait so long. */
export const sleepMs = (spanNs: number): number => Math.min(SLEEP_MS_MAX, Math.max(0, Math.ceil(spanNs / NS_PER_MS)));

/** Calls its driver by the earliest deadline it was told, and perhaps before: then the driver finds nothing to do. */
export class DeadlineTimer {
  readonly #nowNs: () => number;
  readonly #onDue: () => void;
  #timer: NodeJS.Timeout | undefined;
  #dueNs = Infinity;
  #isStopped = false;
  readonly #wake = (): void => {
    this.#dueNs = Infinity;
    this.#onDue();
  };

  /** @param onDue says what it waits for next with `wakeBy` */
  constructor(nowNs: () => number, onDue: () => void) {
    this.#nowNs = nowNs;
    this.#onDue = onDue;
  }

  /** A timer that is early enough stays: a call too many costs less than a timer made new for each frame. */
  wakeBy(dueNs: number): void {
    if (dueNs >= this.#dueNs || this.#isStopped) return;
    clearTimeout(this.#timer);
    this.#dueNs = dueNs;
    this.#timer = setTimeout(this.#wake, sleepMs(dueNs - this.#nowNs()));
  }

  /** For good. */
  stop(): void {
    this.#isStopped = true;
    clearTimeout(this.#timer);
  }
}
