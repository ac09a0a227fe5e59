/** The two formats of one header and packets behind it: pcap of either byte order, and snoop (RFC 1761). */
import { type CaptureFormat, NS_PER_SECOND, type PacketSink, viewOf } from "./format.ts";

export const PCAP_HEADER_BYTES = 24;
export const SNOOP_HEADER_BYTES = 16;
/** "snoop" and three NULs. */
const SNOOP_MAGIC = 0x736e6f6f;
const SNOOP_RECORD_HEADER_BYTES = 24;
const PCAP_RECORD_HEADER_BYTES = 16;

interface PcapKind {
  little: boolean;
  nsPerTick: number;
  /** Of a packet's header. */
  headBytes: number;
}

/** Byte order and ticks of a pcap file, by its first four bytes. */
export function pcapKind(magic: number): PcapKind | undefined {
  switch (magic) {
    case 0xa1b2c3d4:
      return { little: false, nsPerTick: 1000, headBytes: PCAP_RECORD_HEADER_BYTES };
    case 0xd4c3b2a1:
      return { little: true, nsPerTick: 1000, headBytes: PCAP_RECORD_HEADER_BYTES };
    case 0xa1b23c4d:
      return { little: false, nsPerTick: 1, headBytes: PCAP_RECORD_HEADER_BYTES };
    case 0x4d3cb2a1:
      return { little: true, nsPerTick: 1, headBytes: PCAP_RECORD_HEADER_BYTES };
    // Kuznetzov's libpcap, which old embedded systems have: eight bytes more in front of each packet.
    case 0x34cdb2a1:
      return { little: true, nsPerTick: 1000, headBytes: PCAP_RECORD_HEADER_BYTES + 8 };
    case 0xa1b2cd34:
      return { little: false, nsPerTick: 1000, headBytes: PCAP_RECORD_HEADER_BYTES + 8 };
    default:
      return undefined;
  }
}

export class Pcap implements CaptureFormat {
  readonly headBytes: number;
  readonly #sink: PacketSink;
  readonly #kind: PcapKind;
  readonly #from: { linkType: number };

  constructor(sink: PacketSink, kind: PcapKind, header: DataView) {
    this.#sink = sink;
    this.#kind = kind;
    this.headBytes = kind.headBytes;
    // The upper bits tell of check sequences.
    this.#from = { linkType: header.getUint32(20, kind.little) & 0xffff };
  }

  bytes(view: DataView): number {
    return this.headBytes + view.getUint32(8, this.#kind.little);
  }

  take(view: DataView, record: Uint8Array): void {
    const { little, nsPerTick } = this.#kind;
    const ticks = BigInt(view.getUint32(4, little) * nsPerTick);
    this.#sink({
      from: this.#from,
      packet: record.subarray(this.headBytes),
      timeNs: BigInt(view.getUint32(0, little)) * NS_PER_SECOND + ticks,
      isCut: view.getUint32(12, little) > view.getUint32(8, little),
    });
  }
}

export const isSnoop = (bytes: Uint8Array): boolean => viewOf(bytes).getUint32(0) === SNOOP_MAGIC;

/** Data link types of snoop as pcap numbers them: Ethernet; others are shown as they are. */
const SNOOP_ETHERNET: readonly number[] = [0, 4];

export class Snoop implements CaptureFormat {
  readonly headBytes = SNOOP_RECORD_HEADER_BYTES;
  readonly #sink: PacketSink;
  readonly #from: { linkType: number };

  constructor(sink: PacketSink, header: DataView) {
    this.#sink = sink;
    const type = header.getUint32(12);
    this.#from = { linkType: SNOOP_ETHERNET.includes(type) ? 1 : 0x1_0000 + type };
  }

  bytes(view: DataView): number | undefined {
    const bytes = view.getUint32(8);
    return bytes < SNOOP_RECORD_HEADER_BYTES ? undefined : bytes;
  }

  take(view: DataView, record: Uint8Array): void {
    const end = SNOOP_RECORD_HEADER_BYTES + view.getUint32(4);
    this.#sink({
      from: this.#from,
      packet: record.subarray(SNOOP_RECORD_HEADER_BYTES, end),
      timeNs: BigInt(view.getUint32(16)) * NS_PER_SECOND + BigInt(view.getUint32(20) * 1000),
      isCut: view.getUint32(0) > view.getUint32(4),
    });
  }
}
