/** Which of the two ways datagrams come in by. */
import { DgramSource } from "./dgram-source.ts";
import { MmsgSource } from "./mmsg-source.ts";
import {
  DATAGRAM_BYTES_VARIABLE,
  datagramBytesAsked,
  type DatagramSource,
  type GroupAddress,
  NetworkError,
  UDP_WAY_VARIABLE,
  type UdpWay,
  udpWayAsked,
} from "./source.ts";
import { systemCalls } from "./system-calls.ts";

/**
 * From here on a datagram costs so much for its bytes that it hardly matters how it came in, and less than what it takes to
 * load the package: measured, an ONT saves a few milliseconds in 16 MiB, if any, and pays eight. With datagrams of one section it
 * saved a quarter in the median of five pairs, which were far apart (0.67 to 1.09).
 */
const LARGE_BURST_BYTES = 8192;

/**
 * @param burstBytes of the OLT's datagrams, about. @param asked by the environment
 * @throws NetworkError when that cannot be had; Error of the system
 */
export async function openSource(
  where: GroupAddress,
  burstBytes: number,
  asked: UdpWay | undefined,
): Promise<DatagramSource> {
  const way = asked ?? (burstBytes < LARGE_BURST_BYTES ? "mmsg" : "dgram");
  if (way === "dgram") return DgramSource.open(where);
  const calls = await systemCalls();
  if (typeof calls !== "string") return MmsgSource.open(where, calls);
  if (asked === undefined) return DgramSource.open(where);
  throw notToBeHad(calls);
}

function notToBeHad(why: string): NetworkError {
  const remedy = `install the package koffi, or leave ${UDP_WAY_VARIABLE} out`;
  return new NetworkError(`${UDP_WAY_VARIABLE}=mmsg cannot be had: ${why}; ${remedy}`);
}

/** Before anything is started. @throws NetworkError when the environment asks for what there is not */
export async function refuseUnusableWay(text = process.env[UDP_WAY_VARIABLE]): Promise<void> {
  datagramBytesAsked(process.env[DATAGRAM_BYTES_VARIABLE]);
  if (udpWayAsked(text) !== "mmsg") return;
  const calls = await systemCalls();
  if (typeof calls === "string") throw notToBeHad(calls);
}
