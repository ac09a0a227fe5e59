/** Calls that come later, in real time, and not any more when the run is over. */

const NS_PER_MS = 1e6;
/** As far as a timer of Node.js reaches. */
const WAIT_MS_MAX = 2 ** 31 - 1;

export class RunTimers {
  readonly #open = new Set<NodeJS.Timeout>();

  /** Who asks for later than a timer reaches is called then. @returns what takes it back */
  after(delayNs: number, call: () => void): () => void {
    const timer = setTimeout(
      () => {
        this.#open.delete(timer);
        call();
      },
      Math.min(WAIT_MS_MAX, Math.ceil(delayNs / NS_PER_MS)),
    );
    this.#open.add(timer);
    return () => {
      clearTimeout(timer);
      this.#open.delete(timer);
    };
  }

  clear(): void {
    for (const timer of this.#open) clearTimeout(timer);
    this.#open.clear();
  }
}
