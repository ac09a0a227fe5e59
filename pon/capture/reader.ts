import { type CapturedFrame, LINKTYPE_ETHERNET, readEthernet } from "./pcapng.ts";

/** What of a capture file could be read. */
export interface Capture {
  frames: CapturedFrame[];
  /** Packets that hold no OMCI frame. */
  otherPackets: number;
  /** Why reading ended before the end of the file, else empty. */
  fault: string;
}

const SECTION = 0x0a0d0d0a;
const INTERFACE = 1;
const SIMPLE_PACKET = 3;
const PACKET = 6;
const COMMENT = 1;
const TIME_RESOLUTION = 9;
const UINT32 = 2 ** 32;
const utf8 = new TextDecoder();
const padded = (bytes: number): number => (bytes + 3) & ~3;

export function looksLikeCapture(bytes: Uint8Array): boolean {
  if (bytes.length < 24) return false;
  const magic = new DataView(bytes.buffer, bytes.byteOffset).getUint32(0);
  return magic === SECTION || pcapFormat(magic) !== undefined;
}

/** Reads pcap and pcapng of either byte order. A file that is cut off gives what is whole in it. */
export function readCapture(bytes: Uint8Array): Capture {
  const capture: Capture = { frames: [], otherPackets: 0, fault: "" };
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  try {
    if (bytes.length >= 4 && view.getUint32(0) === SECTION) readPcapng(bytes, view, capture);
    else readPcap(bytes, view, capture);
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
    capture.fault = "the file is cut off";
  }
  return capture;
}

/** Byte order and ticks of a pcap file, by its first four bytes. */
function pcapFormat(magic: number): { little: boolean; nsPerTick: number } | undefined {
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

function readPcap(bytes: Uint8Array, view: DataView, capture: Capture): void {
  const format = bytes.length >= 24 ? pcapFormat(view.getUint32(0)) : undefined;
  if (format === undefined) {
    capture.fault = "neither pcap nor pcapng";
    return;
  }
  const { little, nsPerTick } = format;
  const isEthernet = (view.getUint32(20, little) & 0xffff) === LINKTYPE_ETHERNET;
  for (let at = 24; at < bytes.length;) {
    const timeNs = view.getUint32(at, little) * 1e9 + view.getUint32(at + 4, little) * nsPerTick;
    const capturedBytes = view.getUint32(at + 8, little);
    at += 16;
    if (at + capturedBytes > bytes.length) throw new RangeError("cut off");
    take(capture, isEthernet, bytes.subarray(at, at + capturedBytes), timeNs, undefined);
    at += capturedBytes;
  }
}

interface Interface {
  isEthernet: boolean;
  nsPerTick: number;
}

function readPcapng(bytes: Uint8Array, view: DataView, capture: Capture): void {
  let little = true;
  let interfaces: Interface[] = [];
  for (let at = 0; at < bytes.length;) {
    if (view.getUint32(at) === SECTION) {
      little = view.getUint32(at + 8, true) === 0x1a2b3c4d;
      interfaces = [];
    }
    const type = view.getUint32(at, little);
    const blockBytes = view.getUint32(at + 4, little);
    if (blockBytes < 12 || blockBytes % 4 !== 0) {
      capture.fault = `a block of ${blockBytes} bytes at byte ${at}`;
      return;
    }
    if (at + blockBytes > bytes.length) throw new RangeError("cut off");
    const end = at + blockBytes - 4;
    if (type === INTERFACE) {
      const resolution = optionsOf(view, at + 16, end, little, bytes).get(TIME_RESOLUTION)?.[0] ?? 6;
      const ticksPerSecond = resolution & 0x80 ? 2 ** (resolution & 0x7f) : 10 ** resolution;
      interfaces.push({
        isEthernet: view.getUint16(at + 8, little) === LINKTYPE_ETHERNET,
        nsPerTick: 1e9 / ticksPerSecond,
      });
    } else if (type === PACKET) {
      const { isEthernet, nsPerTick } = interfaces[view.getUint32(at + 8, little)] ?? {
        isEthernet: false,
        nsPerTick: 1,
      };
      const ticks = view.getUint32(at + 12, little) * UINT32 + view.getUint32(at + 16, little);
      const capturedBytes = view.getUint32(at + 20, little);
      const start = at + 28;
      const comment = optionsOf(view, start + padded(capturedBytes), end, little, bytes).get(COMMENT);
      const text = comment && utf8.decode(comment);
      take(capture, isEthernet, bytes.subarray(start, start + capturedBytes), ticks * nsPerTick, text);
    } else if (type === SIMPLE_PACKET) {
      const packet = bytes.subarray(at + 12, Math.min(end, at + 12 + view.getUint32(at + 8, little)));
      take(capture, interfaces[0]?.isEthernet ?? false, packet, 0, undefined);
    }
    at += blockBytes;
  }
}

function optionsOf(
  view: DataView,
  from: number,
  end: number,
  little: boolean,
  bytes: Uint8Array,
): Map<number, Uint8Array> {
  const options = new Map<number, Uint8Array>();
  for (let at = from; at + 4 <= end;) {
    const code = view.getUint16(at, little);
    const valueBytes = view.getUint16(at + 2, little);
    if (code === 0) break;
    options.set(code, bytes.subarray(at + 4, Math.min(end, at + 4 + valueBytes)));
    at += 4 + padded(valueBytes);
  }
  return options;
}

function take(
  capture: Capture,
  isEthernet: boolean,
  packet: Uint8Array,
  timeNs: number,
  comment: string | undefined,
): void {
  const found = isEthernet ? readEthernet(packet) : undefined;
  if (found === undefined) capture.otherPackets++;
  else capture.frames.push({ timeNs, ...found, ...(comment !== undefined && { comment }) });
}
