/** How late a machine runs: what deadlines have to allow for that other processes on it may keep the processor from us. */

/** What was seen counts for half as much after this time: load comes and goes. */
const HALF_LIFE_NS = 5e9;

/** The worst lateness seen, less and less as time passes. Nothing noted, as in virtual time: never late. */
export class Lateness {
  #worstNs = 0;
  #notedNs = 0;

  /** Something came so much later than it was due. */
  note(nowNs: number, lateNs: number): void {
    if (lateNs <= this.worstNs(nowNs)) return;
    this.#worstNs = lateNs;
    this.#notedNs = nowNs;
  }

  worstNs(nowNs: number): number {
    if (this.#worstNs === 0) return 0;
    return this.#worstNs * 2 ** (Math.min(0, this.#notedNs - nowNs) / HALF_LIFE_NS);
  }
}
