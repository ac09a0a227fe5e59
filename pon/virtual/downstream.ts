/** Carries frames from an OLT port to its ONTs in virtual time, whole spans of sections as one event. */
import { newSectionSpan, type SectionSpan, sliceSpan, sectionPduBytes } from "../../omci/index.ts";
import { BROADCAST } from "../types.ts";
import type { Fibre, LinkTraffic } from "../index.ts";
import { type DownstreamLine, type HeadendFeed, newPassage, PassageTimes } from "./line.ts";
import { gemFrameBytes, type LineProfile } from "./profiles.ts";
import type { EventQueue } from "./queue.ts";
import { LINE_EVENT } from "./events.ts";
import type { LineOnt } from "./line-ont.ts";
import { Arrivals, type LinkTally, passLink } from "./arrivals.ts";
import { Delivery, Flight, Pool } from "./flight.ts";
import { TimeOrder } from "./time-order.ts";

/** How much a port keeps in the line's queue, and in the feed's. */
const LINE_AHEAD_NS = 2_000_000;
const FEED_AHEAD_NS = 4_000_000;
/** Frames that wait in an ONT until it has time for them; what comes on top is lost. */
export const RECEIVE_FRAMES_MAX = 1024;

export interface DownstreamParts<Ont extends LineOnt> {
  queue: EventQueue;
  profile: LineProfile;
  line: DownstreamLine;
  feed: HeadendFeed;
  /** Ports that share the feed. */
  ports: number;
  feeder: Fibre;
  trailerBytes: number;
  /** Memory of the image: it does not change, so that spans in it need no copy; undefined: all are copied. */
  imageMemory: ArrayBufferLike | undefined;
  traffic: LinkTraffic;
  /** Every section travels alone: slow, for comparing. */
  oneByOne: boolean;
  /** When all impairments end. */
  healAtNs: number;
  /** Sections without AR may wait where they have come (`LineOnt.waiting`), as nobody looks at what each brings about. */
  mayWait: boolean;
  /** ONTs of the port, the nearest first. */
  onts: readonly Ont[];
  ontOf: (onuId: number) => Ont | undefined;
  /** Told of frames that do not get through a drop fibre, or the feeder (undefined); by index within their span. */
  onMissed: ((ont: Ont | undefined, index: number) => void) | undefined;
}

/**
 * Downstream of one port: feed, line, feeder fibre, then each ONT's drop fibre and the ONT's own pace.
 *
 * A span of sections is booked and delivered as one event, at the time the ONT is done with its last section. That changes
 * no outcome: the line is first in, first out, so nothing comes between two sections of a span; a section without AR is
 * never answered and only fills the window's memory, so that it does not show whether it was put there at its own time or
 * at that of the section behind it; and what could end the window in between, a restart or a power cut, loses that memory
 * either way. Losses are drawn for each frame from the link's own stream, in the order of the frames.
 */
export class Downstream<Ont extends LineOnt> {
  readonly #parts: DownstreamParts<Ont>;
  readonly #passage = newPassage();
  readonly #times: PassageTimes;
  readonly #flights = new Pool(() => new Flight());
  readonly #deliveries = new Pool(() => new Delivery());
  readonly #whole = new Arrivals();
  readonly #behindFeeder = new Arrivals();
  #behindDrop = new Arrivals();
  readonly #batch = new Arrivals();
  readonly #taken = new Arrivals();
  readonly #order = new TimeOrder();
  readonly #tally: LinkTally = { badTrailers: 0 };
  readonly #single: SectionSpan = newSectionSpan();
  /** The delivery that ONTs with nothing lost and the same arrival share, and that which waits at them. */
  #shared: Delivery | undefined;
  #sharedLater: Delivery | undefined;

  constructor(parts: DownstreamParts<Ont>) {
    this.#parts = parts;
    this.#times = new PassageTimes(parts.line, this.#passage);
  }

  /** Bytes of GEM frames that line and feed take now. */
  roomBytes(nowNs: number): number {
    const { line, feed, ports } = this.#parts;
    const feedRoom = this.#passage.feedLastNs > nowNs ? 0 : feed.roomBytes(feed.freeNs, FEED_AHEAD_NS / ports);
    return Math.min(line.roomBytes(nowNs, LINE_AHEAD_NS), feedRoom);
  }

