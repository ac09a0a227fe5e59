/** Captures of any program, pcap or pcapng, taken apart into OMCI frames; what a frame means is not known here. */
import { type CapturedFrame, readEthernet } from "./ethernet.ts";
import { BLOCK, BYTE_ORDER, LINKTYPE_ETHERNET, OPTION, padded } from "./pcapng.ts";

/** A packet or block that claims to be longer is none. */
const RECORD_BYTES_MAX = 16 * 1024 * 1024;
const PCAP_HEADER_BYTES = 24;
const PCAP_RECORD_HEADER_BYTES = 16;
const UINT32 = 2 ** 32;
const MICROSECOND_DIGITS = 6;
const utf8 = new TextDecoder();

/** Bytes that tell a capture from other files. */
export const CAPTURE_MAGIC_BYTES = 4;

/** @param bytes the first four of a file, at least */
export function looksLikeCapture(bytes: Uint8Array): boolean {
  if (bytes.length < CAPTURE_MAGIC_BYTES) return false;
  const magic = viewOf(bytes).getUint32(0);
  return magic === BLOCK.section || pcapFormat(magic) !== undefined;
}

/** Packets of one interface (pcapng), or of the whole file (pcap). */
interface Interface {
  isEthernet: boolean;
  nsPerTick: number;
  offsetNs: number;
}

/** How one format is cut into records. */
interface Format {
  /** Bytes that have to be there before `bytes` can tell. */
  readonly headBytes: number;
  /**
   * Length of the record at the front.
   *
   * @returns undefined when it cannot be one
   */
  bytes(view: DataView): number | undefined;
  take(view: DataView, record: Uint8Array): void;
}

/**
 * Reads pcap and pcapng, of either byte order and any time resolution, as it comes in: no more than one packet or block is
 * kept. A file that is cut off gives what is whole in it.
 */
export class CaptureReader {
  /** Packets that hold no OMCI frame. */
  otherPackets = 0;
  /** Why reading ended before the end of the file, else empty. */
  fault = "";
  readonly #onFrame: (frame: CapturedFrame) => void;
  #format: Format | undefined;
  #kept: Uint8Array = new Uint8Array(0);
  /** Bytes of the file that have been read. */
  #readBytes = 0;

  /** @param onFrame may keep the frame, but not its bytes */
  constructor(onFrame: (frame: CapturedFrame) => void) {
    this.#onFrame = onFrame;
  }

  /** The file goes on. */
  add(chunk: Uint8Array): void {
    if (this.fault !== "") return;
    const bytes = this.#kept.length === 0 ? chunk : Buffer.concat([this.#kept, chunk]);
    const taken = this.#read(bytes);
    this.#readBytes += taken;
    this.#kept = this.fault === "" ? bytes.slice(taken) : new Uint8Array(0);
  }

  /** The file ends here. */
  end(): void {
    if (this.fault !== "" || (this.#kept.length === 0 && this.#format !== undefined)) return;
    this.fault =
      this.#format === undefined
        ? "neither pcap nor pcapng"
        : `cut off in the middle of a packet, at byte ${this.#readBytes}`;
  }

  /** @returns bytes taken */
  #read(bytes: Uint8Array): number {
    let at = 0;
    while (this.fault === "") {
      const rest = bytes.subarray(at);
      if (this.#format === undefined) {
        const headerBytes = this.#begin(rest);
        if (headerBytes === undefined) break;
        at += headerBytes;
        continue;
      }
      if (rest.length < this.#format.headBytes) break;
      const view = viewOf(rest);
      const recordBytes = this.#format.bytes(view);
      if (recordBytes === undefined || recordBytes > RECORD_BYTES_MAX) {
        this.fault = `no packet can begin at byte ${this.#readBytes + at}`;
        break;
      }
      if (rest.length < recordBytes) break;
      this.#format.take(view, rest.subarray(0, recordBytes));
      at += recordBytes;
    }
    return at;
  }

  /** @returns bytes of the file's header; undefined while more of it is to come, or when it is none */
  #begin(bytes: Uint8Array): number | undefined {
    if (bytes.length < CAPTURE_MAGIC_BYTES) return undefined;
    const magic = viewOf(bytes).getUint32(0);
    if (magic === BLOCK.section) {
      this.#format = new Pcapng(this);
      return 0;
    }
    const format = pcapFormat(magic);
    if (format === undefined) this.fault = "neither pcap nor pcapng";
    if (format === undefined || bytes.length < PCAP_HEADER_BYTES) return undefined;
    this.#format = new Pcap(this, format, viewOf(bytes));
    return PCAP_HEADER_BYTES;
  }

  /** A packet, for the formats. */
  packet(from: Interface | undefined, packet: Uint8Array, timeNs: number, comment: string | undefined): void {
    const found = from?.isEthernet === true ? readEthernet(packet) : undefined;
    if (found === undefined) this.otherPackets++;
    else this.#onFrame({ timeNs, ...found, ...(comment !== undefined && { comment }) });
  }
}

const viewOf = (bytes: Uint8Array): DataView => new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);

interface PcapFormat {
  little: boolean;
  nsPerTick: number;
}

