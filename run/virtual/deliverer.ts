/** What an ONT gets of sections and frames that reach it: in pieces, for some of it was lost, and with flipped bits. */
import { encodeSection, newSectionSpan, type SectionSpan, sliceSpan, PDU_BYTES_MAX } from "../../omci/index.ts";
import { type Delivery, type Flight, flipBits } from "../../pon/virtual/index.ts";
import type { VirtualOnt } from "./virtual-ont.ts";

/** Hands deliveries to ONT cores. Hot path: its buffers are used again for each piece. */
export class Deliverer {
  readonly #part: SectionSpan = newSectionSpan();
  readonly #pdu = new Uint8Array(PDU_BYTES_MAX);

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
