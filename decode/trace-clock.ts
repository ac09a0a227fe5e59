/** The times of an input as numbers that can be subtracted exactly, and where the clock that gave them was set. */
import type { InputFrame } from "./types.ts";

/** A frame after such a silence may as well come from another clock. */
const SILENCE_NS_MAX = 600e9;
/** Frames of several interfaces may be a little out of order. */
const DISORDER_NS_MAX = 1e9;

/** When, as far as differences go. */
export interface Moment {
  /** Integer nanoseconds since the first frame's. */
  ns: number;
  /** Only moments of one epoch can be compared. */
  epoch: number;
}

export const exactNsOf = ({ timeNs, exactNs }: InputFrame): bigint | undefined =>
  exactNs ?? (timeNs === undefined || !Number.isFinite(timeNs) ? undefined : BigInt(Math.round(timeNs)));

export class TraceClock {
  /** Frame before which the clock went back, and by how much; the first one. */
  steppedBack: { frame: number; ns: number } | undefined;
  /** Frame before which it went forward by more than anybody waits, in the middle of an exchange. */
  steppedForward: number | undefined;
  #baseNs: bigint | undefined;
  #lastNs: number | undefined;
  #epoch = 0;

  of(input: InputFrame, frame: number): Moment | undefined {
    const { timeNs } = input;
    if (timeNs === undefined) return undefined;
    const exactNs = exactNsOf(input);
    if (exactNs === undefined) return undefined;
    this.#baseNs ??= exactNs;
    const ns = Number(exactNs - this.#baseNs);
    const change = this.#lastNs === undefined ? 0 : ns - this.#lastNs;
    this.#lastNs = ns;
    if (change < -DISORDER_NS_MAX) this.steppedBack ??= { frame, ns: -change };
    if (change > SILENCE_NS_MAX || change < -DISORDER_NS_MAX) this.#epoch++;
    return { ns, epoch: this.#epoch };
  }
}

/** @returns undefined where it cannot be told */
export function betweenNs(earlier: Moment | undefined, later: Moment | undefined): number | undefined {
  if (earlier === undefined || later === undefined || earlier.epoch !== later.epoch) return undefined;
  return later.ns < earlier.ns ? undefined : later.ns - earlier.ns;
}
