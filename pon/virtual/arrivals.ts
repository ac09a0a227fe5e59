/** Which frames of a span get through a link, as stretches in the order of their arrival. */
import type { Marked } from "../impairments/link.ts";
import { type MarkedVisitor, walkMarked } from "../impairments/walk.ts";
import { EFFECT, type Link, newFrameVerdict } from "../index.ts";

/** A frame of a span may arrive twice through two links that duplicate. */
const PIECES_FIRST = 64;

/** When the frames of a span have left the OLT, and how large they are with GEM header. */
export interface FrameTimes {
  count: number;
  frameBytes: number;
  /** Integer nanoseconds. */
  endNs(index: number): number;
}

/**
 * Which frames of a span arrive, as stretches of consecutive ones in the order of their arrival: so that a span costs as
 * much as it has losses, not as much as it has frames. Meant to be reused.
 */
export class Arrivals {
  pieces = 0;
  /** Frames in all pieces together. */
  frames = 0;
  /** Some frames are later than the constant delay says: their order has to be looked at. */
  uneven = false;
  first = new Uint16Array(PIECES_FIRST);
  length = new Uint16Array(PIECES_FIRST);
  /** On top of the links' constant delays. */
  lateNs = new Float64Array(PIECES_FIRST);
  corrupted = new Uint8Array(PIECES_FIRST);
  /** Held back by a reordering: others overtake it. */
  overtaken = new Uint8Array(PIECES_FIRST);

  clear(): void {
    this.pieces = 0;
    this.frames = 0;
    this.uneven = false;
  }

  setWhole(count: number): void {
    this.clear();
    this.push(0, count, 0, 0, 0);
  }

  push(first: number, length: number, lateNs: number, corrupted: number, overtaken: number): void {
    if (length === 0) return;
    if (this.pieces === this.first.length) this.#grow();
    const at = this.pieces++;
    this.first[at] = first;
    this.length[at] = length;
    this.lateNs[at] = lateNs;
    this.corrupted[at] = corrupted;
    this.overtaken[at] = overtaken;
    this.frames += length;
  }

  /** Whether a frame is among them that comes behind all others, if it comes. */
  has(last: number): boolean {
    const at = this.pieces - 1;
    return at >= 0 && this.first[at] + this.length[at] - 1 === last;
  }

  /** The last piece has one more frame. */
  lengthen(): void {
    this.length[this.pieces - 1]++;
    this.frames++;
  }

  copyFrom(other: Arrivals): void {
    this.clear();
    for (let at = 0; at < other.pieces; at++) {
      this.push(other.first[at], other.length[at], other.lateNs[at], other.corrupted[at], other.overtaken[at]);
    }
    this.uneven = other.uneven;
  }

  /** Frames that are here and did not get to `later`, the far end of a link. */
  forEachMissingIn(later: Arrivals, tell: (index: number) => void): void {
    const arrived = new Set<number>();
    later.forEach((index) => arrived.add(index));
    this.forEach((index) => {
      if (!arrived.has(index)) tell(index);
    });
  }

  forEach(tell: (index: number) => void): void {
    for (let at = 0; at < this.pieces; at++)
      for (let frame = 0; frame < this.length[at]; frame++) tell(this.first[at] + frame);
  }

  #grow(): void {
    const pieces = this.first.length * 2;
    const grown = <Array extends Uint16Array | Uint8Array | Float64Array>(from: Array, to: Array): Array => {
      to.set(from);
      return to;
    };
    this.first = grown(this.first, new Uint16Array(pieces));
    this.length = grown(this.length, new Uint16Array(pieces));
    this.lateNs = grown(this.lateNs, new Float64Array(pieces));
    this.corrupted = grown(this.corrupted, new Uint8Array(pieces));
    this.overtaken = grown(this.overtaken, new Uint8Array(pieces));
  }
}

/** What a link did to frames beside losing them. */
export interface LinkTally {
  badTrailers: number;
}

const verdict = newFrameVerdict();

/** Writes what a link does to one piece. One for all pieces, as there are many: nothing is made for each. */
class PiecePassage implements MarkedVisitor {
  output!: Arrivals;
  marked!: Marked;
  sealed = false;
  tally!: LinkTally;
  /** From ordinals on the link to frames of the span. */
  toFrame = 0;
  lateNs = 0;
  corrupted = 0;
  overtaken = 0;
  /** Behind the last frame that has passed untouched. */
  passed = -1;

