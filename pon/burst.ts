import { encodeSection } from "../omci/index.ts";
import type { SectionRun } from "../omci/section-run.ts";
import type { Trailer } from "../omci/trailer.ts";
import { encodeGemHeader, GEM_HEADER_BYTES } from "./gem.ts";

/** Largest PDU and trailer. */
const FRAME_BYTES_MAX = 1980;

export type Encapsulation = "gem" | "plain";

/** What went over a link in one direction. */
export interface LinkTraffic {
  frames: number;
  omciBytes: number;
  gemBytes: number;
}

export const newTraffic = (): LinkTraffic => ({ frames: 0, omciBytes: 0, gemBytes: 0 });

export interface BurstOptions {
  encapsulation: Encapsulation;
  /** Largest datagram; a single frame may be larger. */
  burstBytes: number;
  traffic: LinkTraffic;
  /** Takes a full datagram, `lengthBytes` of `buffer`; the buffer is its own to give back by `reuse`. */
  send: (buffer: Uint8Array, lengthBytes: number) => void;
}

/**
 * Packs frames for one destination into datagrams: GEM frames one after the other, as a burst carries them, or (plain)
 * one bare OMCI frame in each. Seals every frame's trailer. Nothing is allocated per frame.
 */
export class BurstWriter {
  readonly #options: BurstOptions;
  readonly #pool: Uint8Array[] = [];
  readonly #bufferBytes: number;
  #buffer: Uint8Array | null = null;
  #length = 0;

  constructor(options: BurstOptions) {
    this.#options = options;
    this.#bufferBytes = Math.max(options.burstBytes, FRAME_BYTES_MAX + GEM_HEADER_BYTES);
  }

  /** Gives a datagram's buffer back once it has been sent. */
  reuse(buffer: Uint8Array): void {
    this.#pool.push(buffer);
  }

  /** @param pdu without trailer. */
  frame(portId: number, pdu: Uint8Array, lengthBytes: number, trailer: Trailer): void {
    const at = this.#open(lengthBytes + trailer.bytes);
    this.#buffer!.set(pdu.subarray(0, lengthBytes), at);
    this.#close(portId, at, lengthBytes, trailer);
  }

  sections(portId: number, run: SectionRun, trailer: Trailer): void {
    const bytesMax = run.sectionBytes + 13 + trailer.bytes;
    for (let index = 0; index < run.count; index++) {
      const at = this.#open(bytesMax);
      this.#close(portId, at, encodeSection(run, index, this.#buffer!, at), trailer);
    }
  }

  /** Sends what is packed so far. */
  flush(): void {
    if (this.#length === 0) return;
    const buffer = this.#buffer!;
    const length = this.#length;
    this.#buffer = null;
    this.#length = 0;
    this.#options.send(buffer, length);
  }

  /** Makes room for a frame. @returns where its PDU goes */
  #open(frameBytes: number): number {
    const { encapsulation, burstBytes } = this.#options;
    const header = encapsulation === "gem" ? GEM_HEADER_BYTES : 0;
    const full = this.#length + header + frameBytes > burstBytes;
    if (this.#length > 0 && (encapsulation === "plain" || full)) this.flush();
    this.#buffer ??= this.#pool.pop() ?? new Uint8Array(this.#bufferBytes);
    return this.#length + header;
  }

  #close(portId: number, at: number, pduBytes: number, trailer: Trailer): void {
    const buffer = this.#buffer!;
    const { encapsulation, traffic } = this.#options;
    trailer.seal(buffer, at, at + pduBytes);
    const frameBytes = pduBytes + trailer.bytes;
    if (encapsulation === "gem") encodeGemHeader(buffer, at - GEM_HEADER_BYTES, portId, frameBytes);
    traffic.frames++;
    traffic.omciBytes += frameBytes;
    traffic.gemBytes += frameBytes + GEM_HEADER_BYTES;
    this.#length = at + frameBytes;
  }
}
