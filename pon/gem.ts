/**
 * GEM framing (G.984.3 8.3): a header of five bytes in front of each frame: payload length (12 bits), Port-ID (12),
 * payload type (3), header error control (13: twelve bits of a BCH code, one of parity). The header travels XORed with
 * a fixed pattern, so that idle frames do not line up.
 */

export const GEM_HEADER_BYTES = 5;
/** Port-ID of frames for all ONTs. */
export const BROADCAST_PORT = 4095;
/** Longest payload that the length field can say. */
export const GEM_PAYLOAD_BYTES_MAX = 4095;
/** First OMCC Port-ID: each ONT's own is this plus its ONU-ID. */
const OMCC_PORT_FIRST = 0;

/** Port-ID of an ONT's own OMCC. */
export const omccPort = (onuId: number): number => OMCC_PORT_FIRST + onuId;

/** PTI of a frame that ends its user data unit. */
const PTI_END = 1;

/** x^12 + x^10 + x^8 + x^5 + x^4 + x^3 + 1. */
const GENERATOR = 0x1539;
const PATTERN = [0xb6, 0xab, 0x31, 0xe0, 0x55];

/** Remainders of the three thirds of the 27 bits before the HEC. */
const remainders = [18, 9, 0].map((shift) =>
  Uint16Array.from({ length: 512 }, (_, bits) => remainder(bits, shift + 12)),
);

function remainder(bits: number, shift: number): number {
  let value = BigInt(bits) << BigInt(shift);
  for (let bit = 38; bit >= 12; bit--) {
    if (value & (1n << BigInt(bit))) value ^= BigInt(GENERATOR) << BigInt(bit - 12);
  }
  return Number(value);
}

/** HEC of the 27 bits: BCH remainder, then a bit that makes the number of ones in the header even. */
function hecOf(bits: number): number {
  const bch =
    remainders[0][bits >>> 18] ^ remainders[1][(bits >>> 9) & 511] ^ remainders[2][bits & 511];
  return (bch << 1) | parity(bits ^ bch);
}

function parity(bits: number): number {
  let folded = bits ^ (bits >>> 16);
  folded ^= folded >>> 8;
  folded ^= folded >>> 4;
  folded ^= folded >>> 2;
  return (folded ^ (folded >>> 1)) & 1;
}

/** Writes a header of five bytes at `at`. */
export function encodeGemHeader(
  out: Uint8Array,
  at: number,
  portId: number,
  payloadBytes: number,
): void {
  const bits = (payloadBytes << 15) | (portId << 3) | PTI_END;
  const hec = hecOf(bits);
  out[at] = (bits >>> 19) ^ PATTERN[0];
  out[at + 1] = (bits >>> 11) ^ PATTERN[1];
  out[at + 2] = (bits >>> 3) ^ PATTERN[2];
  out[at + 3] = ((bits << 5) | (hec >>> 8)) ^ PATTERN[3];
  out[at + 4] = hec ^ PATTERN[4];
}

/** Walks the GEM frames of a burst; takes any bytes. Allocates nothing, meant to be reused. */
export class GemReader {
  portId = 0;
  payloadStart = 0;
  payloadEnd = 0;
  /** Why the walk ended early, or undefined at the burst's end. */
  error: "bad-hec" | "cut-off" | undefined;
  #bytes: Uint8Array = new Uint8Array(0);
  #at = 0;
  #end = 0;

  begin(bytes: Uint8Array, start = 0, end = bytes.length): void {
    this.#bytes = bytes;
    this.#at = start;
    this.#end = end;
    this.error = undefined;
  }

  /** @returns false at the end; the rest of a burst behind a broken header cannot be found again and is dropped. */
  next(): boolean {
    const at = this.#at;
    if (at >= this.#end) return false;
    if (at + GEM_HEADER_BYTES > this.#end) return this.#fail("cut-off");
    const bytes = this.#bytes;
    const fourth = bytes[at + 3] ^ PATTERN[3];
    const bits =
      ((bytes[at] ^ PATTERN[0]) << 19) |
      ((bytes[at + 1] ^ PATTERN[1]) << 11) |
      ((bytes[at + 2] ^ PATTERN[2]) << 3) |
      (fourth >>> 5);
    const hec = ((fourth & 0x1f) << 8) | (bytes[at + 4] ^ PATTERN[4]);
    if (hecOf(bits) !== hec) return this.#fail("bad-hec");
    this.portId = (bits >>> 3) & 0xfff;
    this.payloadStart = at + GEM_HEADER_BYTES;
    this.payloadEnd = this.payloadStart + (bits >>> 15);
    if (this.payloadEnd > this.#end) return this.#fail("cut-off");
    this.#at = this.payloadEnd;
    return true;
  }

  #fail(error: "bad-hec" | "cut-off"): boolean {
    this.error = error;
    this.#at = this.#end;
    return false;
  }
}
