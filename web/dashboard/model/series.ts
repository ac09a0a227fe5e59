/** Samples over the time of a run: as many as a chart can show, however long it takes. */
import type { SeriesSample } from "../types.ts";

const SAMPLES_MAX = 720;
/** The least time between two. */
const INTERVAL_MS_MIN = 250;

export class SampleSeries {
  #samples: SeriesSample[] = [];
  /** Version in which each came. */
  #versions: number[] = [];
  #intervalMs = INTERVAL_MS_MIN;
  /** Version of the last thinning: whoever knows less has samples that are there no more. */
  #thinned = 0;

  /** When another is due. */
  get dueMs(): number {
    const last = this.#samples.at(-1);
    return last === undefined ? 0 : last[0] + this.#intervalMs;
  }

  add(sample: SeriesSample, version: number): void {
    this.#samples.push(sample);
    this.#versions.push(version);
    if (this.#samples.length <= SAMPLES_MAX) return;
    this.#samples = this.#samples.filter((_, at) => at % 2 === 0);
    this.#versions = this.#versions.filter((_, at) => at % 2 === 0);
    this.#intervalMs *= 2;
    this.#thinned = version;
  }

  get last(): SeriesSample | undefined {
    return this.#samples.at(-1);
  }

  since(version: number): { series: SeriesSample[]; seriesAnew?: true } {
    if (version < this.#thinned || version < 0) return { series: [...this.#samples], seriesAnew: true };
    // The newest stand last.
    let from = this.#samples.length;
    while (from > 0 && this.#versions[from - 1] > version) from--;
    return { series: this.#samples.slice(from) };
  }
}
