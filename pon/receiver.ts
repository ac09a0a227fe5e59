/** The far end of the fibre: datagrams taken apart for the ONTs of one process, each behind its own impairments. */
import {
  newSectionView,
  readSection,
  SectionSpanCollector,
  type SectionView,
  newSectionSpan,
  type SectionSpan,
  type Trailer,
  sliceSpan,
  FRAME_ROOM_BYTES,
} from "../omci/index.ts";
import type { Encapsulation } from "./burst.ts";
import { flipBits } from "./corruption.ts";
import { DelayLine } from "./delay-line.ts";
import { BROADCAST_PORT, GEM_HEADER_BYTES, GemReader, PTI_FRAME_END } from "./gem.ts";
import { newFrameVerdict } from "./impairments/link.ts";
import { EFFECT, type Effect } from "./impairments/marks.ts";
import { walkMarked } from "./impairments/walk.ts";
import { type DownstreamChannel, type DownstreamListener, type Ear, linkOf, trailerOf } from "./listener.ts";
import { TrainReader } from "./trains.ts";

/** Sections in a span. */
const SPAN_SECTIONS_MAX = 256;

/**
 * Takes datagrams apart for the ONTs of one process: one walk over the GEM frames, one trailer check and one decode for
 * all of them, then each ONT's own fibre. Sections reach an ONT as spans; what is lost of a span costs only itself.
 *
 * Fibres that hold frames back need a clock, and `handleTimeout` at `nextTimeoutNs`.
 */
export class DownstreamReceiver {
  /** Frames and bursts dropped before it was clear whom they were for, by cause. */
  readonly dropped = new Map<string, number>();
  readonly #ears: Ear[] = [];
  readonly #encapsulation: Encapsulation;
  readonly #broadcastTrailer: Trailer;
  readonly #now: () => number;
  readonly #reader = new GemReader();
  readonly #view: SectionView = newSectionView();
  readonly #collector = new SectionSpanCollector((span) => this.#deliverSpan(span));
  /** Whom the span being collected is for: one ear, or all on the broadcast port. */
  #runEar: Ear | undefined;
  /** Where its frames are in the datagram, with trailers; and one more, which begins the next span. */
  readonly #starts = new Uint32Array(SPAN_SECTIONS_MAX + 1);
  readonly #ends = new Uint32Array(SPAN_SECTIONS_MAX + 1);
  #collected = 0;
  readonly #trains = new TrainReader();
  /** The datagram being taken apart. */
  #buffer: Uint8Array = new Uint8Array(0);
  #isLoaded = false;
  readonly #verdict = newFrameVerdict();
  readonly #part = newSectionSpan();
  readonly #partView: SectionView = newSectionView();
  readonly #scratch = new Uint8Array(FRAME_ROOM_BYTES);
  readonly #delayLine = new DelayLine();

  /** @param nowNs the driver's clock. */
  constructor(encapsulation: Encapsulation, broadcastTrailer: Trailer, nowNs: () => number = () => 0) {
    this.#encapsulation = encapsulation;
    this.#broadcastTrailer = broadcastTrailer;
    this.#now = nowNs;
  }

  add(listener: DownstreamListener): void {
    const collector = (channel: DownstreamChannel): SectionSpanCollector =>
      new SectionSpanCollector((span) => listener.onSections(channel, span));
    const delayed = { omcc: collector("omcc"), broadcast: collector("broadcast") };
    this.#ears.push({ listener, index: this.#ears.length, delayed });
  }

