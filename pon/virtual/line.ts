/** When frames leave the OLT: the headend's feed, then the downstream line of one port. No fibre here. */
import { InputError } from "../../base/errors/index.ts";
import { WINDOW_SECTIONS_MAX } from "../../omci/index.ts";
import { framePayloadBytes, type LineProfile } from "./profiles.ts";

/** GEM frames sent one after the other, and when each of them has left the OLT. Meant to be reused. */
export interface Passage {
  count: number;
  frameBytes: number;
  lastFrameBytes: number;
  /** Payload bytes of the line before the first frame. */
  startBytes: number;
  /** When the headend feed has brought the first frame whole, and the time for each further one. */
  feedFirstNs: number;
  feedStepNs: number;
  feedLastNs: number;
}

export const newPassage = (): Passage => ({
  count: 0,
  frameBytes: 0,
  lastFrameBytes: 0,
  startBytes: 0,
  feedFirstNs: 0,
  feedStepNs: 0,
  feedLastNs: 0,
});

/**
 * The feed that brings frames to the OLT ports of a headend: one queue for all ports, first come, first served. A port
 * keeps only a little in it, so that the ports share it evenly.
 */
export class HeadendFeed {
  readonly #nsPerByte: number;
  #freeNs = 0;
  /** Bytes that came through so far. */
  bytes = 0;

  /** @param bytesPerSecond Infinity = the feed never limits */
  constructor(bytesPerSecond: number) {
    this.#nsPerByte = 1e9 / bytesPerSecond;
  }

