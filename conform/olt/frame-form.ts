/** Whether an OLT under test seals its frames: decided once for each peer, so that a wrong trailer is not taken for none. */
import { crc32Trailer, pduLength } from "../../omci/index.ts";

/** Behind its frames is a CRC-32, or nothing that says anything: no octets, or zeros that hardware was to fill in. */
type FrameForm = "crc32" | "none";

/** Addresses that are told apart; those who come later begin anew. */
const PEERS_MAX = 64;

/** The PDU in a datagram, and how to answer it. */
export interface TakenFrame {
  pdu: Uint8Array;
  hasTrailer: boolean;
}

/** What the frames of each peer look like. Pure. */
export class FrameForms {
  /** Frames of no right trailer, or not as the peer's first ones: dropped. */
  dropped = 0;
  readonly #forms = new Map<string, FrameForm>();

  /** @returns undefined for a frame that a receiver drops */
  take(peer: string, frame: Uint8Array): TakenFrame | undefined {
    const pdu = frame.subarray(0, pduLength(frame));
    const form = formOf(frame, pdu.length);
    const decided = this.#forms.get(peer);
    if (form === undefined || (decided !== undefined && form !== decided)) {
      this.dropped++;
      return undefined;
    }
    if (decided === undefined) this.#decide(peer, form);
    return { pdu, hasTrailer: form === "crc32" };
  }

  #decide(peer: string, form: FrameForm): void {
    const [oldest] = this.#forms.keys();
    if (this.#forms.size >= PEERS_MAX && oldest !== undefined) this.#forms.delete(oldest);
    this.#forms.set(peer, form);
  }
}

function formOf(frame: Uint8Array, pduBytes: number): FrameForm | undefined {
  if (pduBytes === frame.length) return "none";
  if (crc32Trailer.check(frame, 0, frame.length)) return "crc32";
  return frame.subarray(pduBytes).every((byte) => byte === 0) ? "none" : undefined;
}
