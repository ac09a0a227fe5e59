/** The check sequence that some captures keep behind an Ethernet frame. */
import { crc32 } from "node:zlib";

const CHECK_BYTES = 4;
/** Ethernet header and a frame of the fewest bytes. */
const LEAST_BYTES = 18;

/** @returns the frame without the CRC-32 of Ethernet (IEEE 802.3 3.2.9), where it is there and right */
export function withoutCheckSequence(packet: Uint8Array): Uint8Array {
  const end = packet.length - CHECK_BYTES;
  if (end < LEAST_BYTES) return packet;
  const last = (packet[end] | (packet[end + 1] << 8) | (packet[end + 2] << 16) | (packet[end + 3] << 24)) >>> 0;
  return last !== 0 && crc32(packet.subarray(0, end)) === last ? packet.subarray(0, end) : packet;
}
