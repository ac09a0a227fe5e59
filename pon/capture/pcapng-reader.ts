/** pcapng of any program, block by block: byte orders, ticks and offsets of its interfaces. Any bytes are survived. */
import { type CaptureFormat, type CaptureInterface, NS_PER_SECOND, type PacketSink, viewOf } from "./format.ts";
import { BLOCK, BYTE_ORDER, OPTION, padded } from "./pcapng.ts";

const MICROSECOND_DIGITS = 6;
const PACKET_HEADER_BYTES = 20;
const utf8 = new TextDecoder();

interface TimedInterface extends CaptureInterface {
  ticksPerSecond: bigint;
  offsetNs: bigint;
}

export class Pcapng implements CaptureFormat {
  /** Of a section header: type, length, byte order. */
  readonly headBytes = 12;
  readonly #sink: PacketSink;
  #little = true;
  #interfaces: TimedInterface[] = [];

  constructor(sink: PacketSink) {
    this.#sink = sink;
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
        if (body.length >= PACKET_HEADER_BYTES)
          this.#packet(viewOf(body), body, viewOf(body).getUint32(0, this.#little));
        break;
      case BLOCK.oldPacket:
        if (body.length >= PACKET_HEADER_BYTES)
          this.#packet(viewOf(body), body, viewOf(body).getUint16(0, this.#little));
        break;
      case BLOCK.simplePacket:
        if (body.length >= 4) this.#simplePacket(viewOf(body).getUint32(0, this.#little), body);
        break;
      default:
        // Statistics, names, what others invented: nothing of ours.
        break;
    }
  }

  #describe(view: DataView, body: Uint8Array): void {
    const options = this.#optionsOf(body, 8);
    const resolution = options.get(OPTION.timeResolution)?.[0] ?? MICROSECOND_DIGITS;
    const ticksPerSecond = resolution & 0x80 ? 2n ** BigInt(resolution & 0x7f) : 10n ** BigInt(resolution);
    const offset = options.get(OPTION.timeOffset);
    const offsetNs = offset?.length === 8 ? viewOf(offset).getBigInt64(0, this.#little) * NS_PER_SECOND : 0n;
    this.#interfaces.push({ linkType: view.getUint16(0, this.#little), ticksPerSecond, offsetNs });
  }

  #packet(view: DataView, body: Uint8Array, interfaceNumber: number): void {
    const from: TimedInterface | undefined = this.#interfaces[interfaceNumber];
    const ticks = (BigInt(view.getUint32(4, this.#little)) << 32n) | BigInt(view.getUint32(8, this.#little));
    const bytes = view.getUint32(12, this.#little);
    const end = Math.min(PACKET_HEADER_BYTES + bytes, body.length);
    const comment = this.#optionsOf(body, padded(end)).get(OPTION.comment);
    this.#sink({
      from,
      packet: body.subarray(PACKET_HEADER_BYTES, end),
      timeNs: from === undefined ? ticks : (ticks * NS_PER_SECOND) / from.ticksPerSecond + from.offsetNs,
      comment: comment && utf8.decode(comment),
      isCut: view.getUint32(16, this.#little) > bytes,
    });
  }

  #simplePacket(bytes: number, body: Uint8Array): void {
    const packet = body.subarray(4, Math.min(4 + bytes, body.length));
    this.#sink({ from: this.#interfaces[0], packet, timeNs: 0n, isCut: packet.length < bytes });
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