  /** When there is room again after `roomBytes` was used up. */
  roomAgainNs(nowNs: number): number {
    const { line } = this.#parts;
    const lineNs = line.freeNs - LINE_AHEAD_NS / 2;
    return Math.max(nowNs + 1, lineNs, Math.ceil(this.#passage.feedLastNs));
  }

  frame(nowNs: number, to: number, bytes: Uint8Array, lengthBytes: number): void {
    const flight = this.#flights.take();
    flight.takeFrame(to === BROADCAST ? "broadcast" : "omcc", bytes, lengthBytes);
    this.#book(nowNs, 1, lengthBytes, lengthBytes);
    this.#send(to, flight, -1);
  }

  sections(nowNs: number, to: number, span: SectionSpan): void {
    if (!this.#parts.oneByOne || span.count === 1) return this.#sendSpan(nowNs, to, span);
    const whole = new Flight();
    whole.takeSpan("broadcast", span, span.data.buffer);
    for (let index = 0; index < span.count; index++) {
      sliceSpan(whole.span, index, index + 1, this.#single);
      this.#sendSpan(nowNs, to, this.#single);
    }
  }

  #sendSpan(nowNs: number, to: number, span: SectionSpan): void {
    const flight = this.#flights.take();
    flight.takeSpan(to === BROADCAST ? "broadcast" : "omcc", span, this.#parts.imageMemory);
    const pduBytes = sectionPduBytes(span.messageSet, span.sectionBytes);
    const lastBytes = sectionPduBytes(span.messageSet, span.lastSectionBytes);
    this.#book(nowNs, span.count, pduBytes, lastBytes);
    this.#send(to, flight, span.ackRequested ? span.count - 1 : -1);
  }

  #book(nowNs: number, count: number, pduBytes: number, lastPduBytes: number): void {
    const { profile, trailerBytes, traffic, feed, line } = this.#parts;
    const passage = this.#passage;
    passage.count = count;
    passage.frameBytes = gemFrameBytes(profile, pduBytes + trailerBytes);
    passage.lastFrameBytes = gemFrameBytes(profile, lastPduBytes + trailerBytes);
    feed.book(nowNs, passage);
    line.book(passage);
    this.#times.forget();
    traffic.frames += count;
    traffic.omciBytes += (count - 1) * (pduBytes + trailerBytes) + lastPduBytes + trailerBytes;
    traffic.gemBytes += (count - 1) * passage.frameBytes + passage.lastFrameBytes;
  }

  /** @param answered index of the frame whose answer may come before later ones arrive; -1 = none. */
  #send(to: number, flight: Flight, answered: number): void {
    const { feeder, queue, healAtNs, onts, ontOf } = this.#parts;
    flight.users = 1;
    this.#whole.setWhole(this.#passage.count);
    const healed = queue.nowNs >= healAtNs;
    const link = to === BROADCAST ? feeder.broadcast : feeder.unicast;
    const arrivals = healed ? this.#whole : this.#pass(link, this.#whole, 0, this.#behindFeeder, undefined);
    const delayNs = healed ? 0 : (link.constantDelayNs ?? 0);
    this.#shared = undefined;
    this.#sharedLater = undefined;
    if (to === BROADCAST) {
      for (const ont of onts) if (ont.onuId >= 0) this.#sendTo(ont, flight, arrivals, delayNs, healed, answered);
    } else {
      const ont = ontOf(to);
      if (ont !== undefined && ont.onuId >= 0) this.#sendTo(ont, flight, arrivals, delayNs, healed, answered);
    }
    this.#release(flight);
  }

  /** @param ont whose drop fibre it is; undefined = the feeder */
  #pass(link: Fibre["up"], input: Arrivals, delayNs: number, output: Arrivals, ont: Ont | undefined): Arrivals {
    const { trailerBytes, onMissed } = this.#parts;
    const arrivals = passLink(link, input, this.#times, delayNs, output, trailerBytes > 0, this.#tally);
    if (onMissed !== undefined && arrivals !== input) input.forEachMissingIn(arrivals, (index) => onMissed(ont, index));
    return arrivals;
  }

  #sendTo(ont: Ont, flight: Flight, sent: Arrivals, feederDelayNs: number, healed: boolean, answered: number): void {
    const link = flight.channel === "broadcast" ? ont.fibre.broadcast : ont.fibre.unicast;
    const travelNs = feederDelayNs + ont.propagationNs;
    const arrived = healed ? sent : this.#pass(link, sent, travelNs, this.#behindDrop, ont);
    if (this.#tally.badTrailers > 0) {
      ont.count("bad-trailer", this.#tally.badTrailers);
      this.#tally.badTrailers = 0;
    }
    const delayNs = travelNs + (healed ? 0 : (link.constantDelayNs ?? 0));
    const arrivals = this.#withRoom(ont, arrived, delayNs);
    if (arrivals.frames === 0) return;
    if (arrivals.uneven) return this.#deliverOutOfOrder(ont, flight, arrivals, delayNs, answered);
    const doneNs = this.#doneNs(ont, arrivals, delayNs);
    ont.busyNs = doneNs;
    if (this.#parts.mayWait && ont.takesLater && flight.isSpan && !arrivals.has(answered))
      return this.#leave(ont, flight, arrivals, doneNs);
    const isWhole = arrivals === this.#whole;
    if (isWhole && this.#shared?.atNs === doneNs) return this.#shared.add(ont.index, ont.life);
    const delivery = this.#deliver(ont, flight, arrivals, doneNs);
    if (isWhole) this.#shared = delivery;
  }

  /** What is not answered waits at the ONT, and is no event. */
  #leave(ont: Ont, flight: Flight, arrivals: Arrivals, atNs: number): void {
    const isWhole = arrivals === this.#whole;
    let delivery = isWhole && this.#sharedLater?.atNs === atNs ? this.#sharedLater : undefined;
    if (delivery === undefined) {
      delivery = this.#makeDelivery(flight, arrivals, atNs);
      delivery.place = this.#parts.queue.place();
      if (isWhole) this.#sharedLater = delivery;
    }
    delivery.left++;
    ont.waiting.push(delivery);
    ont.waitingLives.push(ont.life);
  }

  /** What of the arrivals finds room in the ONT: all of them, unless it is slow. */
  #withRoom(ont: Ont, arrivals: Arrivals, delayNs: number): Arrivals {
    const { frameNs } = ont;
    if (arrivals.frames === 0) return arrivals;
    const roomNs = RECEIVE_FRAMES_MAX * frameNs;
    const firstNs = this.#times.endNs(arrivals.first[0]) + delayNs;
    if (ont.busyNs + arrivals.frames * frameNs - firstNs <= roomNs) return arrivals;
    const taken = this.#taken;
    taken.clear();
    taken.uneven = arrivals.uneven;
    let { busyNs } = ont;
    for (let at = 0; at < arrivals.pieces; at++) {
      const lateNs = arrivals.lateNs[at];
      for (let index = arrivals.first[at]; index < arrivals.first[at] + arrivals.length[at]; index++) {
        const atNs = this.#times.endNs(index) + delayNs + lateNs;
        if (busyNs - atNs > roomNs) continue;
        busyNs = Math.max(busyNs, atNs) + frameNs;
        taken.push(index, 1, lateNs, arrivals.corrupted[at], arrivals.overtaken[at]);
      }
    }
    if (taken.frames < arrivals.frames) ont.count("receive queue full", arrivals.frames - taken.frames);
    return taken;
  }

  /** When the ONT is done with the last frame: it takes them in order, each for as long as it needs. */
  #doneNs(ont: Ont, arrivals: Arrivals, delayNs: number): number {
    const { frameNs } = ont;
    const times = this.#times;
    let doneNs = ont.busyNs;
    for (let at = 0; at < arrivals.pieces; at++) {
      const first = arrivals.first[at];
      const frames = arrivals.length[at];
      const firstNs = times.endNs(first) + delayNs;
      const lastNs = frames === 1 ? firstNs : times.endNs(first + frames - 1) + delayNs;
      // Frames come at even distances: the first or the last one of a stretch decides.
      doneNs = Math.max(doneNs + frames * frameNs, firstNs + frames * frameNs, lastNs + frameNs);
    }
    return doneNs;
  }

  #deliver(ont: Ont, flight: Flight, arrivals: Arrivals, atNs: number): Delivery {
    const delivery = this.#makeDelivery(flight, arrivals, atNs);
    delivery.add(ont.index, ont.life);
    this.#parts.queue.schedule(atNs, LINE_EVENT.deliver, 0, 0, delivery);
    return delivery;
  }

