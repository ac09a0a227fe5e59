/**
 * GEM framing of G-PON (G.984.3 8.3.1): header of 40 bits, payload behind it.
 *
 *     PLI 12 | Port-ID 12 | PTI 3 | HEC 13      sent XORed with 0xB6AB31E055
 *
 * HEC: the remainder of a BCH(39,12,2) code, then one bit for even parity over all 40. It could correct two bit errors;
 * a datagram arrives whole or not at all, so here it only tells a header from anything else.
 */
export const GEM_HEADER_BYTES = 5;
/** Payload length is 12 bits. OMCI stays below 1,984. */
export const GEM_PAYLOAD_BYTES_MAX = 4095;

/** Port-ID all ONTs listen to: the multicast download's. */
export const BROADCAST_PORT = 4095;
/** Port-ID that carries ranging, our stand-in for PLOAM messages. */
export const RANGING_PORT = 4094;
/** ONU-IDs are 0…253 (G.984.3 5.5.3); 254 is reserved, 255 means all. */
export const ONU_ID_MAX = 253;

/** Port-ID of an ONT's OMCC: equal to its ONU-ID, the common choice. */
export const omccPort = (onuId: number): number => onuId;

/** PTI of user data that ends with this GEM frame; an OMCI frame is never cut into fragments here. */
export const PTI_FRAME_END = 1;

/** x^12 + x^10 + x^8 + x^5 + x^4 + x^3 + 1 */
const BCH_GENERATOR = 0x1539;
const MASK = [0xb6, 0xab, 0x31, 0xe0, 0x55] as const;

/** The HEC is linear, so that of a header is the XOR of those of its three fields. */
const pliHec = hecTable(12, 15);
const portHec = hecTable(12, 3);
const ptiHec = hecTable(3, 0);

/** @param shift bits behind the field within the 27 that are protected. */
function hecTable(bits: number, shift: number): Uint16Array {
  const table = new Uint16Array(1 << bits);
  for (let value = 1; value < table.length; value++) {
    // Lowest bit alone, then the rest from the table.
    const lowest = value & -value;
    table[value] = value === lowest ? hecOf(value * 2 ** shift) : table[lowest] ^ table[value ^ lowest];
  }
  return table;
}

function hecOf(protectedBits: number): number {
  let remainder = 0;
  let ones = 0;
  for (let bit = 26; bit >= 0; bit--) {
    const set = Math.floor(protectedBits / 2 ** bit) & 1;
    ones += set;
    const carry = (remainder >>> 11) ^ set;
    remainder = ((remainder << 1) & 0xfff) ^ (carry ? BCH_GENERATOR & 0xfff : 0);
  }
  for (let bit = 0; bit < 12; bit++) ones += (remainder >>> bit) & 1;
  return (remainder << 1) | (ones & 1);
}

/**
 * Writes a GEM header as it is sent, with the XOR pattern.
 *
 * @param portId 0…4095.
 * @param payloadBytes 0…4095; 0 is an idle frame.
 * @returns 5, the bytes written.
 */
export function encodeGemHeader(
  out: Uint8Array,
  at: number,
  portId: number,
  payloadBytes: number,
  pti: number = PTI_FRAME_END,
): number {
  if (payloadBytes > GEM_PAYLOAD_BYTES_MAX || payloadBytes < 0) {
    throw new RangeError(`GEM payload of ${payloadBytes} bytes; 0 to ${GEM_PAYLOAD_BYTES_MAX} are possible`);
  }
  const hec = pliHec[payloadBytes] ^ portHec[portId] ^ ptiHec[pti];
  out[at] = (payloadBytes >>> 4) ^ MASK[0];
  out[at + 1] = ((payloadBytes << 4) | (portId >>> 8)) ^ MASK[1];
  out[at + 2] = portId ^ MASK[2];
  out[at + 3] = ((pti << 5) | (hec >>> 8)) ^ MASK[3];
  out[at + 4] = hec ^ MASK[4];
  return GEM_HEADER_BYTES;
}

/** Why a burst ended before its last byte. */
export type GemFault = "none" | "bad-hec" | "cut-off";

/**
 * Walks the GEM frames of a burst. Any bytes are survived: behind a header that is wrong there is no telling where the
 * next begins, so the rest of the burst is given up and `fault` says why. Meant to be reused; allocates nothing.
 */
export class GemReader {
  portId = 0;
  pti = 0;
  /** The payload is `buffer[payloadStart … payloadEnd - 1]`. */
  payloadStart = 0;
  payloadEnd = 0;
  fault: GemFault = "none";
  #buffer: Uint8Array = new Uint8Array(0);
  #end = 0;

  /** @param end behind the last byte of the burst. */
  start(buffer: Uint8Array, at = 0, end = buffer.length): void {
    this.#buffer = buffer;
    this.#end = end;
    this.payloadEnd = at;
    this.fault = "none";
  }

  /** Steps to the next frame that has a payload; idle frames are passed over. */
  next(): boolean {
    if (this.fault !== "none") return false;
    const buffer = this.#buffer;
    let at = this.payloadEnd;
    while (at < this.#end) {
      if (at + GEM_HEADER_BYTES > this.#end) return this.#fail("cut-off");
      const b1 = buffer[at + 1] ^ MASK[1];
      const b3 = buffer[at + 3] ^ MASK[3];
      const payloadBytes = ((buffer[at] ^ MASK[0]) << 4) | (b1 >>> 4);
      const portId = ((b1 & 15) << 8) | (buffer[at + 2] ^ MASK[2]);
      const pti = b3 >>> 5;
      const hec = ((b3 & 31) << 8) | (buffer[at + 4] ^ MASK[4]);
      if ((pliHec[payloadBytes] ^ portHec[portId] ^ ptiHec[pti]) !== hec) {
        return this.#fail("bad-hec");
      }
      at += GEM_HEADER_BYTES;
      if (payloadBytes === 0) continue;
      if (at + payloadBytes > this.#end) return this.#fail("cut-off");
      this.portId = portId;
      this.pti = pti;
      this.payloadStart = at;
      this.payloadEnd = at + payloadBytes;
      return true;
    }
    return false;
  }

  /** Passes over bytes of whole frames behind the one at hand. */
  skip(bytes: number): void {
    this.payloadEnd += bytes;
  }

  #fail(fault: GemFault): false {
    this.fault = fault;
    return false;
  }
}