  /** @param plainTo with plain encapsulation: whom it was addressed to, undefined = all. @param start of its frames @param isLoaded as a burst */
  datagram(bytes: Uint8Array, plainTo?: DownstreamListener, start = 0, isLoaded = false): void {
    this.#buffer = bytes;
    if (this.#encapsulation === "plain") {
      const ear = plainTo && this.#ears.find(({ listener }) => listener === plainTo);
      this.#isLoaded = false;
      this.#payload(0, bytes.length, ear);
    } else {
      const reader = this.#reader;
      const loaded = this.#trains.load(bytes, isLoaded);
      this.#isLoaded = loaded !== undefined;
      const burstAt = loaded === undefined ? 0 : this.#trains.burstAt;
      this.#buffer = loaded ?? bytes;
      reader.start(this.#buffer, burstAt + start, burstAt + bytes.length);
      while (reader.next()) this.#gemFrame();
      if (reader.fault !== "none") this.#drop(reader.fault);
    }
    this.#collector.flush();
  }

  /** When the next frame leaves a delay; Infinity when none is held back. */
  nextTimeoutNs(): number {
    return this.#delayLine.nextNs();
  }

  handleTimeout(nowNs: number): void {
    const line = this.#delayLine;
    let lastTag = -1;
    while (line.next(nowNs)) {
      if (lastTag !== line.tag) this.#flushDelayed(lastTag);
      lastTag = line.tag;
      const { ear, channel } = this.#ofTag(line.tag);
      this.#feed(ear, channel, line.buffer, line.start, line.end);
    }
    this.#flushDelayed(lastTag);
  }

  #gemFrame(): void {
    const { portId, pti, payloadStart, payloadEnd } = this.#reader;
    if (pti !== PTI_FRAME_END) return this.#drop("fragment");
    if (portId === BROADCAST_PORT) return this.#payload(payloadStart, payloadEnd, undefined);
    const ear = this.#ears.find(({ listener }) => listener.portId === portId);
    if (ear) this.#payload(payloadStart, payloadEnd, ear);
    else this.#drop("other-port");
  }

