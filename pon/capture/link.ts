/**
 * The one place where OMCI frames are found in the bytes of a link, from captures and from hexdumps alike: Ethernet with VLAN
 * tags, cooked links, IP and UDP, tunnels of mirrored ports, link types that carry OMCI bare.
 */
import { AddressBook, ipv4Text, ipv6Text, macText } from "./addresses.ts";
import { bareFrame, beginsAsOmci, directionOf, surelyBegins } from "./bare.ts";
import type { LinkFrame } from "./link-frame.ts";
import { framesOfDatagram } from "./datagram.ts";
import { ETHERNET_HEADER_BYTES, isOurAddress, OMCI_ETHERTYPE, ownIdentity } from "./ethernet.ts";
import { withoutCheckSequence } from "./check-sequence.ts";

/** Link types as pcap files number them (tcpdump.org/linktypes.html), as far as they are read. */
const LINK = { null: 0, ethernet: 1, loop: 108, cooked: 113, cooked2: 276 } as const;
const RAW_IP: readonly number[] = [12, 14, 101, 228, 229];
/** What a link type is called, for who is told that it is not read. */
const LINK_NAMES: Readonly<Record<number, string>> = {
  0: "BSD loopback",
  1: "Ethernet",
  9: "PPP",
  101: "raw IP",
  105: "IEEE 802.11",
  113: "Linux cooked",
  127: "IEEE 802.11 with radiotap",
  189: "USB",
  195: "IEEE 802.15.4",
  220: "USB",
  249: "USBPcap",
  251: "Bluetooth LE",
  276: "Linux cooked 2",
};
export const linkName = (type: number): string =>
  `link type ${type}${LINK_NAMES[type] ? ` (${LINK_NAMES[type]})` : ""}`;

const TYPE = { ipv4: 0x0800, ipv6: 0x86dd, bridged: 0x6558, erspan: 0x88be } as const;
const VLAN_TYPES: ReadonlySet<number> = new Set([0x8100, 0x88a8, 0x9100, 0x9200]);
const VLAN_TAG_BYTES = 4;
/** A frame that is shorter is filled up with zeros on a real network (IEEE 802.3). */
const ETHERNET_BYTES_MIN = 60;
const PROTOCOL = { udp: 17, gre: 47 } as const;
const VXLAN_PORT = 4789;
const TUNNELS_MAX = 3;
/** Vendors put a few bytes between the Ethernet type and the frame. */
const PRIVATE_HEADER_BYTES_MAX = 16;
const COOKED_BYTES = 16;
const COOKED2_BYTES = 20;
/** To us, to all, to a group, to others, from us. */
const COOKED_GOING_MAX = 4;
/** Kinds of packets without OMCI that are named. */
const REASONS_MAX = 12;

const u16 = (bytes: Uint8Array, at: number): number => (bytes[at] << 8) | bytes[at + 1];
const hex4 = (value: number): string => `0x${value.toString(16).padStart(4, "0")}`;

/** Keeps what addresses tell, and what was passed over. */
export class LinkReader {
  /** Packets that hold no OMCI frame, by what they are. */
  readonly passedOver = new Map<string, number>();
  /** Bytes from a hexdump may be anything: only what is a frame is taken for one. */
  #isStrict = false;
  readonly #macs = new AddressBook();
  readonly #hosts = new AddressBook();

