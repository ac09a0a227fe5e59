/** What an ONT gets of sections and frames that reach it: in pieces, for some of it was lost, and with flipped bits. */
import { encodeSection, newSectionSpan, type SectionSpan, sliceSpan, PDU_BYTES_MAX } from "../../omci/index.ts";
import { type Delivery, type EventQueue, type Flight, flipBits } from "../../pon/virtual/index.ts";
import type { VirtualOnt } from "./virtual-ont.ts";

/** Hands deliveries to ONT cores. Hot path: its buffers are used again for each piece. */
export class Deliverer {
  readonly #part: SectionSpan = newSectionSpan();
  readonly #pdu = new Uint8Array(PDU_BYTES_MAX);
  readonly #queue: EventQueue;
  readonly #done: (ont: VirtualOnt, delivery: Delivery) => void;

  /** @param done called for what waited and waits at no ONT any more */
  constructor(queue: EventQueue, done: (ont: VirtualOnt, delivery: Delivery) => void) {
    this.#queue = queue;
    this.#done = done;
  }

  /**
   * What has come to an ONT and waits is handed to it with the time at which it came, before anything else happens to the ONT: it finds
   * what it would have found had each been an event.
   */
  catchUp(ont: VirtualOnt): void {
    const { waiting, waitingLives } = ont;
    let taken = 0;
    for (; taken < waiting.length && this.#queue.isPast(waiting[taken].atNs, waiting[taken].place); taken++) {
      const delivery = waiting[taken];
      if (ont.core !== null && ont.life === waitingLives[taken]) this.deliver(delivery.atNs, ont, delivery);
      if (--delivery.left === 0) this.#done(ont, delivery);
    }
    if (taken === waiting.length) waiting.length = waitingLives.length = 0;
    else if (taken > 0) {
      waiting.splice(0, taken);
      waitingLives.splice(0, taken);
    }
  }

  /** The ONT is up. */
  deliver(nowNs: number, ont: VirtualOnt, delivery: Delivery): void {
    if (delivery.flight.isSpan) this.#deliverSections(nowNs, ont, delivery);
    else this.#deliverFrame(nowNs, ont, delivery);
  }

  #deliverSections(nowNs: number, ont: VirtualOnt, { flight, pieces }: Delivery): void {
    for (let piece = 0; piece < pieces.pieces; piece++) {
      const first = pieces.first[piece];
      sliceSpan(flight.span, first, first + pieces.length[piece], this.#part);
      if (pieces.corrupted[piece] === 0) {
        ont.core!.handleSections(nowNs, flight.channel, this.#part);
      } else {
        const pdu = this.#pdu.subarray(0, encodeSection(this.#part, 0, this.#pdu, 0));
        this.#corrupt(ont, flight, pdu);
        ont.core!.handleFrame(nowNs, flight.channel, pdu);
      }
    }
  }

  #deliverFrame(nowNs: number, ont: VirtualOnt, { flight, pieces }: Delivery): void {
    for (let piece = 0; piece < pieces.pieces; piece++) {
      let { pdu } = flight;
      if (pieces.corrupted[piece] !== 0) {
        pdu = pdu.slice();
        this.#corrupt(ont, flight, pdu);
      }
      ont.core!.handleFrame(nowNs, flight.channel, pdu);
    }
  }

  #corrupt(ont: VirtualOnt, flight: Flight, pdu: Uint8Array): void {
    flipBits(pdu, 0, pdu.length, flight.channel === "broadcast" ? ont.fibre.broadcast : ont.fibre.unicast);
  }
}
