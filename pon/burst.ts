/** Bursts: frames packed into datagrams. */
import {
  encodeSection,
  type SectionSpan,
  type Trailer,
  FRAME_BYTES_MAX,
  FRAME_ROOM_BYTES,
  sectionPduBytes,
} from "../omci/index.ts";
import { encodeGemHeader, GEM_HEADER_BYTES } from "./gem.ts";

/** `gem`: bursts of GEM frames. `plain`: one bare OMCI frame in each datagram, for foreign ONTs and OLTs. */
export type Encapsulation = "gem" | "plain";

/** What went over a link in one direction. */
export interface LinkTraffic {
  frames: number;
  /** With trailers. */
  omciBytes: number;
  /** With trailers and GEM headers. */
  gemBytes: number;
}

export const newTraffic = (): LinkTraffic => ({ frames: 0, omciBytes: 0, gemBytes: 0 });

/** Bytes of each section of a span on the fibre, with trailer and GEM header; the last one may have fewer. */
export const sectionFrameBytes = (span: SectionSpan, trailer: Trailer): number =>
  GEM_HEADER_BYTES + trailer.bytes + sectionPduBytes(span.messageSet, span.sectionBytes);

export interface BurstOptions {
  encapsulation: Encapsulation;
  /** Largest datagram; a single frame that is larger goes alone. */
  burstBytes: number;
  /** Left free in front of a datagram's frames, for a seal. */
  headBytes?: number;
  /** Counts what is written. */
  traffic: LinkTraffic;
  /**
   * Sees each frame with its trailer, `start`…`end - 1` of a buffer, as it is packed or lost by the fibre; for captures.
   *
   * @param note what the fibre did to it, else undefined
   */
  onFrame?:
    | ((portId: number, buffer: Uint8Array, start: number, end: number, note: string | undefined) => void)
    | undefined;
  /**
   * Takes a full datagram, `lengthBytes` of `buffer`, all of it for one port; it gives the buffer back by `reuse` once it
   * is sent.
   */
  send: (buffer: Uint8Array, lengthBytes: number, portId: number) => void;
}

/**
 * Packs frames into datagrams, each for one destination: GEM frames one after the other, as a burst carries them, or
 * (plain) one bare OMCI frame in each. A frame for another port ends the burst. Seals every frame's trailer. Nothing is allocated per frame, and no datagram's buffer as
 * long as they come back.
 */
export class BurstWriter {
  readonly traffic: LinkTraffic;
  readonly #send: BurstOptions["send"];
  readonly #onFrame: BurstOptions["onFrame"];
  readonly #burstBytes: number;
  readonly #bufferBytes: number;
  readonly #plain: boolean;
  /** In front of each frame. */
  readonly #headerBytes: number;
  /** In front of each datagram. */
  readonly #headBytes: number;
  /** Buffers that came back: never more than were out at once. */
  readonly #pool: Uint8Array[] = [];
  #buffer: Uint8Array;
  #length: number;
  /** Whom the frames packed so far are for. */
  #portId = 0;

  constructor({ encapsulation, burstBytes, headBytes = 0, traffic, onFrame, send }: BurstOptions) {
    this.traffic = traffic;
    this.#send = send;
    this.#onFrame = onFrame;
    this.#plain = encapsulation === "plain";
    this.#headerBytes = this.#plain ? 0 : GEM_HEADER_BYTES;
    this.#burstBytes = burstBytes;
    this.#headBytes = headBytes;
    this.#length = headBytes;
    this.#bufferBytes = Math.max(burstBytes, headBytes + FRAME_ROOM_BYTES + GEM_HEADER_BYTES);
    this.#buffer = new Uint8Array(this.#bufferBytes);
  }

  /** Gives a datagram's buffer back once it has been sent. */
  reuse(buffer: Uint8Array): void {
    this.#pool.push(buffer);
  }

