/** Puts the frames of a run into the order of their arrival, for fibres on which some overtake others. */
import type { Arrivals, FrameTimes } from "./arrivals.ts";

const FRAMES_FIRST = 256;

/** Frames of a span that come in another order than they were sent, sorted by their arrival. Meant to be reused. */
export class TimeOrder {
  frames = 0;
  timeNs = new Float64Array(FRAMES_FIRST);
  index = new Uint16Array(FRAMES_FIRST);
  corrupted = new Uint8Array(FRAMES_FIRST);
  overtaken = new Uint8Array(FRAMES_FIRST);

  load(arrivals: Arrivals, times: FrameTimes, delayNs: number): void {
    this.#reserve(arrivals.frames);
    this.frames = 0;
    for (let at = 0; at < arrivals.pieces; at++) {
      for (let frame = 0; frame < arrivals.length[at]; frame++) {
        const index = arrivals.first[at] + frame;
        const timeNs = times.endNs(index) + delayNs + arrivals.lateNs[at];
        this.#insert(timeNs, index, arrivals.corrupted[at], arrivals.overtaken[at]);
      }
    }
  }

  /** Nearly sorted as frames are, each one finds its place in a few steps. Equal times keep the order of sending. */
  #insert(timeNs: number, index: number, corrupted: number, overtaken: number): void {
    let at = this.frames++;
    for (; at > 0 && this.timeNs[at - 1] > timeNs; at--) {
      this.timeNs[at] = this.timeNs[at - 1];
      this.index[at] = this.index[at - 1];
      this.corrupted[at] = this.corrupted[at - 1];
      this.overtaken[at] = this.overtaken[at - 1];
    }
    this.timeNs[at] = timeNs;
    this.index[at] = index;
    this.corrupted[at] = corrupted;
    this.overtaken[at] = overtaken;
  }

  /** End of the batch that begins at `from`: behind the frame that is answered, or behind the last. */
  batchEnd(from: number, answeredIndex: number): number {
    for (let at = from; at < this.frames; at++) if (this.index[at] === answeredIndex) return at + 1;
    return this.frames;
  }

  /** Writes a batch as pieces of consecutive frames. */
  pieces(from: number, end: number, out: Arrivals): void {
    out.clear();
    let start = from;
    for (let at = from + 1; at <= end; at++) {
      const continues =
        at < end &&
        this.index[at] === this.index[at - 1] + 1 &&
        this.corrupted[at] === 0 &&
        this.corrupted[at - 1] === 0;
      if (continues) continue;
      out.push(this.index[start], at - start, 0, this.corrupted[start], 0);
      start = at;
    }
  }

  #reserve(frames: number): void {
    if (this.timeNs.length >= frames) return;
    this.timeNs = new Float64Array(2 * frames);
    this.index = new Uint16Array(2 * frames);
    this.corrupted = new Uint8Array(2 * frames);
    this.overtaken = new Uint8Array(2 * frames);
  }
}
