/** What an ONT process and its parent tell each other; all of it is data that passes between processes. */
import type { Durability } from "./slots.ts";
import type { FibreSpec } from "../../pon/index.ts";
import type { OntConfig, OntEvent, OntSnapshot, StoredImage } from "../core/types.ts";

export type TrailerSpec =
  | { kind: "none" }
  | { kind: "crc32" }
  /** OMCI_IK, 16 bytes. */
  | { kind: "mic"; omciIk: Uint8Array };

/** One ONT as plain data. */
export interface OntDescription extends Omit<OntConfig, "createVerifier"> {
  /** Its flash: two slot files and a boot record. Made from the factory bundle when there is no boot record. */
  stateFolder: string;
  factory: {
    bundlePath: string;
    /** What the boot record says of it; read from the bundle when left out. */
    image?: StoredImage;
    /** That it leaves the factory with; absent: it has none. */
    configuration?: Uint8Array | undefined;
  };
  /** Seals the frames of its own OMCC, both ways. */
  trailer: TrailerSpec;
  /** What is wrong with its drop fibre; the ONT does it to itself. */
  drop: FibreSpec;
}

/** First message to the ONT process (structured clone: byte arrays, bigint and Infinity pass). */
export interface OntProcessConfig {
  /** ONTs of this process; they share its sockets. */
  onts: readonly OntDescription[];
  /** Where the OLT listens; the multicast group follows from it. */
  olt: { address: string; port: number };
  /** Local interface, by address or name; 127.0.0.1 keeps everything on this machine. */
  interface: string;
  encapsulation: "gem" | "plain";
  /** Ranging and datagrams are sealed with it, 16 bytes; absent: everybody is believed. */
  ponKey?: Uint8Array;
  /** Seals the frames of the broadcast port: with MIC a key of the group's (extension). */
  broadcastTrailer: TrailerSpec;
  /** All random streams are drawn from this and their names. */
  seed: number;
  durability: Durability;
  /** MD5 of a stored image, for its hash attribute: one more digest over every byte. */
  imageHash: boolean;
  /** 0…19: how far the process gives way to others; left alone when undefined. */
  niceness?: number;
  /** Times are nanoseconds since this reading of the monotonic clock. */
  epochNs: bigint;
}

export type ToOnt = { type: "start"; config: OntProcessConfig } | { type: "stop" };

export interface OntProcessEvent {
  serial: string;
  timeNs: number;
  event: OntEvent;
}

/** Frames of one direction, with their OMCI bytes and their bytes with GEM headers. */
export interface OntLinkTraffic {
  frames: number;
  omciBytes: number;
  gemBytes: number;
}

export interface OntReport {
  serial: string;
  snapshot: OntSnapshot;
  upstream: OntLinkTraffic;
  /** Frames that did not reach the ONT or that it dropped, by cause. */
  dropped: Record<string, number>;
}

export type FromOnt =
  /** The sockets are open and every ONT boots. */
  | { type: "ready"; receiveBufferBytes: number }
  | { type: "events"; events: OntProcessEvent[] }
  /** Last message before a good end. */
  | { type: "stopped"; onts: OntReport[] }
  /** Last message before exit 1: one line. */
  | { type: "failed"; message: string };
