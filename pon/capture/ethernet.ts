/** An OMCI frame as an Ethernet frame in a capture: port, ONU-ID and direction are in the addresses. */
import { AK, isNotification, MESSAGE_TYPE_BITS } from "../../omci/index.ts";

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

/** IEEE 802: for experiments on local networks. */
export const OMCI_ETHERTYPE = 0x88b5;
export const ETHERNET_HEADER_BYTES = 14;
/** A frame that is shorter is filled up with zeros on a real network (IEEE 802.3). */
const ETHERNET_BYTES_MIN = 60;
const VLAN_TAG_BYTES = 4;
const VLAN_ETHERTYPES: readonly number[] = [0x8100, 0x88a8];

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

const isOurs = (packet: Uint8Array, at: number): boolean =>
  (packet[at] & 0xfe) === ADDRESS_START[0] &&
  packet[at + 1] === ADDRESS_START[1] &&
  packet[at + 2] === ADDRESS_START[2];

/**
 * The OMCI frame in an Ethernet frame, VLAN tags passed over.
 *
 * @returns undefined for a frame of another type
 */
export function readEthernet(packet: Uint8Array): Omit<CapturedFrame, "timeNs"> | undefined {
  const start = payloadStart(packet);
  if (start === undefined) return undefined;
  const frame = withoutPadding(packet, start);
  if (!isOurs(packet, 0) || !isOurs(packet, 6)) return { direction: directionOf(frame), frame };
  const isDown = packet[10] === OLT;
  const ont = isDown ? 0 : 6;
  const pon = packet[ont + 3];
  const onuId = (packet[ont] & 1) === 1 ? -1 : packet[ont + 5];
  return { direction: isDown ? "down" : "up", onuId, ...(pon > 0 && { pon }), frame };
}

function payloadStart(packet: Uint8Array): number | undefined {
  for (let at = ETHERNET_HEADER_BYTES; at <= packet.length; at += VLAN_TAG_BYTES) {
    const type = (packet[at - 2] << 8) | packet[at - 1];
    if (type === OMCI_ETHERTYPE) return at;
    if (!VLAN_ETHERTYPES.includes(type)) return undefined;
  }
  return undefined;
}

/** Only an extended frame can be so short that a network fills it up; its length tells where it ends. */
function withoutPadding(packet: Uint8Array, start: number): Uint8Array {
  const frame = packet.subarray(start);
  if (packet.length !== ETHERNET_BYTES_MIN || frame[3] !== 0x0b) return frame;
  return frame.subarray(0, 10 + ((frame[8] << 8) | frame[9]) + 4);
}

/** Which way a frame goes, where only the frame itself can tell. */
export const directionOf = (frame: Uint8Array): "down" | "up" =>
  (frame[2] & AK) !== 0 || isNotification(frame[2] & MESSAGE_TYPE_BITS) ? "up" : "down";
