/** An OMCI frame as an Ethernet frame in a capture: port, ONU-ID and direction are in the addresses. */
/** One OMCI frame as a capture holds it. */
export interface CapturedFrame {
  /** Integer nanoseconds, of the run's clock or since 1970; beyond 2^53 (dates) they are good to 256 ns. */
  timeNs: number;
  direction: "down" | "up";
  /** -1 = broadcast. A capture that is not of our making does not tell: undefined. */
  onuId?: number | undefined;
  /** Number of the PON port; 0 when left out. */
  pon?: number;
  /** With its trailer, when it has one. */
  frame: Uint8Array;
  comment?: string;
}

/** One OMCI frame as a reader found it: times of dates are beyond what a double holds, and not every ONU has a number. */
export interface ReadFrame extends Omit<CapturedFrame, "onuId" | "pon"> {
  /** The same as `timeNs`, where that is rounded. */
  exactNs?: bigint;
  /** -1 = broadcast; an address or a name where there is no number. */
  onuId?: number | string | undefined;
  /** A name where the port has no number. */
  pon?: number | string;
}

/** IEEE 802: for experiments on local networks. */
export const OMCI_ETHERTYPE = 0x88b5;
export const ETHERNET_HEADER_BYTES = 14;

/**
 * Locally administered addresses, 02:50:4f, then port, kind and number: the OLT is 00:00, ONT n is 01:nn. Broadcast is a
 * group address, 03:50:4f and 01:ff behind the port.
 */
const ADDRESS_START = [0x02, 0x50, 0x4f] as const;
const OLT = 0;
const ONT = 1;

function putAddress(out: Uint8Array, at: number, pon: number, kind: number, number: number): void {
  out.set(ADDRESS_START, at);
  out[at + 3] = pon;
  out[at + 4] = kind;
  out[at + 5] = number;
  if (number < 0) out[at] |= 1;
}

/** Writes the 14 bytes in front of an OMCI frame: direction, port and ONU-ID are in the addresses. */
export function putEthernetHeader(
  out: Uint8Array,
  at: number,
  { direction, onuId = -1, pon = 0 }: CapturedFrame,
): void {
  putAddress(out, direction === "down" ? at : at + 6, pon, ONT, onuId);
  putAddress(out, direction === "down" ? at + 6 : at, pon, OLT, 0);
  out[at + 12] = OMCI_ETHERTYPE >> 8;
  out[at + 13] = OMCI_ETHERTYPE & 0xff;
}

export const isOurAddress = (packet: Uint8Array, at: number): boolean =>
  (packet[at] & 0xfe) === ADDRESS_START[0] &&
  packet[at + 1] === ADDRESS_START[1] &&
  packet[at + 2] === ADDRESS_START[2];

/** What addresses of ours say of a frame. */
export function ownIdentity(packet: Uint8Array): { direction: "down" | "up"; onuId: number; pon?: number } {
  const isDown = packet[10] === OLT;
  const ont = isDown ? 0 : 6;
  const pon = packet[ont + 3];
  const onuId = (packet[ont] & 1) === 1 ? -1 : packet[ont + 5];
  return { direction: isDown ? "down" : "up", onuId, ...(pon > 0 && { pon }) };
}
