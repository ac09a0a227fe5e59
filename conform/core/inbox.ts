/**
 * Frames from the ONT in the order in which they came: whoever waits for an answer looks here, and old frames do not
 * pile up.
 */
import type { Decoded } from "../../omci/index.ts";
import type { EvidenceFrame } from "./evidence.ts";

/** What came in. */
export interface Received {
  frame: EvidenceFrame;
  decoded: Decoded;
}

/** Frames kept; a download to an ONT that grants windows of one brings in hundreds of thousands. */
const FRAMES_KEPT = 4096;

/** What came in during a case, by number from 0; old frames are forgotten. */
export class Inbox {
  #kept: Received[] = [];
  #forgotten = 0;

  /** How many have come in. */
  get length(): number {
    return this.#forgotten + this.#kept.length;
  }

  push(received: Received): void {
    this.#kept.push(received);
    if (this.#kept.length < 2 * FRAMES_KEPT) return;
    this.#forgotten += FRAMES_KEPT;
    this.#kept = this.#kept.slice(FRAMES_KEPT);
  }

  /** Frames from a number on, as far as they are kept. */
  from(number: number): readonly Received[] {
    return this.#kept.slice(Math.max(0, number - this.#forgotten));
  }
}
