/** How far a sweep is, on stderr: one line that is written over on a terminal, else a line now and then. */
import type { SweepProgress } from "../../study/sweep/index.ts";
import { tell } from "../print.ts";

/** Lines of progress on something that is no terminal. */
const PLAIN_LINES_MS = 5000;

export class SweepProgressLine {
  readonly #isQuiet: boolean;
  readonly #isTerminal = process.stderr.isTTY === true;
  readonly #startedMs = performance.now();
  #lastMs = -Infinity;
  #last: SweepProgress = { done: 0, total: 0 };
  #first = -1;

  constructor(isQuiet: boolean) {
    this.#isQuiet = isQuiet;
  }

  /** For metrics. */
  get figures(): SweepProgress & { secondsLeft?: number } {
    const secondsLeft = this.#secondsLeft();
    return { ...this.#last, ...(secondsLeft !== undefined && { secondsLeft }) };
  }

  update(progress: SweepProgress): void {
    if (this.#first < 0) this.#first = progress.done;
    const wasOver = this.#last.total > 0 && this.#last.done === this.#last.total;
    this.#last = { ...this.#last, ...progress };
    const nowMs = performance.now();
    const isOver = progress.done === progress.total;
    if (this.#isQuiet || wasOver || (!this.#isTerminal && !isOver && nowMs - this.#lastMs < PLAIN_LINES_MS)) return;
    this.#lastMs = nowMs;
    const text = this.#text(isOver);
    process.stderr.write(this.#isTerminal ? `\r\u001b[K${text}` : `${text}\n`);
  }

  /** What is told beside it, on a line of its own. */
  note(text: string): void {
    if (this.#isTerminal && !this.#isQuiet) process.stderr.write("\r\u001b[K");
    tell(`${text}\n`);
  }

  finish(): void {
    if (this.#isTerminal && !this.#isQuiet) process.stderr.write("\n");
  }

  #text(isOver: boolean): string {
    const { done, total, running, workers } = this.#last;
    const left = this.#secondsLeft();
    const counted = (count: number, word: string): string => `, ${count} ${word}${count === 1 ? "" : "s"}`;
    const parts = isOver
      ? []
      : [
          running === undefined ? "" : `, ${running} running`,
          workers === undefined ? "" : counted(workers, "worker"),
          left === undefined ? "" : `, ${left} s left`,
        ];
    return `${done} of ${total} runs${parts.join("")}`;
  }

  /** As fast as until now. */
  #secondsLeft(): number | undefined {
    const { done, total } = this.#last;
    if (done <= this.#first) return undefined;
    const spentMs = performance.now() - this.#startedMs;
    return Math.ceil(((spentMs / (done - this.#first)) * (total - done)) / 1000);
  }
}
