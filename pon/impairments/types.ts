/** The two ways in which impairments act: on single frames, and in time. */
import type { ImpairmentKind } from "./spec.ts";

/** What an impairment does to a frame it hits. */
export const EFFECT = { none: 0, late: 1, duplicated: 2, corrupted: 3, lost: 4 } as const;
export type Effect = (typeof EFFECT)[keyof typeof EFFECT];

/**
 * An impairment that hits some frames and lets the others pass untouched. It says how many frames pass before the next it
 * hits, so that a window costs as much as it has losses, not as much as it has sections. The same frames are hit whether
 * they are asked for one by one or all at once.
 */
export interface Mark {
  readonly kind: ImpairmentKind;
  readonly effect: Effect;
  /**
   * Looks at up to `limit` frames, frame i on the link at `firstNs + i * spacingNs`.
   *
   * @returns index of the first frame hit, which is then consumed with all before it; or `limit`, all consumed.
   */
  framesUntilHit(limit: number, frameBytes: number, firstNs: number, spacingNs: number): number;
  /** Delay of the frame just hit; only where the effect is `late`. */
  lateNs(): number;
}

/** An impairment that decides when a frame gets out: latency, rate limit, slow receiver. */
export interface Delay {
  readonly kind: ImpairmentKind;
  /** Every frame is delayed by exactly this; undefined when it depends on the frame or on what went before. */
  readonly constantNs: number | undefined;
  /** @returns when a frame that comes in at `nowNs` gets out, whole nanoseconds; OVERFLOW when it is lost. */
  pass(nowNs: number, frameBytes: number): number;
}
