/** How fast a download goes on, and how long it still takes. */

/** The rate is that of the last seconds: long enough to span a repair, short enough to follow a change. */
const SPAN_MS = 5000;
/** A rate over less time says nothing. */
const SPAN_LEAST_MS = 300;
const MS_PER_SECOND = 1000;

/** Rate of a download from samples of how far it is. */
export class ProgressMeter {
  #samples: { elapsedMs: number; bytesDone: number }[] = [];

  add(elapsedMs: number, bytesDone: number): void {
    const last = this.#samples.at(-1);
    // A download that begins again starts its rate again.
    if (last !== undefined && (bytesDone < last.bytesDone || elapsedMs < last.elapsedMs)) this.#samples = [];
    this.#samples.push({ elapsedMs, bytesDone });
    const firstKept = this.#samples.findIndex((sample) => sample.elapsedMs >= elapsedMs - SPAN_MS);
    // One sample older than the span stays, so that the rate covers all of it.
    this.#samples.splice(0, Math.max(0, firstKept - 1));
  }

  /** 0 while it is not known. */
  get bytesPerSecond(): number {
    const first = this.#samples[0];
    const last = this.#samples.at(-1);
    if (first === undefined || last === undefined) return 0;
    const spanMs = last.elapsedMs - first.elapsedMs;
    return spanMs < SPAN_LEAST_MS ? 0 : ((last.bytesDone - first.bytesDone) * MS_PER_SECOND) / spanMs;
  }

  /** Time until all bytes are done at this rate; null while that is not known. */
  etaMs(imageBytes: number): number | null {
    const { bytesPerSecond } = this;
    const last = this.#samples.at(-1);
    if (last === undefined || bytesPerSecond === 0) return null;
    return (Math.max(0, imageBytes - last.bytesDone) * MS_PER_SECOND) / bytesPerSecond;
  }
}
