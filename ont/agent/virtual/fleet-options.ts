/** What a fleet in virtual time is made of, and what its devices need of it. */
import type { DepotModel } from "./depot-model.ts";
import type { StoreTiming } from "./model-store.ts";

export interface FleetOptions {
  devices: number;
  seed: number;
  depot: DepotModel;
  /** What the depot sends, all in all. */
  depotBytesPerSecond: number;
  /** What one agent takes: its access, or its own throttle, whichever is less. */
  agentBytesPerSecond: number;
  roundTripNs: number;
  /** A connection is kept for so long. */
  keepAliveNs: number;
  blockBytes: number;
  pollSeconds: number;
  store: StoreTiming;
  runs: { version: string; sha256: string };
}

/** What a device needs of its fleet. */
export interface FleetNet {
  depot: DepotModel;
  options: FleetOptions;
  readonly nowNs: () => number;
  after(delayNs: number, call: () => void): number;
  cancel(handle: number): void;
  /** Some bytes through the depot's link. @returns the piece, for `drop` */
  carry(bytes: number, call: () => void): number;
  drop(piece: number): void;
  shareBytesPerSecond(): number;
  handshake(): void;
  polled(): void;
  committed(): void;
}