  /** Whether addresses that were given as names stay names: undefined until both directions were seen. */
  get areNamesRight(): boolean | undefined {
    if (this.#macs.isUseless || this.#hosts.isUseless) return false;
    return this.#macs.isSettled || this.#hosts.isSettled ? true : undefined;
  }

  /** @param linkType of pcap; undefined: bytes from a hexdump, which begin anywhere */
  read(packet: Uint8Array, linkType: number | undefined): LinkFrame[] {
    this.#isStrict = linkType === undefined;
    const found = linkType === undefined ? this.#guess(packet) : this.#link(packet, linkType);
    if (typeof found !== "string") return found;
    const count = this.passedOver.get(found) ?? 0;
    if (count > 0 || this.passedOver.size < REASONS_MAX) this.passedOver.set(found, count + 1);
    return [];
  }

  #link(packet: Uint8Array, linkType: number): LinkFrame[] | string {
    if (linkType === LINK.ethernet) return this.#ethernet(packet, 0);
    if (RAW_IP.includes(linkType)) return this.#ip(packet, 0);
    if (linkType === LINK.null || linkType === LINK.loop) return this.#ip(packet, 0);
    if (linkType === LINK.cooked && packet.length >= COOKED_BYTES)
      return this.#payload(packet.subarray(COOKED_BYTES), u16(packet, COOKED_BYTES - 2), 0);
    if (linkType === LINK.cooked2 && packet.length >= COOKED2_BYTES)
      return this.#payload(packet.subarray(COOKED2_BYTES), u16(packet, 0), 0);
    // User link types and whatever a vendor chose: bare OMCI shows by itself.
    const bare = bareFrame(packet);
    return bare === undefined ? linkName(linkType) : [{ frame: bare }];
  }

  #guess(packet: Uint8Array): LinkFrame[] | string {
    const bare = bareFrame(packet);
    if (bare !== undefined) return [{ frame: bare }];
    const cooked = cookedType(packet);
    if (cooked !== undefined) return this.#link(packet, cooked);
    if (isWholeIp(packet)) return this.#ip(packet, 0);
    const inEthernet = this.#ethernet(packet, 0);
    if (typeof inEthernet !== "string") return inEthernet;
    const version = packet[0] >> 4;
    if (version === 4 || version === 6) return this.#ip(packet, 0);
    return "bytes";
  }

  #ethernet(packet: Uint8Array, depth: number): LinkFrame[] | string {
    if (packet.length < ETHERNET_HEADER_BYTES) return "bytes that are no Ethernet frame";
    const bytes = withoutCheckSequence(packet);
    const isOurs = isOurAddress(bytes, 0) && isOurAddress(bytes, 6);
    // What we wrote ourselves is as it was, however strange; only a network fills it up.
    if (isOurs && u16(bytes, 12) === OMCI_ETHERTYPE && bytes.length !== ETHERNET_BYTES_MIN)
      return [{ ...ownIdentity(bytes), frame: bytes.subarray(ETHERNET_HEADER_BYTES) }];
    const found = this.#payload(bytes.subarray(ETHERNET_HEADER_BYTES), u16(bytes, 12), depth);
    if (typeof found === "string") return found;
    if (isOurs) return found.map((one) => ({ ...one, ...ownIdentity(bytes) }));
    return found.map((one) => this.#owned(one, this.#macs, macText(bytes, 6), macText(bytes, 0)));
  }

  #owned(found: LinkFrame, book: AddressBook, source: string, destination: string): LinkFrame {
    if (found.onuId !== undefined) return found;
    const onuId = book.onuOf(found.direction ?? directionOf(found.frame), source, destination);
    return onuId === undefined ? found : { ...found, onuId };
  }

  /** What stands behind an Ethernet type. */
  #payload(payload: Uint8Array, type: number, depth: number): LinkFrame[] | string {
    if (VLAN_TYPES.has(type))
      return payload.length < VLAN_TAG_BYTES
        ? "a VLAN tag and nothing behind it"
        : this.#payload(payload.subarray(VLAN_TAG_BYTES), u16(payload, 2), depth);
    if (type === OMCI_ETHERTYPE) {
      const bare = bareFrame(payload);
      return bare === undefined && this.#isStrict ? "bytes" : [{ frame: bare ?? payload }];
    }
    if (type === TYPE.ipv4 || type === TYPE.ipv6) return this.#ip(payload, depth);
    // Other types that vendors use: the frame shows by itself, perhaps behind a few bytes of theirs.
    return privateFrame(payload) ?? `Ethernet type ${hex4(type)}`;
  }

  #ip(packet: Uint8Array, depth: number): LinkFrame[] | string {
    const at = ipStart(packet);
    if (at === undefined) return "neither IPv4 nor IPv6";
    const isV4 = packet[at] >> 4 === 4;
    const headerBytes = isV4 ? (packet[at] & 15) * 4 : 40;
    if (packet.length < at + headerBytes + 8) return "IP, cut off";
    const protocol = packet[at + (isV4 ? 9 : 6)];
    if (isV4 && (u16(packet, at + 6) & 0x1fff) !== 0) return "a fragment of an IP packet";
    const body = packet.subarray(at + headerBytes);
    if (protocol === PROTOCOL.gre) return this.#gre(body, depth);
    if (protocol !== PROTOCOL.udp) return `IP protocol ${protocol}${protocol === 6 ? " (TCP)" : ""}`;
    const [from, to] = [u16(body, 0), u16(body, 2)];
    const payload = body.subarray(8, Math.max(8, Math.min(body.length, u16(body, 4))));
    if (to === VXLAN_PORT && depth < TUNNELS_MAX) return this.#ethernet(payload.subarray(8), depth + 1);
    const frames = framesOfDatagram(payload);
    if (frames.length === 0) return `UDP to port ${to}`;
    const text = isV4 ? ipv4Text : ipv6Text;
    const [source, destination] = isV4 ? [at + 12, at + 16] : [at + 8, at + 24];
    const [sender, receiver] = [`${text(packet, source)}:${from}`, `${text(packet, destination)}:${to}`];
    return frames.map((frame) => this.#owned(frame, this.#hosts, sender, receiver));
  }

  /** Mirrored ports: Ethernet in GRE, and what ERSPAN puts between. */
  #gre(body: Uint8Array, depth: number): LinkFrame[] | string {
    const type = u16(body, 2);
    const headerBytes = 4 + (body[0] & 0x80 ? 4 : 0) + (body[0] & 0x20 ? 4 : 0) + (body[0] & 0x10 ? 4 : 0);
    const behind = type === TYPE.bridged ? 0 : type === TYPE.erspan ? (body[0] & 0x10 ? 8 : 0) : -1;
    if (behind < 0 || depth >= TUNNELS_MAX) return `GRE of type ${hex4(type)}`;
    return this.#ethernet(body.subarray(headerBytes + behind), depth + 1);
  }
}

