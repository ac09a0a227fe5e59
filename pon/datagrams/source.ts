/** Where the datagrams to all ONTs come from, a batch at a time: by Node's own socket, or by one call of the system for many. */
import { InputError } from "../../base/errors/index.ts";

/** A network setting that cannot be used, in one line. */
export class NetworkError extends InputError {
  override readonly name = "NetworkError";
}

/** Datagram n of a batch begins at n times this: what fits a datagram, and some lines more, so that small ones do not share a set of the cache. */
export const ARENA_STRIDE_BYTES = 65_536 + 2_112;
/** In place of a length: it did not come from the OLT, and is nobody's. */
export const FOREIGN = -1;

/** @param arena valid until this returns. @param lengths bytes of each datagram, or FOREIGN */
export type OnBatch = (arena: Uint8Array, lengths: Int32Array, count: number) => void;

/** Takes what the OLT sends to a group and hands it over in the order in which it came. */
export interface DatagramSource {
  /** What the system granted, bytes. */
  readonly receiveBufferBytes: number;
  /** Must not throw. */
  onBatch: OnBatch;
  close(): void;
}

/** What a source listens for. */
export interface GroupAddress {
  /** Address of the interface. */
  readonly address: string;
  readonly group: string;
  readonly port: number;
  /** Nobody else is heard. */
  readonly olt: { readonly address: string; readonly port: number };
  /** Asked for. */
  readonly receiveBufferBytes: number;
}

/** One datagram a call, or many. */
export type UdpWay = "dgram" | "mmsg";

/** Environment variable that takes the choice away from us. */
export const UDP_WAY_VARIABLE = "PONCAST_UDP";

/** @returns what the environment asks for; undefined: nothing. @throws NetworkError */
export function udpWayAsked(text: string | undefined): UdpWay | undefined {
  if (text === undefined || text === "") return undefined;
  if (text === "dgram" || text === "mmsg") return text;
  throw new NetworkError(`${UDP_WAY_VARIABLE}=${text}: no such way to receive; there are dgram and mmsg`);
}

/** Environment variable that says how large the datagrams of a run are. */
export const DATAGRAM_BYTES_VARIABLE = "PONCAST_DATAGRAM_BYTES";
/** On the loopback, and what fits there; more fits no datagram with its seal. */
export const DATAGRAM_BYTES_MAX = 60_000;
const DATAGRAM_BYTES_MIN = 256;

/** @returns what the environment asks for; undefined: nothing. @throws NetworkError */
export function datagramBytesAsked(text: string | undefined): number | undefined {
  if (text === undefined || text === "") return undefined;
  const bytes = Number(text);
  if (Number.isInteger(bytes) && bytes >= DATAGRAM_BYTES_MIN && bytes <= DATAGRAM_BYTES_MAX) return bytes;
  const range = `a whole number from ${DATAGRAM_BYTES_MIN} to ${DATAGRAM_BYTES_MAX}`;
  throw new NetworkError(`${DATAGRAM_BYTES_VARIABLE}=${text}: the largest datagram in bytes is ${range}`);
}
