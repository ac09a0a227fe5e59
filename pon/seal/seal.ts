/**
 * The stand-in for the fibre's privacy: datagrams with a head that says whose they are, and a tag that only holders of the PON's
 * key can make. docs/extension.md has the octets.
 */
import {
  DatagramMac,
  frameKernel,
  MAC_HEAD_BYTES,
  MAC_KEY_BYTES,
  MAC_TAG_BYTES,
  NH_PADDING_MAX,
} from "../../base/kernel/index.ts";

/** First bytes of a sealed datagram. */
const MARK = Uint8Array.from(Buffer.from("PONS", "latin1"));
const KIND_AT = 4;
const FLOW_AT = 6;
const COUNT_AT = 10;
const TAG_AT = 16;
/** In front of what a sealed datagram carries. */
export const SEAL_BYTES = TAG_AT + MAC_TAG_BYTES;
export const PON_KEY_BYTES = MAC_KEY_BYTES;
const TWO_32 = 0x1_0000_0000;

/** What a datagram carries and which way it goes: none is taken for another. */
export const SEAL_KIND = { up: 1, broadcast: 2, unicast: 3, ranging: 4 } as const;
export type SealKind = (typeof SEAL_KIND)[keyof typeof SEAL_KIND];

/** A datagram that cannot have been made with this key: why. */
export type SealFault = "not-sealed" | "bad-seal";

/** Seals and opens datagrams with the PON's key. Which flow and which number may come is the ends' matter. */
export class LinkSeal {
  /** Of the datagram that was opened last. */
  kind = 0;
  flow = 0;
  count = 0;
  /** The kernel has that datagram as a burst: it need not be copied there once more. */
  isLoaded = false;
  readonly #kernel = frameKernel();
  readonly #mac: DatagramMac;
  readonly #head = new Uint8Array(MAC_HEAD_BYTES);

  /** @param ponKey 16 bytes */
  constructor(ponKey: Uint8Array) {
    this.#mac = new DatagramMac(ponKey);
  }

  /**
   * Fills in the head of a datagram whose content is behind its first SEAL_BYTES.
   *
   * @param flow 32 bits @param count 48 bits, never twice in a flow
   */
  seal(datagram: Uint8Array, lengthBytes: number, kind: SealKind, flow: number, count: number): void {
    datagram.set(MARK);
    datagram[KIND_AT] = kind;
    datagram[KIND_AT + 1] = 0;
    putUint32(datagram, FLOW_AT, flow);
    putUint16(datagram, COUNT_AT, Math.floor(count / TWO_32));
    putUint32(datagram, COUNT_AT + 2, count % TWO_32);
    const tag = this.#tag(datagram, lengthBytes, false);
    for (let at = 0; at < MAC_TAG_BYTES; at++) datagram[TAG_AT + at] = tag[at];
  }

  /** Looks at the tag; what the head says is in the fields then. */
  open(datagram: Uint8Array): SealFault | undefined {
    this.isLoaded = false;
    if (datagram.length < SEAL_BYTES || !isMarked(datagram)) return "not-sealed";
    const kernel = this.#kernel;
    if (kernel !== null && datagram.length <= kernel.burstBytesMax - NH_PADDING_MAX) {
      kernel.memory.set(datagram, kernel.burstAt);
      this.isLoaded = true;
    }
    const tag = this.#tag(datagram, datagram.length, this.isLoaded);
    let difference = 0;
    for (let at = 0; at < MAC_TAG_BYTES; at++) difference |= tag[at] ^ datagram[TAG_AT + at];
    if (difference !== 0) return "bad-seal";
    this.kind = datagram[KIND_AT];
    this.flow = uint32At(datagram, FLOW_AT);
    this.count = uint16At(datagram, COUNT_AT) * TWO_32 + uint32At(datagram, COUNT_AT + 2);
    return undefined;
  }

  /** Kind, flow and number are in the MAC's head, and the length, which NH does not see. */
  #tag(datagram: Uint8Array, lengthBytes: number, isLoaded: boolean): Uint8Array {
    const head = this.#head;
    for (let at = KIND_AT; at < TAG_AT; at++) head[at - KIND_AT] = datagram[at];
    putUint32(head, TAG_AT - KIND_AT, lengthBytes);
    return this.#mac.tag(head, datagram, SEAL_BYTES, lengthBytes, isLoaded);
  }
}

function isMarked(datagram: Uint8Array): boolean {
  for (let at = 0; at < MARK.length; at++) if (datagram[at] !== MARK[at]) return false;
  return true;
}

function putUint16(out: Uint8Array, at: number, value: number): void {
  out[at] = value >>> 8;
  out[at + 1] = value;
}

function putUint32(out: Uint8Array, at: number, value: number): void {
  putUint16(out, at, value >>> 16);
  putUint16(out, at + 2, value);
}

const uint16At = (bytes: Uint8Array, at: number): number => (bytes[at] << 8) | bytes[at + 1];

const uint32At = (bytes: Uint8Array, at: number): number => uint16At(bytes, at) * 0x1_0000 + uint16At(bytes, at + 2);
