/** The time that the OLT's parts live in: that of the run, without its pauses. */

/**
 * While paused, time stands still for whoever has a deadline, so that no deadline passes for what the pause kept back, and
 * all of them go on where they were. Times are nanoseconds: of the run for drivers, of the core inside.
 */
export class PausableClock {
  /** In order: when they began, on the core's clock, and how long they were. */
  readonly #pauses: { atNs: number; lengthNs: number }[] = [];
  #pausedSinceNs = -1;
  #totalNs = 0;

  get isPaused(): boolean {
    return this.#pausedSinceNs >= 0;
  }

  /** Length of all pauses, the one that is on included. */
  pausedNs(nowNs: number): number {
    return this.#totalNs + (this.isPaused ? Math.max(0, nowNs - this.#pausedSinceNs) : 0);
  }

  pause(nowNs: number): void {
    this.#pausedSinceNs = nowNs;
  }

  resume(nowNs: number): void {
    const lengthNs = Math.max(0, nowNs - this.#pausedSinceNs);
    const atNs = this.#pausedSinceNs - this.#totalNs;
    const last = this.#pauses.at(-1);
    if (last?.atNs === atNs) last.lengthNs += lengthNs;
    else this.#pauses.push({ atNs, lengthNs });
    this.#totalNs += lengthNs;
    this.#pausedSinceNs = -1;
  }

  toCore(runNs: number): number {
    return (this.isPaused ? this.#pausedSinceNs : runNs) - this.#totalNs;
  }

  /** When a deadline of the core passes on the run's clock, unless another pause comes between. */
  dueNs(coreNs: number): number {
    return coreNs + this.#totalNs;
  }

  /** When that was on the run's clock; what was within a pause counts for its beginning. @param coreNs negative = never */
  toRun(coreNs: number): number {
    let runNs = coreNs;
    for (const { atNs, lengthNs } of this.#pauses) if (atNs < coreNs) runNs += lengthNs;
    return runNs;
  }
}
