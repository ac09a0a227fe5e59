/** How far a long computation is, and when it will be over: on stderr, for whoever waits longer than a moment. */
import { durationText } from "../../../base/text/index.ts";

/** Nobody needs to be told of what is over before. */
const QUIET_MS = 2000;
/** Between two lines where they stay, in a log. */
const LINES_APART_MS = 10_000;
const MS_PER_SECOND = 1000;

interface Screen {
  isTTY?: boolean;
  write: (text: string) => unknown;
}

/** Steps that take about the same time each. */
export class Steps {
  readonly #total: number;
  readonly #screen: Screen;
  readonly #nowMs: () => number;
  readonly #startMs: number;
  #toldMs = Number.NEGATIVE_INFINITY;
  #done = 0;

  constructor(total: number, screen: Screen = process.stderr, nowMs: () => number = () => performance.now()) {
    this.#total = total;
    this.#screen = screen;
    this.#nowMs = nowMs;
    this.#startMs = nowMs();
  }

  /** @param what the step that is done is one of */
  step(what: string): void {
    this.#done++;
    const nowMs = this.#nowMs();
    const tookMs = nowMs - this.#startMs;
    const isLast = this.#done >= this.#total;
    const isTerminal = this.#screen.isTTY === true;
    if (tookMs < QUIET_MS || isLast || (!isTerminal && nowMs - this.#toldMs < LINES_APART_MS)) return;
    this.#toldMs = nowMs;
    const leftSeconds = ((tookMs / this.#done) * (this.#total - this.#done)) / MS_PER_SECOND;
    const text = `${what}: ${this.#done} of ${this.#total}, ${durationText(leftSeconds)} to go`;
    this.#screen.write(isTerminal ? `\r${text}\u001b[K` : `${text}\n`);
  }

  /** Leaves the line to what comes. */
  end(): void {
    if (this.#screen.isTTY === true && this.#toldMs > Number.NEGATIVE_INFINITY) this.#screen.write("\r\u001b[K");
  }
}
