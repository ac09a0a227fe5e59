/** What a fleet in virtual time is made of, and what its devices need of it. */
import type { AgentRequest } from "../core/types.ts";
import type { DepotModel, ModelAnswer } from "./depot-model.ts";
import type { StoreTiming } from "./model-store.ts";

/** What a fleet's network is like. */
export interface FleetNetOptions {
  /** What the depot sends, all in all. */
  depotBytesPerSecond: number;
  /** What one agent takes: its access, or its own throttle, whichever is less. */
  agentBytesPerSecond: number;
  roundTripNs: number;
  /** A connection is kept for so long. */
  keepAliveNs: number;
  blockBytes: number;
  /** When virtual time begins, since 1970-01-01 UTC. */
  beginsAtSeconds?: number;
}

export interface FleetOptions extends FleetNetOptions {
  devices: number;
  seed: number;
  depot: DepotModel;
  pollSeconds: number;
  store: StoreTiming;
  runs: { version: string; sha256: string };
}

/** A depot that answers at once. */
export interface FleetDepot {
  readonly origin: string;
  /** @returns undefined: nobody is there */
  answer(request: Pick<AgentRequest, "method" | "path" | "headers" | "body">): ModelAnswer | undefined;
}

/** What a device needs of its fleet. */
export interface FleetNet {
  readonly depot: FleetDepot;
  readonly options: FleetNetOptions;
  nowNs(): number;
  /** Since 1970-01-01 UTC. */
  wallSeconds(): number;
  after(delayNs: number, call: () => void): number;
  cancel(handle: number): void;
  /** Some bytes through the depot's link. @returns the piece, for `drop` */
  carry(bytes: number, call: () => void): number;
  drop(piece: number): void;
  shareBytesPerSecond(): number;
  handshake(): void;
  polled(): void;
}
