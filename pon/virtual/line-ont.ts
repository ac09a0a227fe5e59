/** What the line needs of an ONT, so that it knows neither the ONT's core nor the driver. */
import type { Fibre } from "../index.ts";
import type { Delivery } from "./flight.ts";

/** An ONT as the line sees it: where it is, how fast it takes frames, what is on its way to it and from it. */
export interface LineOnt {
  /** Over all ports. */
  readonly index: number;
  readonly port: number;
  readonly propagationNs: number;
  /** Time it needs for one frame. */
  readonly frameNs: number;
  readonly fibre: Fibre;
  /** -1 while it is not ranged. */
  readonly onuId: number;
  /** Grows with every power-on: what was sent to an earlier life is not for this one. */
  readonly life: number;
  readonly hasPower: boolean;
  /** When its power was cut last. */
  readonly cutNs: number;
  /** Until when it works on the frames it has; the line moves it. */
  busyNs: number;
  /** Sections without AR may wait there until something else happens to it: they change nothing that can be seen before. */
  readonly takesLater: boolean;
  /** What waits, in the order of its arrival, and for which life each is. */
  readonly waiting: Delivery[];
  readonly waitingLives: number[];
  /** Frames that wait for its grants, or are on their way up; the line counts them. */
  upstreamFrames: number;
  /** Frames that did not get through, by cause. */
  count(cause: string, frames: number): void;
}