  #makeDelivery(flight: Flight, arrivals: Arrivals, atNs: number): Delivery {
    const delivery = this.#deliveries.take();
    delivery.flight = flight;
    flight.users++;
    if (arrivals === this.#behindDrop) {
      // Of this ONT alone: handed over, and what the delivery had is filled next.
      this.#behindDrop = delivery.pieces;
      delivery.pieces = arrivals;
    } else delivery.pieces.copyFrom(arrivals);
    delivery.atNs = atNs;
    delivery.ontCount = 0;
    delivery.left = 0;
    return delivery;
  }

  /** Frames that others overtook: sorted by their time, and cut where an answer may go out before later ones come. */
  #deliverOutOfOrder(ont: Ont, flight: Flight, arrivals: Arrivals, delayNs: number, answered: number): void {
    const order = this.#order;
    order.load(arrivals, this.#times, delayNs);
    let doneNs = ont.busyNs;
    for (let from = 0; from < order.frames;) {
      const end = order.batchEnd(from, answered);
      for (let at = from; at < end; at++) {
        doneNs = Math.max(doneNs, order.timeNs[at]) + ont.frameNs;
        // One that was held back keeps the ONT from nothing while it is on its way.
        if (order.overtaken[at] === 0) ont.busyNs = doneNs;
      }
      order.pieces(from, end, this.#batch);
      this.#deliver(ont, flight, this.#batch, doneNs);
      from = end;
    }
  }

  /** A delivery has been made. */
  done(delivery: Delivery): void {
    this.#release(delivery.flight);
    this.#deliveries.give(delivery);
  }

  #release(flight: Flight): void {
    if (--flight.users === 0) this.#flights.give(flight);
  }
}