  /** @param ear undefined: for all. */
  #payload(start: number, end: number, ear: Ear | undefined): void {
    const bytes = this.#buffer;
    const trailer = ear ? ear.listener.trailer : this.#broadcastTrailer;
    const pduEnd = end - trailer.bytes;
    if (pduEnd <= start || end - start > FRAME_ROOM_BYTES) return this.#dropFor(ear, "bad-length");
    if (!trailer.check(bytes, start, end)) return this.#dropFor(ear, "bad-trailer");
    if (this.#runEar !== ear) this.#collector.flush();
    this.#runEar = ear;
    if (readSection(bytes, start, pduEnd, this.#view)) {
      if (this.#isLoaded && trailer.kind === "crc32" && this.#train(start, end)) return;
      this.#starts[this.#collected] = start;
      this.#ends[this.#collected++] = end;
      this.#collector.add(bytes, this.#view);
      return;
    }
    // Frames keep their order: what is collected goes first.
    this.#collector.flush();
    if (ear) return this.#hear(ear, "omcc", bytes, start, end);
    for (const each of this.#ears) this.#hear(each, "broadcast", bytes, start, end);
  }

  /** A frame that is no section. */
  #hear(ear: Ear, channel: DownstreamChannel, bytes: Uint8Array, start: number, end: number): void {
    if (ear.listener.portId < 0) return;
    const link = linkOf(ear, channel);
    if (link.clear) return this.#feed(ear, channel, bytes, start, end);
    const verdict = this.#verdict;
    link.decide(this.#now(), end - start + GEM_HEADER_BYTES, verdict);
    const { effect, cause, delayNs } = verdict;
    this.#carryOut(ear, channel, bytes, start, end, effect, cause, delayNs);
  }

  /** @returns false when no other frame follows from the section at hand. */
  #train(start: number, end: number): boolean {
    const count = this.#trains.read(start, end, this.#view);
    if (count === 0) return false;
    this.#collector.flush();
    const frameBytes = end - start;
    const stride = frameBytes + GEM_HEADER_BYTES;
    this.#reader.skip((count - 1) * stride);
    for (let at = 0; at < count; at++) {
      this.#starts[at] = start + at * stride;
      this.#ends[at] = start + at * stride + frameBytes;
    }
    this.#deliver(this.#trains.span);
    return true;
  }

  #deliverSpan(span: SectionSpan): void {
    this.#deliver(span);
    // The frame that did not go on where the span ended begins the next.
    const begun = this.#collected - span.count;
    this.#starts[0] = this.#starts[span.count];
    this.#ends[0] = this.#ends[span.count];
    this.#collected = begun;
  }

  #deliver(span: SectionSpan): void {
    if (this.#runEar) this.#deliverTo(this.#runEar, "omcc", span);
    else for (const ear of this.#ears) this.#deliverTo(ear, "broadcast", span);
  }

  #deliverTo(ear: Ear, channel: DownstreamChannel, span: SectionSpan): void {
    const { listener } = ear;
    if (listener.portId < 0) return;
    const link = linkOf(ear, channel);
    if (link.clear) return listener.onSections(channel, span);
    if (link.constantDelayNs !== 0) {
      for (let at = 0; at < span.count; at++) this.#hear(ear, channel, this.#buffer, this.#starts[at], this.#ends[at]);
      return;
    }
    const frameBytes = this.#ends[0] - this.#starts[0] + GEM_HEADER_BYTES;
    const marked = link.markedWithin(span.count, frameBytes, this.#now(), 0);
    walkMarked(marked, 0, 0, span.count, {
      pass: (from, to) => this.#deliverPart(ear, channel, span, from, to),
      hit: (at, mark) => {
        const effect = marked.effect[mark] as Effect;
        if (effect === EFFECT.duplicated) {
          this.#deliverPart(ear, channel, span, at, at + 1);
          return this.#deliverPart(ear, channel, span, at, at + 1);
        }
        const [start, end] = [this.#starts[at], this.#ends[at]];
        const lateNs = marked.lateNs[mark];
        return this.#carryOut(ear, channel, this.#buffer, start, end, effect, marked.cause[mark], lateNs);
      },
    });
  }

  #deliverPart({ listener }: Ear, channel: DownstreamChannel, span: SectionSpan, from: number, to: number): void {
    const whole = from === 0 && to === span.count;
    listener.onSections(channel, whole ? span : sliceSpan(span, from, to, this.#part));
  }

  /** Does to a frame what its fibre does to it. */
  #carryOut(
    ear: Ear,
    channel: DownstreamChannel,
    bytes: Uint8Array,
    start: number,
    end: number,
    effect: Effect,
    cause: string | undefined,
    delayNs: number,
  ): void {
    const { listener } = ear;
    if (effect === EFFECT.lost) return listener.onDropped(cause ?? "lost");
    if (effect === EFFECT.corrupted) {
      const length = end - start;
      const garbled = this.#scratch;
      garbled.set(bytes.subarray(start, end));
      flipBits(garbled, 0, length, linkOf(ear, channel));
      if (!trailerOf(ear, channel, this.#broadcastTrailer).check(garbled, 0, length))
        return listener.onDropped("bad-trailer");
      return this.#send(ear, channel, garbled, 0, length, delayNs);
    }
    this.#send(ear, channel, bytes, start, end, delayNs);
    if (effect === EFFECT.duplicated) this.#send(ear, channel, bytes, start, end, delayNs);
  }

  #send(ear: Ear, channel: DownstreamChannel, bytes: Uint8Array, start: number, end: number, delayNs: number): void {
    if (delayNs > 0) {
      const tag = (ear.index << 1) | (channel === "broadcast" ? 1 : 0);
      if (!this.#delayLine.put(this.#now() + delayNs, tag, bytes, start, end))
        ear.listener.onDropped("delay-queue-full");
      return;
    }
    this.#feed(ear, channel, bytes, start, end);
    ear.delayed[channel].flush();
  }

  /** The end of the fibre. Sections wait in the collector until it is flushed. */
  #feed(ear: Ear, channel: DownstreamChannel, bytes: Uint8Array, start: number, end: number): void {
    const { listener, delayed } = ear;
    if (listener.portId < 0) return;
    const pduEnd = end - trailerOf(ear, channel, this.#broadcastTrailer).bytes;
    if (readSection(bytes, start, pduEnd, this.#partView)) return delayed[channel].add(bytes, this.#partView);
    delayed[channel].flush();
    listener.onFrame(channel, bytes.subarray(start, pduEnd));
  }

  #ofTag(tag: number): { ear: Ear; channel: DownstreamChannel } {
    return { ear: this.#ears[tag >> 1], channel: tag & 1 ? "broadcast" : "omcc" };
  }

  #flushDelayed(tag: number): void {
    if (tag < 0) return;
    const { ear, channel } = this.#ofTag(tag);
    ear.delayed[channel].flush();
  }

  #drop(cause: string): void {
    this.dropped.set(cause, (this.dropped.get(cause) ?? 0) + 1);
  }

  #dropFor(ear: Ear | undefined, cause: string): void {
    this.#drop(cause);
    for (const { listener } of ear ? [ear] : this.#ears) if (listener.portId >= 0) listener.onDropped(cause);
  }
}
