/** Time of testers in real time: a wait ends when something came in. */
import { sleepMs } from "../../../base/clock/index.ts";
import type { TesterTime } from "../core/types.ts";

const NS_PER_MS = 1e6;

export abstract class RealTester implements TesterTime {
  readonly timeScale: number;
  readonly epochMs = Date.now() - performance.now();
  #wake: () => void = () => undefined;

  constructor(timeScale: number) {
    this.timeScale = timeScale;
  }

  nowNs(): number {
    return Math.round(performance.now() * NS_PER_MS);
  }

  wait(deadlineNs: number): Promise<void> {
    return new Promise((resolve) => {
      const done = (): void => {
        clearTimeout(timer);
        this.#wake = () => undefined;
        resolve();
      };
      const timer = setTimeout(done, sleepMs(deadlineNs - this.nowNs()));
      this.#wake = done;
    });
  }

  protected wake(): void {
    this.#wake();
  }
}
