/** Trailers of OMCI frames: CRC-32 on G-PON, OMCI-MIC on XG(S)-PON, none. */
import { AesCmac, crc32, crc32Holds } from "../base/kernel/index.ts";

export type Direction = "downstream" | "upstream";

/** The last four bytes of a frame: what the link seals a PDU with, and how the far end checks it. */
export interface Trailer {
  readonly kind: "none" | "crc32" | "mic";
  readonly bytes: 0 | 4;
  /** Writes the trailer of the PDU `start`…`end - 1` at `end`. */
  seal(buffer: Uint8Array, start: number, end: number): void;
  /** @param end behind the trailer. */
  check(buffer: Uint8Array, start: number, end: number): boolean;
}

/** How the frames of one ONT end, in each direction. */
export interface TrailerPair {
  readonly downstream: Trailer;
  readonly upstream: Trailer;
}

/** No trailer: hardware adds it elsewhere. */
export const noTrailer: Trailer = {
  kind: "none",
  bytes: 0,
  seal: () => undefined,
  check: () => true,
};

function put32(buffer: Uint8Array, at: number, value: number): void {
  buffer[at] = value >>> 24;
  buffer[at + 1] = value >>> 16;
  buffer[at + 2] = value >>> 8;
  buffer[at + 3] = value;
}

const get32 = (buffer: Uint8Array, at: number): number =>
  ((buffer[at] << 24) | (buffer[at + 1] << 16) | (buffer[at + 2] << 8) | buffer[at + 3]) >>> 0;

/** G-PON: CRC-32 of I.363.5 over the PDU, most significant byte first. */
export const crc32Trailer: Trailer = {
  kind: "crc32",
  bytes: 4,
  seal: (buffer, start, end) => put32(buffer, end, crc32(buffer, start, end)),
  check: crc32Holds,
};

/**
 * XG-PON and later: OMCI-MIC, the first four bytes of AES-CMAC(OMCI_IK, direction ‖ PDU) (G.987.3 clause 15).
 *
 * @param omciIk 16 bytes.
 */
export function micTrailer(omciIk: Uint8Array, direction: Direction): Trailer {
  const cmac = new AesCmac(omciIk);
  const directionByte = direction === "downstream" ? 1 : 2;
  return {
    kind: "mic",
    bytes: 4,
    seal: (buffer, start, end) => put32(buffer, end, cmac.shortMac(directionByte, buffer, start, end)),
    check: (buffer, start, end) => {
      const at = end - 4;
      return at >= start && get32(buffer, at) === cmac.shortMac(directionByte, buffer, start, at);
    },
  };
}
