/** What went over the line during a case, kept so that a report can point at the frame in which a fault shows. */

export type FrameDirection = "toOnt" | "fromOnt";

/** One frame as it went over the line. */
export interface EvidenceFrame {
  /** From 1, over the case. */
  number: number;
  timeNs: number;
  direction: FrameDirection;
  bytes: Uint8Array;
  /** Step of the case, from 1; 0 = while its preconditions were made. */
  step: number;
  /** It went out under a trailer that is wrong. */
  damaged?: boolean;
  /** What the tester did on purpose, with this frame or just before it. */
  notes?: readonly string[];
}

/** Frames kept for the report; a capture takes all of them. */
const FRAMES_KEPT = 4096;

/** The frames of one case in order, the last of them in memory. */
export class Evidence {
  readonly #kept: EvidenceFrame[] = [];
  readonly #onFrame: ((frame: EvidenceFrame) => void) | undefined;
  #notes: string[] = [];
  step = 0;
  count = 0;

  /** @param onFrame sees every frame, for a capture */
  constructor(onFrame?: (frame: EvidenceFrame) => void) {
    this.#onFrame = onFrame;
  }

  /** Says what the tester does on purpose; it goes with the next frame. */
  note(text: string): void {
    this.#notes.push(text);
  }

  add(timeNs: number, direction: FrameDirection, bytes: Uint8Array, damaged = false): EvidenceFrame {
    const frame: EvidenceFrame = { number: ++this.count, timeNs, direction, bytes, step: this.step };
    if (damaged) frame.damaged = true;
    if (this.#notes.length > 0) {
      frame.notes = this.#notes;
      this.#notes = [];
    }
    this.#kept.push(frame);
    if (this.#kept.length >= 2 * FRAMES_KEPT) this.#kept.splice(0, FRAMES_KEPT);
    this.#onFrame?.(frame);
    return frame;
  }

  /** A frame by its number; undefined when it is no longer kept. */
  at(number: number): EvidenceFrame | undefined {
    const first = this.#kept[0]?.number ?? 0;
    return this.#kept[number - first];
  }

  /** The frame that was sent last with this TCI. @throws RangeError when none is kept */
  sentWith(tci: number): EvidenceFrame {
    const found = this.#kept.findLast(
      ({ direction, bytes }) => direction === "toOnt" && ((bytes[0]! << 8) | bytes[1]!) === tci,
    );
    if (found === undefined) throw new RangeError(`no frame with TCI ${tci} was sent`);
    return found;
  }

  /** The last frames up to and including one. */
  upTo(number: number, count: number): EvidenceFrame[] {
    return this.#kept.filter((frame) => frame.number > number - count && frame.number <= number);
  }
}
