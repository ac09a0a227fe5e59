/** What an OLT process and its parent tell each other; all of it is data that passes between processes. */
import type { Encapsulation, FibreSpec, LinkTraffic } from "../../pon/index.ts";
import type { FeedAddress } from "../feed/index.ts";
import type { OltCommand, OltCommandOutcome, OltConfig, OltEvent, OltStatus } from "../core/types.ts";

/** How frames are sealed. mic: keys per ONT from the master session key, one more for broadcast (extension). */
export type TrailerChoice =
  | { kind: "none" }
  | { kind: "crc32" }
  | { kind: "mic"; msk: Uint8Array; ponTag: Uint8Array; groupOmciIk: Uint8Array };

/** Where the OLT listens; the multicast group follows from the port. */
export interface OltAddress {
  address: string;
  port: number;
}

/** Everything an OLT process needs (structured clone: Infinity and byte arrays pass). */
export interface OltProcessConfig {
  olt: OltConfig;
  /** What it may send: first the image that all are to run. */
  imagePaths: readonly string[];
  /** Name or address; 127.0.0.1 keeps everything on this machine. */
  interface: string;
  /** 0 = any that is free; it is reported. */
  port: number;
  encapsulation: Encapsulation;
  /** Ranging and datagrams are sealed with it, 16 bytes; absent: everybody is believed. */
  ponKey?: Uint8Array;
  /** Serial numbers that come first; closed: nobody else is ranged. */
  expected?: { serials: readonly string[]; isClosed: boolean };
  trailer: TrailerChoice;
  /** Number of the port, from 0, where the headend has several. */
  pon: number;
  /** What all ports share upstream of them; absent: nothing. */
  feed?: FeedAddress;
  /** What the feeder fibre does downstream; marks only, see `processLimits`. */
  feeder: { seed: number; spec: FibreSpec };
  /** Times are nanoseconds since this reading of the monotonic clock (`process.hrtime.bigint()`). */
  epochNs: bigint;
  metrics: { host: string; port: number } | undefined;
  /** Capture file (pcapng) for everything that leaves and reaches the OLT. */
  capture?: string;
  /** Reports each event as it happens instead of five times a second: for a parent that acts on them. */
  promptEvents: boolean;
  /** The download waits for `fleet`: whoever started the OLT starts ONTs as well, and knows when all are up. */
  awaitsFleet?: boolean;
}

export type ToOlt =
  | { type: "start"; config: OltProcessConfig }
  /** So many ONTs are up. */
  | { type: "fleet"; onts: number }
  /** Of an OLT that ranges nobody else: these may come, too, or not any more. */
  | { type: "admit" | "release"; serials: readonly string[] }
  /** An operator's command; answered by `commandDone` with the same number. */
  | { type: "command"; request: number; command: OltCommand }
  | { type: "stop" };

export interface OltReport {
  status: OltStatus;
  downstream: LinkTraffic;
  upstream: LinkTraffic;
  /** Events that came faster than they could be reported. */
  eventsLost: number;
}

/** Nanoseconds since the epoch, and what happened. */
export type TimedOltEvent = [timeNs: number, event: OltEvent];

export type FromOlt =
  | { type: "listening"; address: OltAddress; metricsPort: number | undefined }
  | { type: "events"; events: TimedOltEvent[] }
  | { type: "status"; report: OltReport }
  | { type: "finished"; report: OltReport }
  /** The server of the feed answers no more, or again; what the OLT takes from then on. */
  | { type: "feed"; state: "lost" | "found"; bytesPerSecond: number }
  | { type: "commandDone"; request: number; outcome: OltCommandOutcome }
  | { type: "failed"; message: string }
  | { type: "stopped" };
