/** What lies between the devices of a scenario and its depot. */
import { AGENT_BLOCK_BYTES } from "../../../ont/agent/index.ts";
import type { FleetNetOptions } from "../../../ont/agent/virtual/index.ts";
import type { Scenario } from "../../../scenarios/index.ts";

const NS_PER_MS = 1e6;
const BITS_PER_BYTE = 8;
/** A connection is kept for so long, as Node's server keeps it. */
const KEEP_ALIVE_NS = 5e9;
/** What one device can take: a port of 1 Gbit/s. */
const ACCESS_BYTES_PER_SECOND = 125e6;

export const networkOf = ({ depot, pon }: Pick<Scenario, "depot" | "pon">): FleetNetOptions => ({
  depotBytesPerSecond: Math.min(
    depot.rateBytesPerSecond ?? Infinity,
    (pon.headendBitsPerSecond ?? Infinity) / BITS_PER_BYTE,
  ),
  agentBytesPerSecond: Math.min(depot.downloadBytesPerSecond ?? Infinity, ACCESS_BYTES_PER_SECOND),
  roundTripNs: depot.roundTripMs * NS_PER_MS,
  keepAliveNs: KEEP_ALIVE_NS,
  blockBytes: AGENT_BLOCK_BYTES,
});