/** A cooked link of Ethernet shows by the kind of its address (ARPHRD_ETHER, six bytes) and where the packet went. */
function cookedType(packet: Uint8Array): number | undefined {
  if (u16(packet, 0) <= COOKED_GOING_MAX && u16(packet, 2) === 1 && u16(packet, 4) === 6) return LINK.cooked;
  const isSecond = u16(packet, 2) === 0 && u16(packet, 8) === 1 && packet[10] <= COOKED_GOING_MAX && packet[11] === 6;
  return isSecond && packet.length > COOKED2_BYTES ? LINK.cooked2 : undefined;
}

/** BSD loopback links have four bytes in front, of either byte order. */
function ipStart(packet: Uint8Array): number | undefined {
  for (const at of [0, 4]) {
    const version = packet[at] >> 4;
    if (packet.length >= at + 20 && ((version === 4 && (packet[at] & 15) >= 5) || version === 6)) return at;
  }
  return undefined;
}

/** Its length tells an IP header from an address of Ethernet. */
const isWholeIp = (packet: Uint8Array): boolean =>
  (packet[0] >> 4 === 4 && u16(packet, 2) === packet.length) ||
  (packet[0] >> 4 === 6 && u16(packet, 4) + 40 === packet.length);

function privateFrame(payload: Uint8Array): LinkFrame[] | undefined {
  const bare = bareFrame(payload);
  if (bare !== undefined) return [{ frame: bare }];
  for (let at = 1; at <= PRIVATE_HEADER_BYTES_MAX; at++) {
    if (!beginsAsOmci(payload, at) || !surelyBegins(payload, at)) continue;
    const frame = bareFrame(payload.subarray(at));
    if (frame === undefined) continue;
    const name = Buffer.from(payload.subarray(0, at))
      .toString("latin1")
      .replaceAll(/[^ -~]/g, "")
      .trim();
    return [{ frame, ...(name.length > 1 && { onuId: name }) }];
  }
  return undefined;
}
