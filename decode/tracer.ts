/** From frames to records: the one walk over an input, from which every list, summary and extract is made. */
import {
  decodeMessage,
  type Deviation,
  deviationText,
  type OtherMessage,
  pduLength,
  trailerStatus,
  type Message,
  AK,
  AR,
  MESSAGE_TYPE_BITS,
  TRAILER_BYTES,
} from "../omci/index.ts";
import { leastBytes, mostBytes } from "../pon/capture/index.ts";
import type { ImageStore } from "./image-store.ts";
import { type Exchange, RequestLog } from "./requests.ts";
import { TraceClock } from "./trace-clock.ts";
import { TransferWatch } from "./transfer.ts";
import type { FrameRecord, InputFrame, TraceRecord, Warning } from "./types.ts";

/** What was counted over a whole input. */
export interface TraceTotals {
  frames: number;
  /** Trailers that are neither absent, zero nor a CRC-32: MICs, unless there are others that are. */
  otherTrailers: number;
  windows: number;
  images: number;
  rightImages: number;
  unanswered: number;
  warnings: number;
}

/**
 * Decodes frames in their order: answers linked to requests, windows and images put together, and what does not fit. What it
 * keeps does not grow with the input.
 */
export class Tracer {
  readonly totals: TraceTotals = {
    frames: 0,
    otherTrailers: 0,
    windows: 0,
    images: 0,
    rightImages: 0,
    unanswered: 0,
    warnings: 0,
  };
  readonly #onRecord: (record: TraceRecord) => void;
  readonly #requests: RequestLog;
  readonly #transfers: TransferWatch;
  /** Directions in which a right CRC-32 was seen: there, another trailer is a wrong one. */
  readonly #crc32Seen = new Set<string>();
  readonly #clock = new TraceClock();
  #areOnusMixed = false;
  /** Some answer was seen. */
  isAnswered = false;
  /** Requests that were given up before any answer was seen. */
  unheard = 0;
  /** Requests whose AR is not as their message has it. */
  withoutAr = 0;
  /** Windows and images that the frame under way completed: they are told behind it. */
  #behind: TraceRecord[] = [];

