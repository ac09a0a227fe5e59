/** What the depot's process and its parent tell each other. */
import type { DepotConfig } from "../core/types.ts";
import type { DepotRates } from "../artifacts.ts";
import type { HeadendCommand } from "./child.ts";

export interface DepotProcessConfig {
  /** Port; 0: any that is free. */
  port: number;
  /** Bundles. */
  paths: readonly string[];
  stateFolder: string;
  gatewayToken: string;
  config: DepotConfig;
  rates: DepotRates;
  certificatePem: string;
  privateKeyPem: string;
  /** OCSP response for the certificate, DER. */
  staple: Uint8Array;
}

export type ToDepot =
  | { type: "start"; config: DepotProcessConfig }
  | { type: "command"; request: number; command: HeadendCommand }
  | { type: "stop" };

export type FromDepot =
  | { type: "listening"; url: string; port: number }
  /** Bytes of files, since it started. */
  | { type: "sent"; bytes: number }
  /** It is kept, and counts from now on. */
  | { type: "commandDone"; request: number; isAtWork?: boolean }
  | { type: "stopped" }
  | { type: "failed"; message: string };