  /** @param pdu `lengthBytes` of it, without trailer; at most 1,980. @throws RangeError above */
  frame(portId: number, pdu: Uint8Array, lengthBytes: number, trailer: Trailer, note?: string): void {
    const at = this.#putFrame(portId, pdu, lengthBytes, trailer);
    this.#close(portId, at, lengthBytes, trailer, note);
  }

  sections(portId: number, span: SectionSpan, trailer: Trailer, note?: string): void {
    const frameBytes = sectionFrameBytes(span, trailer) - GEM_HEADER_BYTES;
    for (let index = 0; index < span.count; index++) {
      const at = this.#open(portId, frameBytes);
      this.#close(portId, at, encodeSection(span, index, this.#buffer, at), trailer, note);
    }
  }

  /** A frame that the fibre loses: it counts as sent, and no datagram has it. */
  lostFrame(portId: number, pdu: Uint8Array, lengthBytes: number, trailer: Trailer, note: string): void {
    this.#count(lengthBytes + trailer.bytes);
    if (this.#onFrame === undefined) return;
    const at = this.#putFrame(portId, pdu, lengthBytes, trailer);
    this.#seeLost(portId, at, lengthBytes, trailer, note);
  }

  /** The same for section `index` of a span. */
  lostSection(portId: number, span: SectionSpan, index: number, trailer: Trailer, note: string): void {
    const frameBytes = sectionFrameBytes(span, trailer) - GEM_HEADER_BYTES;
    this.#count(frameBytes);
    if (this.#onFrame === undefined) return;
    const at = this.#open(portId, frameBytes);
    this.#seeLost(portId, at, encodeSection(span, index, this.#buffer, at), trailer, note);
  }

  /** Sends what is packed so far. */
  flush(): void {
    if (this.#length === this.#headBytes) return;
    const buffer = this.#buffer;
    const length = this.#length;
    this.#buffer = this.#pool.pop() ?? new Uint8Array(this.#bufferBytes);
    this.#length = this.#headBytes;
    this.#send(buffer, length, this.#portId);
  }

  /** Makes room for a frame. @returns where its PDU goes */
  #open(portId: number, frameBytes: number): number {
    const end = this.#length + this.#headerBytes + frameBytes;
    const isOver = this.#plain || portId !== this.#portId || end > this.#burstBytes;
    if (this.#length > this.#headBytes && isOver) this.flush();
    return this.#length + this.#headerBytes;
  }

  /** @returns where the PDU was put */
  #putFrame(portId: number, pdu: Uint8Array, lengthBytes: number, trailer: Trailer): number {
    if (lengthBytes + trailer.bytes > FRAME_ROOM_BYTES)
      throw new RangeError(`OMCI frame of ${lengthBytes} bytes; at most ${FRAME_BYTES_MAX} are possible`);
    const at = this.#open(portId, lengthBytes + trailer.bytes);
    this.#buffer.set(lengthBytes === pdu.length ? pdu : pdu.subarray(0, lengthBytes), at);
    return at;
  }

  #close(portId: number, at: number, pduBytes: number, trailer: Trailer, note: string | undefined): void {
    trailer.seal(this.#buffer, at, at + pduBytes);
    const frameBytes = pduBytes + trailer.bytes;
    if (!this.#plain) encodeGemHeader(this.#buffer, at - GEM_HEADER_BYTES, portId, frameBytes);
    this.#count(frameBytes);
    this.#portId = portId;
    this.#length = at + frameBytes;
    if (this.#onFrame !== undefined) this.#onFrame(portId, this.#buffer, at, this.#length, note);
  }

  /** The next frame is put in its place. */
  #seeLost(portId: number, at: number, pduBytes: number, trailer: Trailer, note: string): void {
    trailer.seal(this.#buffer, at, at + pduBytes);
    this.#onFrame?.(portId, this.#buffer, at, at + pduBytes + trailer.bytes, note);
  }

  #count(frameBytes: number): void {
    const { traffic } = this;
    traffic.frames++;
    traffic.omciBytes += frameBytes;
    traffic.gemBytes += frameBytes + GEM_HEADER_BYTES;
  }
}
