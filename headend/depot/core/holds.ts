/** Which devices get nothing, whatever there is: those that nobody has released, and those that an operator has left out. */

export type HoldEvent =
  | { type: "released"; device: string; isReleased: boolean }
  /** An operator leaves it out, for good; without a device all. */
  | { type: "leftOut"; device?: string };

/** Plain JSON. */
export interface HoldSnapshot {
  /** Devices; absent: none. */
  released?: readonly string[];
  /** Left out by an operator; `isStopped`: all are. */
  leftOut?: readonly string[];
  isStopped?: true;
}

export class Holds {
  readonly #released = new Set<string>();
  readonly #leftOut = new Set<string>();
  #isStopped = false;

  isReleased(device: string): boolean {
    return this.#released.has(device);
  }

  /** Why a device gets nothing; empty: it may have what there is. */
  whyHeld(device: string, byRelease = false): string {
    if (this.#isStopped || this.#leftOut.has(device)) return "left out by an operator";
    return byRelease && !this.isReleased(device) ? "it has not been released" : "";
  }

  apply(event: HoldEvent): void {
    const { device } = event;
    if (event.type === "leftOut") {
      if (device === undefined) this.#isStopped = true;
      else this.#leftOut.add(device);
    } else if (event.isReleased) this.#released.add(event.device);
    else this.#released.delete(event.device);
  }

  snapshot(): HoldSnapshot {
    return {
      ...(this.#released.size > 0 && { released: [...this.#released] }),
      ...(this.#leftOut.size > 0 && { leftOut: [...this.#leftOut] }),
      ...(this.#isStopped && { isStopped: true as const }),
    };
  }

  restore({ released = [], leftOut = [], isStopped }: HoldSnapshot): void {
    this.#isStopped = isStopped === true;
    this.#leftOut.clear();
    for (const device of leftOut) this.#leftOut.add(device);
    this.#released.clear();
    for (const device of released) this.#released.add(device);
  }
}
