/** The check sequence that some captures keep behind an Ethernet frame. */
import { crc32 } from "node:zlib";

const CHECK_BYTES = 4;
/** Ethernet header and a frame of the fewest bytes. */
const LEAST_BYTES = 18;

/** Native code is not worth its call for fewer. */
const NATIVE_BYTES_MIN = 256;
const REMAINDERS = Uint32Array.from({ length: 256 }, (_, byte) => {
  let remainder = byte;
  for (let bit = 0; bit < 8; bit++) remainder = (remainder >>> 1) ^ ((remainder & 1) * 0xedb8_8320);
  return remainder;
});

function checkOf(packet: Uint8Array, end: number): number {
  if (end >= NATIVE_BYTES_MIN) return crc32(packet.subarray(0, end));
  let check = -1;
  for (let at = 0; at < end; at++) check = (check >>> 8) ^ REMAINDERS[(check ^ packet[at]) & 0xff];
  return ~check >>> 0;
}

/** @returns the frame without the CRC-32 of Ethernet (IEEE 802.3 3.2.9), where it is there and right */
export function withoutCheckSequence(packet: Uint8Array): Uint8Array {
  const end = packet.length - CHECK_BYTES;
  if (end < LEAST_BYTES) return packet;
  const last = (packet[end] | (packet[end + 1] << 8) | (packet[end + 2] << 16) | (packet[end + 3] << 24)) >>> 0;
  return last !== 0 && checkOf(packet, end) === last ? packet.subarray(0, end) : packet;
}
