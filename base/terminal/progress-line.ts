/** How far a long search is: on one line of a terminal, or on a line now and then where lines stay. */

/** Time between two lines. */
const TERMINAL_MS = 500;
const PLAIN_MS = 10_000;
const MS_PER_SECOND = 1000;

export class ProgressLine {
  readonly #isTerminal = process.stderr.isTTY;
  readonly #apartMs: number;
  readonly #startMs = performance.now();
  #nextMs: number;

  /** @param plainMs between two lines where they stay */
  constructor(plainMs = PLAIN_MS) {
    this.#apartMs = this.#isTerminal ? TERMINAL_MS : plainMs;
    this.#nextMs = this.#startMs + (this.#isTerminal ? 0 : plainMs);
  }

  get seconds(): number {
    return (performance.now() - this.#startMs) / MS_PER_SECOND;
  }

  /** @param text made when it is time for a line only */
  show(text: () => string): void {
    if (performance.now() < this.#nextMs) return;
    this.#nextMs = performance.now() + this.#apartMs;
    const line = `${text()}, ${this.seconds.toFixed(0)} s`;
    process.stderr.write(this.#isTerminal ? `\r\u001b[2K${line}` : `${line}\n`);
  }

  clear(): void {
    if (this.#isTerminal) process.stderr.write("\r\u001b[2K");
  }
}
