/** What lies between the devices of a scenario and the headend from which they fetch their images. */
import type { RoadNetOptions } from "../../../ont/road/virtual/index.ts";
import type { Scenario } from "../../../scenarios/index.ts";

const NS_PER_MS = 1e6;
const BITS_PER_BYTE = 8;
/** A connection is kept for so long, as Node's server keeps it. */
const KEEP_ALIVE_NS = 5e9;
/** What one device can take: a port of 1 Gbit/s. */
const ACCESS_BYTES_PER_SECOND = 125e6;

/** @param headend the scenario's depot, or its ACS @param blockBytes of the road */
export const networkOf = (
  headend: Pick<Scenario["depot"], "rateBytesPerSecond" | "downloadBytesPerSecond" | "roundTripMs">,
  { pon }: Pick<Scenario, "pon">,
  blockBytes: number,
): RoadNetOptions => ({
  headendBytesPerSecond: Math.min(
    headend.rateBytesPerSecond ?? Infinity,
    (pon.headendBitsPerSecond ?? Infinity) / BITS_PER_BYTE,
  ),
  deviceBytesPerSecond: Math.min(headend.downloadBytesPerSecond ?? Infinity, ACCESS_BYTES_PER_SECOND),
  roundTripNs: headend.roundTripMs * NS_PER_MS,
  keepAliveNs: KEEP_ALIVE_NS,
  blockBytes,
});
