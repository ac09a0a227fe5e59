/** pcapng as we write it, and the numbers of the format that the reader needs too. No files here. */
import { type CapturedFrame, ETHERNET_HEADER_BYTES, putEthernetHeader } from "./ethernet.ts";

const LINKTYPE_ETHERNET = 1;
/** Block types and option codes of pcapng that we write or read. */
export const BLOCK = { section: 0x0a0d0d0a, interface: 1, oldPacket: 2, simplePacket: 3, packet: 6 } as const;
export const OPTION = { end: 0, comment: 1, application: 4, timeResolution: 9, timeOffset: 14 } as const;
export const BYTE_ORDER = 0x1a2b3c4d;
const NANOSECONDS = 9;
const UINT32 = 2 ** 32;

/** Everything in pcapng stands at a multiple of four bytes. */
export const padded = (bytes: number): number => Math.ceil(bytes / 4) * 4;
/** Options are at most 65,535 bytes long. */
const COMMENT_LETTERS_MAX = 16_000;
const utf8 = new TextEncoder();

/** Writes pcapng (LINKTYPE_ETHERNET, nanoseconds, little-endian) piece by piece. */
export class PcapngWriter {
  readonly #sink: (bytes: Uint8Array) => void;

  /** @param sink takes whole blocks; they are its own to keep */
  constructor(sink: (bytes: Uint8Array) => void, application = "poncast") {
    this.#sink = sink;
    const section = new Uint8Array(16);
    const view = new DataView(section.buffer);
    view.setUint32(0, BYTE_ORDER, true);
    view.setUint16(4, 1, true);
    // Length of the section: not known.
    view.setUint32(8, 0xffffffff, true);
    view.setUint32(12, 0xffffffff, true);
    this.#block(BLOCK.section, section, [[OPTION.application, utf8.encode(application)]]);
    const description = new Uint8Array(8);
    new DataView(description.buffer).setUint16(0, LINKTYPE_ETHERNET, true);
    this.#block(BLOCK.interface, description, [[OPTION.timeResolution, Uint8Array.of(NANOSECONDS)]]);
  }

  frame(captured: CapturedFrame): void {
    const { timeNs, frame, comment } = captured;
    const packetBytes = ETHERNET_HEADER_BYTES + frame.length;
    const body = new Uint8Array(20 + padded(packetBytes));
    const view = new DataView(body.buffer);
    const time = Math.max(0, Math.round(timeNs));
    view.setUint32(4, Math.floor(time / UINT32), true);
    view.setUint32(8, time % UINT32, true);
    view.setUint32(12, packetBytes, true);
    view.setUint32(16, packetBytes, true);
    putEthernetHeader(body, 20, captured);
    body.set(frame, 20 + ETHERNET_HEADER_BYTES);
    this.#block(
      BLOCK.packet,
      body,
      comment === undefined ? [] : [[OPTION.comment, utf8.encode(comment.slice(0, COMMENT_LETTERS_MAX))]],
    );
  }

  #block(type: number, body: Uint8Array, options: readonly (readonly [number, Uint8Array])[]): void {
    const optionBytes = options.reduce((sum, [, value]) => sum + 4 + padded(value.length), options.length > 0 ? 4 : 0);
    const totalBytes = 12 + body.length + optionBytes;
    const block = new Uint8Array(totalBytes);
    const view = new DataView(block.buffer);
    view.setUint32(0, type, true);
    view.setUint32(4, totalBytes, true);
    block.set(body, 8);
    let at = 8 + body.length;
    for (const [code, value] of options) {
      view.setUint16(at, code, true);
      view.setUint16(at + 2, value.length, true);
      block.set(value, at + 4);
      at += 4 + padded(value.length);
    }
    view.setUint32(totalBytes - 4, totalBytes, true);
    this.#sink(block);
  }
}
