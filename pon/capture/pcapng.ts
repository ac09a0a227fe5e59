/** Direction, ONU-ID and bytes of one OMCI frame; `onuId` -1 = broadcast. Times are nanoseconds of the run's clock. */
export interface CapturedFrame {
  timeNs: number;
  direction: "down" | "up";
  onuId: number;
  /** With its trailer, when it has one. */
  frame: Uint8Array;
  comment?: string;
}

/** IEEE 802: for experiments on local networks. */
export const OMCI_ETHERTYPE = 0x88b5;
export const ETHERNET_HEADER_BYTES = 14;
export const LINKTYPE_ETHERNET = 1;

/** Locally administered addresses: 02:50:4f:4e:xx:xx. The OLT is 00:00, ONT n is 01:nn; broadcast is the group address. */
const OLT_ADDRESS = Uint8Array.of(0x02, 0x50, 0x4f, 0x4e, 0x00, 0x00);
const BROADCAST_ADDRESS = Uint8Array.of(0x03, 0x50, 0x4f, 0x4e, 0x01, 0xff);

function addressOf(onuId: number): Uint8Array {
  return onuId < 0 ? BROADCAST_ADDRESS : Uint8Array.of(0x02, 0x50, 0x4f, 0x4e, 0x01, onuId & 0xff);
}

/**
 * Ethernet frame around an OMCI frame, from which direction and ONU-ID are read again.
 *
 * @returns undefined for a frame of another type
 */
export function readEthernet(packet: Uint8Array): Pick<CapturedFrame, "direction" | "onuId" | "frame"> | undefined {
  if (packet.length < ETHERNET_HEADER_BYTES || ((packet[12] << 8) | packet[13]) !== OMCI_ETHERTYPE) return undefined;
  const isDown = packet[10] === 0;
  const ont = isDown ? packet.subarray(0, 6) : packet.subarray(6, 12);
  const onuId = (ont[0] & 1) === 1 ? -1 : ont[5];
  return { direction: isDown ? "down" : "up", onuId, frame: packet.subarray(ETHERNET_HEADER_BYTES) };
}

const BLOCK = { section: 0x0a0d0d0a, interface: 1, packet: 6 } as const;
const OPTION = { end: 0, comment: 1, hardware: 2, application: 4, timeResolution: 9 } as const;
const BYTE_ORDER = 0x1a2b3c4d;
const UINT32 = 2 ** 32;
const padded = (bytes: number): number => (bytes + 3) & ~3;
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
    this.#block(BLOCK.interface, description, [[OPTION.timeResolution, Uint8Array.of(9)]]);
  }

  frame({ timeNs, direction, onuId, frame, comment }: CapturedFrame): void {
    const packetBytes = ETHERNET_HEADER_BYTES + frame.length;
    const body = new Uint8Array(20 + padded(packetBytes));
    const view = new DataView(body.buffer);
    const time = Math.max(0, Math.round(timeNs));
    view.setUint32(4, Math.floor(time / UINT32), true);
    view.setUint32(8, time % UINT32, true);
    view.setUint32(12, packetBytes, true);
    view.setUint32(16, packetBytes, true);
    const ont = addressOf(onuId);
    body.set(direction === "down" ? ont : OLT_ADDRESS, 20);
    body.set(direction === "down" ? OLT_ADDRESS : ont, 26);
    view.setUint16(32, OMCI_ETHERTYPE);
    body.set(frame, 20 + ETHERNET_HEADER_BYTES);
    this.#block(BLOCK.packet, body, comment === undefined ? [] : [[OPTION.comment, utf8.encode(comment)]]);
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