  /** @param store keeps images; without one they are only checked */
  constructor(onRecord: (record: TraceRecord) => void, store?: ImageStore) {
    this.#onRecord = onRecord;
    this.#requests = new RequestLog((request) => this.#unanswered(request));
    this.#transfers = new TransferWatch((record) => {
      if (record.record === "window") this.totals.windows++;
      else this.totals.images++;
      if (record.record === "image" && record.isRight === true) this.totals.rightImages++;
      this.#behind.push(record);
    }, store);
  }

  frame(input: InputFrame): void {
    const record: FrameRecord = {
      record: "frame",
      frame: ++this.totals.frames,
      input,
      message: undefined,
      warnings: [],
    };
    if (input.isMixed === true && !this.#transfers.doubts.areRowsMixed) this.#tellRowsMixed(record);
    this.#decode(record);
    this.totals.warnings += record.warnings.length;
    this.#onRecord(record);
    if (this.#behind.length > 0) this.#tellBehind();
    if (!this.#areOnusMixed && this.#transfers.doubts.areOnusMixed) this.#tellMixed(record.frame);
  }

  /** The input ends. */
  end(): void {
    this.#requests.end();
  }

  #tellBehind(): void {
    for (const behind of this.#behind) this.#onRecord(behind);
    this.#behind = [];
  }

  /** What is true of the whole input, a line each. */
  get notes(): string[] {
    const { withoutAr, unheard, isAnswered } = this;
    const { steppedBack, steppedForward } = this.#clock;
    return [
      ...(unheard > 0 && !isAnswered ? [`no answers are in it: ${unheard} requests ask for one`] : []),
      ...(unheard > 0 && isAnswered ? [`${unheard} requests before the first answer have none`] : []),
      ...(withoutAr > 1
        ? [`${withoutAr} requests have no AR, or one too many; their answers are linked all the same`]
        : []),
      ...(steppedBack === undefined
        ? []
        : [`the clock goes back by ${(steppedBack.ns / 1e9).toFixed(3)} s before frame ${steppedBack.frame}`]),
      ...(steppedForward === undefined ? [] : [`the clock was set before frame ${steppedForward}`]),
    ];
  }

  #decode(record: FrameRecord): void {
    const { input } = record;
    const { frame } = input;
    const warn = (warning: Warning): void => void record.warnings.push(warning);
    const pdu = pduBytes(frame);
    const decoded = decodeMessage(pdu === frame.length ? frame : frame.subarray(0, pdu));
    if (!decoded.ok) return warn({ kind: "notOmci", text: `not OMCI: ${decoded.detail}` });
    const { message, deviations } = decoded;
    record.message = message;
    for (const deviation of deviations)
      if (deviation !== "ar-unexpected" || this.withoutAr++ === 0) warn(deviationWarning(deviation));
    // The receiver drops a frame of wrong trailer: it answers nothing and carries no section.
    if (this.#hasWrongTrailer(input, pdu)) return warn({ kind: "wrongTrailer", text: "wrong CRC-32 in the trailer" });
    this.#link(record, message, warn);
    if (message.type === "other") return undefined;
    const { direction, onuId, pon = 0 } = input;
    return this.#transfers.message({ frame: record.frame, pon, onuId, direction }, message, warn);
  }

  #hasWrongTrailer({ direction, frame }: InputFrame, pdu: number): boolean {
    if (pdu !== pduLength(frame)) return false;
    const status = trailerStatus(frame);
    if (status === "crc32") this.#crc32Seen.add(direction);
    if (status !== "unknown") return false;
    this.totals.otherTrailers++;
    return this.#crc32Seen.has(direction);
  }

  #link(record: FrameRecord, message: Message | OtherMessage, warn: (warning: Warning) => void): void {
    const { frame, direction, onuId, pon = 0 } = record.input;
    const { tci, classId } = message;
    const messageType = frame[2] & MESSAGE_TYPE_BITS;
    const moment = this.#clock.of(record.input, record.frame);
    const exchange = { frame: record.frame, moment, pon, onuId, tci, messageType, classId };
    if (direction === "down") {
      if ((frame[2] & AR) !== 0) this.#requests.request(exchange, warn);
      else this.#requests.unasked(exchange);
      return;
    }
    if ((frame[2] & AK) === 0) return;
    this.isAnswered = true;
    const link = this.#requests.answer(exchange, this.#areOnusMixed && onuId === undefined ? () => undefined : warn);
    this.#transfers.doubts.addHints(this.#requests.hints);
    this.#requests.hints = 0;
    if (link === undefined) return;
    if (link.isBehindStep) this.#clock.steppedForward ??= record.frame;
    record.answers = link.frame;
    if (link.answerNs !== undefined) record.answerNs = link.answerNs;
  }

  /** Once: from here on no verdict is given for frames that do not say whose they are. */
  #tellMixed(frame: number): void {
    this.#areOnusMixed = true;
    this.#tellLate(frame, {
      kind: "mixedOnus",
      text: "and others before it are of several ONUs, which the input does not tell apart: no verdict on images",
    });
  }

  /** The same, whoever a frame names: rows of several stand between one another. */
  #tellRowsMixed({ warnings }: FrameRecord): void {
    this.#transfers.doubts.areRowsMixed = true;
    const text = "rows of several frames stand between one another, and nothing tells them apart: no verdict on images";
    warnings.push({ kind: "mixedOnus", text });
  }

  #unanswered({ frame }: Exchange): void {
    this.totals.unanswered++;
    // One direction alone, or the middle of a trace: that is one note, not one for each request.
    if (!this.isAnswered && this.unheard++ > 0) return;
    this.#tellLate(frame, { kind: "unanswered", text: "was not answered" });
  }

  #tellLate(frame: number, warning: Warning): void {
    this.totals.warnings++;
    this.#onRecord({ record: "warning", frame, warning });
  }
}

/** Bytes of a frame without its trailer, half a trailer included: logs cut lines off. */
function pduBytes(frame: Uint8Array): number {
  const least = leastBytes(frame);
  const most = mostBytes(frame);
  if (least === undefined || most === undefined || frame.length <= least || frame.length >= most)
    return pduLength(frame);
  const pdu = most - TRAILER_BYTES;
  return frame.length > pdu ? pdu : pduLength(frame);
}

const deviationWarning = (deviation: Deviation): Warning => ({ kind: "deviation", text: deviationText(deviation) });

/** All that can be said of frames that are in memory. */
export function traceOf(frames: Iterable<InputFrame>, store?: ImageStore): TraceRecord[] {
  const records: TraceRecord[] = [];
  const tracer = new Tracer((record) => records.push(record), store);
  for (const frame of frames) tracer.frame(frame);
  tracer.end();
  return records;
}
