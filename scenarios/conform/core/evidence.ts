export type Direction = "toOnt" | "fromOnt";

/** One frame as it went over the line. */
export interface EvidenceFrame {
  /** From 1, over the case. */
  number: number;
  timeNs: number;
  direction: Direction;
  bytes: Uint8Array;
  /** Step of the case, from 1; 0 = while its preconditions were made. */
  step: number;
}

/** Frames kept for the report; a capture takes all of them. */
const framesKept = 4096;

/** The frames of one case in order, the last of them in memory. */
export class Evidence {
  readonly #kept: EvidenceFrame[] = [];
  readonly #onFrame: ((frame: EvidenceFrame) => void) | undefined;
  step = 0;
  count = 0;

  /** @param onFrame sees every frame, for a capture */
  constructor(onFrame?: (frame: EvidenceFrame) => void) {
    this.#onFrame = onFrame;
  }

  add(timeNs: number, direction: Direction, bytes: Uint8Array): EvidenceFrame {
    const frame = { number: ++this.count, timeNs, direction, bytes, step: this.step };
    this.#kept.push(frame);
    if (this.#kept.length >= 2 * framesKept) this.#kept.splice(0, framesKept);
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