/** Byte order and ticks of a pcap file, by its first four bytes. */
function pcapFormat(magic: number): PcapFormat | undefined {
  switch (magic) {
    case 0xa1b2c3d4:
      return { little: false, nsPerTick: 1000 };
    case 0xd4c3b2a1:
      return { little: true, nsPerTick: 1000 };
    case 0xa1b23c4d:
      return { little: false, nsPerTick: 1 };
    case 0x4d3cb2a1:
      return { little: true, nsPerTick: 1 };
    default:
      return undefined;
  }
}

class Pcap implements Format {
  readonly headBytes = PCAP_RECORD_HEADER_BYTES;
  readonly #reader: CaptureReader;
  readonly #little: boolean;
  readonly #interface: Interface;

  constructor(reader: CaptureReader, { little, nsPerTick }: PcapFormat, header: DataView) {
    this.#reader = reader;
    this.#little = little;
    const isEthernet = (header.getUint32(20, little) & 0xffff) === LINKTYPE_ETHERNET;
    this.#interface = { isEthernet, nsPerTick, offsetNs: 0 };
  }

  bytes(view: DataView): number {
    return PCAP_RECORD_HEADER_BYTES + view.getUint32(8, this.#little);
  }

  take(view: DataView, record: Uint8Array): void {
    const { nsPerTick } = this.#interface;
    const timeNs = view.getUint32(0, this.#little) * 1e9 + view.getUint32(4, this.#little) * nsPerTick;
    this.#reader.packet(this.#interface, record.subarray(PCAP_RECORD_HEADER_BYTES), timeNs, undefined);
  }
}

class Pcapng implements Format {
  /** Of a section header: type, length, byte order. */
  readonly headBytes = 12;
  readonly #reader: CaptureReader;
  #little = true;
  #interfaces: Interface[] = [];

  constructor(reader: CaptureReader) {
    this.#reader = reader;
  }

  bytes(view: DataView): number | undefined {
    const isSection = view.getUint32(0) === BLOCK.section;
    // The byte order of a section is that of its header.
    if (isSection) this.#little = view.getUint32(8, true) === BYTE_ORDER;
    if (isSection && view.getUint32(8, this.#little) !== BYTE_ORDER) return undefined;
    const blockBytes = view.getUint32(4, this.#little);
    return blockBytes < 12 || blockBytes % 4 !== 0 ? undefined : blockBytes;
  }

  take(view: DataView, block: Uint8Array): void {
    // Behind the body the length stands once more.
    const body = block.subarray(8, block.length - 4);
    switch (view.getUint32(0, this.#little)) {
      case BLOCK.section:
        this.#interfaces = [];
        break;
      case BLOCK.interface:
        if (body.length >= 8) this.#describe(viewOf(body), body);
        break;
      case BLOCK.packet:
        if (body.length >= 20) this.#packet(viewOf(body), body);
        break;
      case BLOCK.simplePacket:
        if (body.length >= 4) {
          const end = 4 + viewOf(body).getUint32(0, this.#little);
          this.#reader.packet(this.#interfaces[0], body.subarray(4, end), 0, undefined);
        }
        break;
      default:
        // Statistics, names, what others invented: nothing of ours.
        break;
    }
  }

  #describe(view: DataView, body: Uint8Array): void {
    const options = this.#optionsOf(body, 8);
    const resolution = options.get(OPTION.timeResolution)?.[0] ?? MICROSECOND_DIGITS;
    const ticksPerSecond = resolution & 0x80 ? 2 ** (resolution & 0x7f) : 10 ** resolution;
    const offset = options.get(OPTION.timeOffset);
    this.#interfaces.push({
      isEthernet: view.getUint16(0, this.#little) === LINKTYPE_ETHERNET,
      nsPerTick: 1e9 / ticksPerSecond,
      offsetNs: offset?.length === 8 ? Number(viewOf(offset).getBigInt64(0, this.#little)) * 1e9 : 0,
    });
  }

  #packet(view: DataView, body: Uint8Array): void {
    const from = this.#interfaces[view.getUint32(0, this.#little)];
    const ticks = view.getUint32(4, this.#little) * UINT32 + view.getUint32(8, this.#little);
    const end = 20 + view.getUint32(12, this.#little);
    const comment = this.#optionsOf(body, padded(end)).get(OPTION.comment);
    const timeNs = Math.round(ticks * (from?.nsPerTick ?? 1)) + (from?.offsetNs ?? 0);
    this.#reader.packet(from, body.subarray(20, end), timeNs, comment && utf8.decode(comment));
  }

  #optionsOf(body: Uint8Array, from: number): Map<number, Uint8Array> {
    const options = new Map<number, Uint8Array>();
    const view = viewOf(body);
    for (let at = from; at + 4 <= body.length;) {
      const code = view.getUint16(at, this.#little);
      const valueBytes = view.getUint16(at + 2, this.#little);
      if (code === OPTION.end) break;
      options.set(code, body.subarray(at + 4, at + 4 + valueBytes));
      at += 4 + padded(valueBytes);
    }
    return options;
  }
}

/** What of a capture could be read. */
export interface Capture {
  frames: CapturedFrame[];
  otherPackets: number;
  fault: string;
}

/** Reads a capture that is in memory. */
export function readCapture(bytes: Uint8Array): Capture {
  const frames: CapturedFrame[] = [];
  const reader = new CaptureReader((frame) => frames.push(frame));
  reader.add(bytes);
  reader.end();
  return { frames, otherPackets: reader.otherPackets, fault: reader.fault };
}
