/** What corruption does to the bytes of a frame, for sockets and for the virtual line alike. */
import type { Trailer } from "../omci/index.ts";
import type { Link } from "./impairments/link.ts";

/** Flips the link's number of bits, all different, among the bytes `start`…`end - 1`. */
export function flipBits(bytes: Uint8Array, start: number, end: number, link: Link): void {
  const bits = (end - start) * 8;
  const flipped = new Set<number>();
  while (flipped.size < Math.min(link.bitFlips, bits)) flipped.add(link.bits.nextBelow(bits));
  for (const bit of flipped) bytes[start + (bit >> 3)] ^= 0x80 >> (bit & 7);
}

/** Seals a frame and then spoils it, as a link does that corrupts it on the way. */
export const spoilingTrailer = (trailer: Trailer, link: Link): Trailer => ({
  kind: trailer.kind,
  bytes: trailer.bytes,
  check: (bytes, start, end) => trailer.check(bytes, start, end),
  seal: (buffer, start, end) => {
    trailer.seal(buffer, start, end);
    flipBits(buffer, start, end + trailer.bytes, link);
  },
});
