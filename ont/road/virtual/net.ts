/** What a network in virtual time is like, and what its devices need of it. */
import type { RoadHeaders } from "../core/types.ts";

export interface RoadNetOptions {
  /** What the headend sends, all in all. */
  headendBytesPerSecond: number;
  /** What one device takes: its access, or its own throttle, whichever is less. */
  deviceBytesPerSecond: number;
  roundTripNs: number;
  /** A connection is kept for so long. */
  keepAliveNs: number;
  blockBytes: number;
  /** When virtual time begins, since 1970-01-01 UTC. */
  beginsAtSeconds?: number;
}

/** @property body a view into a file, or a document; it is not copied */
export interface NetAnswer {
  status: number;
  headers: RoadHeaders;
  body: Uint8Array;
}

/** What a device needs of it. */
export interface RoadNet {
  readonly options: RoadNetOptions;
  nowNs(): number;
  /** Since 1970-01-01 UTC. */
  wallSeconds(): number;
  after(delayNs: number, call: () => void): number;
  cancel(handle: number): void;
  /** Some bytes through the headend's link. @returns the piece, for `drop` */
  carry(bytes: number, call: () => void): number;
  drop(piece: number): void;
  shareBytesPerSecond(): number;
  handshake(): void;
  polled(): void;
}