  pass(from: number, to: number): void {
    this.output.push(this.toFrame + from, to - from, this.lateNs, this.corrupted, this.overtaken);
    this.passed = to;
  }

  hit(at: number, mark: number): void {
    const { output, marked, lateNs, corrupted, overtaken } = this;
    const effect = marked.effect[mark];
    const frame = this.toFrame + at;
    if (effect === EFFECT.duplicated) {
      if (this.passed === at) output.lengthen();
      else output.push(frame, 1, lateNs, corrupted, overtaken);
      output.push(frame, 1, lateNs, corrupted, overtaken);
    } else if (effect === EFFECT.corrupted && this.sealed) this.tally.badTrailers++;
    else if (effect === EFFECT.corrupted) output.push(frame, 1, lateNs, 1, overtaken);
    else if (effect === EFFECT.late) {
      output.push(frame, 1, lateNs + marked.lateNs[mark], corrupted, 1);
      output.uneven = true;
    }
  }
}

const passage = new PiecePassage();

/**
 * Sends what arrived at a link's near end through it.
 *
 * @param delayNs constant delay up to the link
 * @param output used unless nothing happened to any frame
 * @param sealed whether a trailer tells a corrupted frame from a good one
 * @returns `input` itself, or `output`
 */
export function passLink(
  link: Link,
  input: Arrivals,
  times: FrameTimes,
  delayNs: number,
  output: Arrivals,
  sealed: boolean,
  tally: LinkTally,
): Arrivals {
  if (link.clear || input.frames === 0) return input;
  if (link.constantDelayNs === undefined) {
    passEach(link, input, times, delayNs, output, sealed, tally);
    return output;
  }
  const firstNs = times.endNs(input.first[0]) + delayNs;
  const last = input.first[input.pieces - 1] + input.length[input.pieces - 1] - 1;
  const spacingNs = input.frames > 1 ? Math.round((times.endNs(last) + delayNs - firstNs) / (input.frames - 1)) : 0;
  const marked = link.markedWithin(input.frames, times.frameBytes, firstNs, Math.max(0, spacingNs));
  if (marked.count === 0) return input;
  output.clear();
  output.uneven = input.uneven;
  passage.output = output;
  passage.marked = marked;
  passage.sealed = sealed;
  passage.tally = tally;
  let mark = 0;
  /** Ordinal of the piece's first frame among the frames put on the link. */
  let ordinal = 0;
  for (let at = 0; at < input.pieces; at++) {
    const end = ordinal + input.length[at];
    passage.toFrame = input.first[at] - ordinal;
    passage.lateNs = input.lateNs[at];
    passage.corrupted = input.corrupted[at];
    passage.overtaken = input.overtaken[at];
    passage.passed = -1;
    mark = walkMarked(marked, mark, ordinal, end, passage);
    ordinal = end;
  }
  return output;
}

/** A link whose delay depends on the frame. */
function passEach(
  link: Link,
  input: Arrivals,
  times: FrameTimes,
  delayNs: number,
  output: Arrivals,
  sealed: boolean,
  tally: LinkTally,
): void {
  output.clear();
  output.uneven = true;
  for (let at = 0; at < input.pieces; at++) {
    const lateNs = input.lateNs[at];
    for (let frame = 0; frame < input.length[at]; frame++) {
      const index = input.first[at] + frame;
      link.decide(times.endNs(index) + delayNs + lateNs, times.frameBytes, verdict);
      const { effect } = verdict;
      if (effect === EFFECT.lost) continue;
      if (effect === EFFECT.corrupted && sealed) {
        tally.badTrailers++;
        continue;
      }
      const corrupted = effect === EFFECT.corrupted ? 1 : input.corrupted[at];
      const overtaken = effect === EFFECT.late ? 1 : input.overtaken[at];
      const copies = effect === EFFECT.duplicated ? 2 : 1;
      for (let copy = 0; copy < copies; copy++) output.push(index, 1, lateNs + verdict.delayNs, corrupted, overtaken);
    }
  }
}