  /** When all that was sent into the feed has come out. */
  get freeNs(): number {
    return Math.ceil(this.#freeNs);
  }

  /** Bytes that may go into the feed so that it is busy for at most `aheadNs` from now. */
  roomBytes(nowNs: number, aheadNs: number): number {
    if (this.#nsPerByte === 0) return Infinity;
    return (aheadNs - Math.max(0, this.#freeNs - nowNs)) / this.#nsPerByte;
  }

  /** Sends the frames of `passage` through the feed and notes when they come out. */
  book(nowNs: number, passage: Passage): void {
    const { count, frameBytes, lastFrameBytes } = passage;
    const startNs = Math.max(nowNs, this.#freeNs);
    const bytes = (count - 1) * frameBytes + lastFrameBytes;
    this.bytes += bytes;
    this.#freeNs = startNs + bytes * this.#nsPerByte;
    passage.feedStepNs = frameBytes * this.#nsPerByte;
    passage.feedFirstNs = startNs + (count === 1 ? lastFrameBytes : frameBytes) * this.#nsPerByte;
    passage.feedLastNs = this.#freeNs;
  }
}

/**
 * The downstream line of one port: GEM frames in order, at the payload rate of 125 µs frames. Its position is counted in
 * payload bytes since time 0, so that a span of any length is booked in one step and no rounding adds up.
 */
export class DownstreamLine {
  readonly #payloadBytes: number;
  readonly #frameNs: number;
  readonly #overheadNs: number;
  readonly #nsPerByte: number;
  #bookedBytes = 0;
  /** Bytes of frames sent, idle time excluded. */
  sentBytes = 0;

  /** @param allocations upstream allocations that each downstream frame's bandwidth map lists. @throws InputError for too many */
  constructor(profile: LineProfile, allocations: number) {
    this.#payloadBytes = framePayloadBytes(profile, allocations);
    if (this.#payloadBytes <= 0) throw new InputError(`${allocations} allocations leave no room in a downstream frame`);
    this.#frameNs = profile.frameNs;
    const nsPerLineByte = 8e9 / profile.downBitsPerSecond;
    this.#nsPerByte = nsPerLineByte / profile.fecShare;
    this.#overheadNs = profile.frameNs - this.#payloadBytes * this.#nsPerByte;
  }

  /** Payload bytes per second, what frame headers and error correction take already deducted. */
  get bytesPerSecond(): number {
    return (this.#payloadBytes * 1e9) / this.#frameNs;
  }

  /** When all frames so far have left. */
  get freeNs(): number {
    return this.#timeOf(this.#bookedBytes);
  }

  /** Bytes that may be booked so that the line is busy for at most `aheadNs` from now. */
  roomBytes(nowNs: number, aheadNs: number): number {
    // What an idle line could have carried is gone.
    return this.#positionAt(nowNs + aheadNs) - Math.max(this.#bookedBytes, this.#positionAt(nowNs));
  }

  /** Books the frames of `passage`, which the feed has brought at its `feed…Ns`. */
  book(passage: Passage): void {
    const { count, frameBytes, lastFrameBytes, feedFirstNs } = passage;
    passage.startBytes = Math.max(this.#bookedBytes, this.#positionAt(Math.ceil(feedFirstNs)));
    this.sentBytes += (count - 1) * frameBytes + lastFrameBytes;
    this.#bookedBytes = this.#endBytes(passage, count - 1);
  }

  /** When frame `index` of a booked passage has left the OLT, integer nanoseconds. */
  endNs(passage: Passage, index: number): number {
    return this.#timeOf(this.#endBytes(passage, index));
  }

  /**
   * A frame begins once it is here and the one before it has left. Feed and line are steady, so that the latest start
   * follows from the first frame (the line is the slower one) or from the last two (the feed is).
   */
  #endBytes(passage: Passage, index: number): number {
    const { count, frameBytes, lastFrameBytes, startBytes, feedFirstNs, feedStepNs } = passage;
    const fedAt = (frame: number): number => this.#positionAt(Math.ceil(feedFirstNs + frame * feedStepNs));
    const behindFirst = startBytes + index * frameBytes;
    if (index < count - 1 || count === 1) {
      const bytes = count === 1 ? lastFrameBytes : frameBytes;
      return Math.max(behindFirst, fedAt(index)) + bytes;
    }
    const behindPrevious = Math.max(behindFirst, fedAt(index - 1) + frameBytes);
    return Math.max(behindPrevious, this.#positionAt(Math.ceil(passage.feedLastNs))) + lastFrameBytes;
  }

  /** Time at which this many payload bytes have left. */
  #timeOf(bytes: number): number {
    if (bytes <= 0) return 0;
    const frame = Math.ceil(bytes / this.#payloadBytes) - 1;
    const within = bytes - frame * this.#payloadBytes;
    return Math.ceil(frame * this.#frameNs + this.#overheadNs + within * this.#nsPerByte);
  }

  /** First payload byte that can still go at a time, were the line idle. */
  #positionAt(timeNs: number): number {
    const frame = Math.floor(timeNs / this.#frameNs);
    const withinNs = timeNs - frame * this.#frameNs - this.#overheadNs;
    const within = Math.min(this.#payloadBytes, Math.max(0, Math.ceil(withinNs / this.#nsPerByte)));
    return frame * this.#payloadBytes + within;
  }
}

/** When the frames of a booked passage have left the OLT, each worked out once: all ONTs ask for the same few. */
export class PassageTimes {
  readonly #line: DownstreamLine;
  readonly #passage: Passage;
  /** By frame; -1 = not worked out yet. */
  readonly #endNs = new Float64Array(WINDOW_SECTIONS_MAX);

  constructor(line: DownstreamLine, passage: Passage) {
    this.#line = line;
    this.#passage = passage;
  }

  get count(): number {
    return this.#passage.count;
  }

  get frameBytes(): number {
    return this.#passage.frameBytes;
  }

  /** Integer nanoseconds. */
  endNs(index: number): number {
    if (this.#endNs[index] < 0) this.#endNs[index] = this.#line.endNs(this.#passage, index);
    return this.#endNs[index];
  }

  /** Another passage has been booked. */
  forget(): void {
    this.#endNs.fill(-1, 0, this.count);
  }
}
