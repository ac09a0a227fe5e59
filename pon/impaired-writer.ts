/** The near end of a fibre that loses, spoils and delays: a burst writer behind impairments. */
import { newSectionSpan, type SectionSpan, noTrailer, type Trailer, sliceSpan } from "../omci/index.ts";
import { type BurstWriter, sectionFrameBytes } from "./burst.ts";
import { spoilingTrailer } from "./corruption.ts";
import { DelayLine } from "./delay-line.ts";
import { GEM_HEADER_BYTES } from "./gem.ts";
import { type Link, newFrameVerdict } from "./impairments/link.ts";
import { EFFECT, type Effect } from "./impairments/marks.ts";
import { walkMarked } from "./impairments/walk.ts";

/** Tag of a frame that is spoiled when it gets out of the delay line. */
const SPOILED = 1;
/** For captures, by effect. */
const NOTES = [undefined, "late", "sent twice by the fibre", "corrupted by the fibre", "lost by the fibre"] as const;

export interface ImpairedWriterOptions {
  writer: BurstWriter;
  link: Link;
  /** The driver's clock. */
  nowNs: () => number;
  /** Frames that do not get through, by cause. They count as sent all the same: the fibre loses them, not the sender. */
  onDropped: (cause: string) => void;
}

/**
 * A burst writer with a fibre behind it: the near end of an ONT's upstream, or of the feeder. What is lost never gets into
 * a datagram, so on the feeder all ONTs miss it; what is corrupted goes out with wrong bits, for the trailer to tell.
 *
 * A link that holds frames back takes single frames of one port with one trailer only (an ONT's upstream), and needs
 * `handleTimeout` at `nextTimeoutNs`.
 */
export class ImpairedWriter {
  readonly #options: ImpairedWriterOptions;
  readonly #verdict = newFrameVerdict();
  readonly #part = newSectionSpan();
  readonly #delayLine = new DelayLine();
  #delayedPortId = 0;
  #delayedTrailer: Trailer = noTrailer;

  constructor(options: ImpairedWriterOptions) {
    this.#options = options;
  }

  /** @param pdu without trailer. */
  frame(portId: number, pdu: Uint8Array, lengthBytes: number, trailer: Trailer): void {
    const { link, writer, nowNs } = this.#options;
    if (link.clear) return writer.frame(portId, pdu, lengthBytes, trailer);
    const frameBytes = lengthBytes + trailer.bytes + GEM_HEADER_BYTES;
    const verdict = this.#verdict;
    const now = nowNs();
    link.decide(now, frameBytes, verdict);
    const { effect, delayNs } = verdict;
    if (effect === EFFECT.lost) {
      writer.lostFrame(portId, pdu, lengthBytes, trailer, NOTES[effect]);
      return this.#options.onDropped(verdict.cause ?? "lost");
    }
    const spoiled = effect === EFFECT.corrupted;
    for (let copies = effect === EFFECT.duplicated ? 2 : 1; copies > 0; copies--) {
      if (delayNs === 0) writer.frame(portId, pdu, lengthBytes, this.#sealing(trailer, spoiled), NOTES[effect]);
      else this.#delay(now + delayNs, portId, pdu, lengthBytes, trailer, spoiled);
    }
  }

  sections(portId: number, span: SectionSpan, trailer: Trailer): void {
    const { link, writer, nowNs } = this.#options;
    if (link.clear) return writer.sections(portId, span, trailer);
    if (link.holdsBack) throw new Error("a link that holds frames back takes no spans of sections");
    const frameBytes = sectionFrameBytes(span, trailer);
    const marked = link.markedWithin(span.count, frameBytes, nowNs(), 0);
    walkMarked(marked, 0, 0, span.count, {
      pass: (from, to) => this.#sections(portId, span, from, to, trailer),
      hit: (at, mark) => this.#hit(portId, span, at, trailer, marked.effect[mark] as Effect, marked.cause[mark]),
    });
  }

  flush(): void {
    this.#options.writer.flush();
  }

  /** When the next frame leaves a delay; Infinity when none is held back. */
  nextTimeoutNs(): number {
    return this.#delayLine.nextNs();
  }

  /** Writes what is due; `flush` sends it. */
  handleTimeout(nowNs: number): void {
    const line = this.#delayLine;
    while (line.next(nowNs)) {
      const pdu = line.buffer.subarray(line.start, line.end);
      const trailer = this.#sealing(this.#delayedTrailer, line.tag === SPOILED);
      this.#options.writer.frame(this.#delayedPortId, pdu, pdu.length, trailer);
    }
  }

  /** Forgets what is on its way. */
  clear(): void {
    this.#delayLine.clear();
  }

  #sections(portId: number, span: SectionSpan, from: number, to: number, trailer: Trailer, note?: string): void {
    this.#options.writer.sections(portId, sliceSpan(span, from, to, this.#part), trailer, note);
  }

  /** A section to which something happens. */
  #hit(portId: number, span: SectionSpan, at: number, trailer: Trailer, effect: Effect, cause: string): void {
    const { writer, onDropped } = this.#options;
    if (effect === EFFECT.lost) {
      writer.lostSection(portId, span, at, trailer, NOTES[effect]);
      return onDropped(cause);
    }
    const sealing = this.#sealing(trailer, effect === EFFECT.corrupted);
    for (let copies = effect === EFFECT.duplicated ? 2 : 1; copies > 0; copies--)
      this.#sections(portId, span, at, at + 1, sealing, NOTES[effect]);
    return undefined;
  }

  #delay(
    dueNs: number,
    portId: number,
    pdu: Uint8Array,
    lengthBytes: number,
    trailer: Trailer,
    spoiled: boolean,
  ): void {
    this.#delayedPortId = portId;
    this.#delayedTrailer = trailer;
    if (!this.#delayLine.put(dueNs, spoiled ? SPOILED : 0, pdu, 0, lengthBytes))
      this.#options.onDropped("delay-queue-full");
  }

  #sealing(trailer: Trailer, spoiled: boolean): Trailer {
    return spoiled ? spoilingTrailer(trailer, this.#options.link) : trailer;
  }
}
