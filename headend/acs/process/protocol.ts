/** What the ACS's process and its parent tell each other. */
import type { DepotRates } from "../../depot/artifacts.ts";
import type { HeadendCommand } from "../../depot/process/index.ts";
import type { ConnectionTargets } from "../connection-request.ts";
import type { AcsConfig, AcsDeviceStatus, AcsEvent } from "../core/index.ts";

export interface AcsProcessConfig {
  /** Port; 0: any that is free. */
  port: number;
  /** Bundles. */
  paths: readonly string[];
  stateFolder: string;
  token: string;
  config: AcsConfig;
  rates: DepotRates;
  connects: ConnectionTargets;
  certificatePem: string;
  privateKeyPem: string;
  /** OCSP response for the certificate, DER. */
  staple: Uint8Array;
}

export type ToAcs =
  | { type: "start"; config: AcsProcessConfig }
  /** A device is to be asked for a session; `connected` says what came of it. */
  | { type: "connect"; device: string }
  | { type: "command"; request: number; command: HeadendCommand }
  | { type: "stop" };

export type FromAcs =
  /** @property devices what is known of them from before, so that a parent has lost nothing. */
  | { type: "listening"; url: string; acsUrl: string; port: number; devices: readonly AcsDeviceStatus[] }
  /** What was kept, in order and each once in the life of the state folder. */
  | { type: "events"; events: readonly AcsEvent[] }
  /** Bytes of files, since it started. */
  | { type: "sent"; bytes: number }
  | { type: "connected"; device: string; why: string }
  /** It is kept, and counts from now on. */
  | { type: "commandDone"; request: number; isAtWork?: boolean }
  | { type: "stopped" }
  | { type: "failed"; message: string };
