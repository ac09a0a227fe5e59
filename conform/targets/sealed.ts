/** What transports have in common that put trailers on frames themselves: seal, damage, check. */
import type { TrailerPair } from "../../omci/index.ts";
import { type RealTimeOptions, RealTimeTransport } from "./real-time.ts";

/** A transport whose frames are PDU and trailer. Whoever adds one writes `transmit` and `close`. */
export abstract class SealedTransport extends RealTimeTransport {
  readonly sendDamaged?: (pdu: Uint8Array) => void;
  readonly sealed?: (pdu: Uint8Array, damaged: boolean) => Uint8Array;
  readonly checkTrailer?: (frame: Uint8Array) => boolean;
  readonly #trailers: TrailerPair;

  constructor(options: RealTimeOptions, trailers: TrailerPair) {
    super(options);
    this.#trailers = trailers;
    if (trailers.downstream.bytes === 0) return;
    this.sealed = (pdu, damaged) => this.#sealed(pdu, damaged);
    this.sendDamaged = (pdu) => this.transmit(this.#sealed(pdu, true));
    this.checkTrailer = (frame) => trailers.upstream.check(frame, 0, frame.length);
  }

  send(pdu: Uint8Array): void {
    this.transmit(this.#sealed(pdu, false));
  }

  /** Sends a frame with its trailer. */
  protected abstract transmit(frame: Uint8Array): void;

  #sealed(pdu: Uint8Array, damaged: boolean): Uint8Array {
    const { downstream } = this.#trailers;
    const frame = new Uint8Array(pdu.length + downstream.bytes);
    frame.set(pdu);
    downstream.seal(frame, 0, pdu.length);
    if (damaged) frame[frame.length - 1]! ^= 0xff;
    return frame;
  }
}
