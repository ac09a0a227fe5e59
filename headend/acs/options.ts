/** What an ACS is started with. */
import type { DepotRates } from "../depot/artifacts.ts";
import type { ServedFile } from "../depot/files.ts";
import type { DepotTls } from "../depot/listener.ts";
import type { ConnectionTargets } from "./connection-request.ts";
import type { AcsConfig, AcsEvent } from "./core/index.ts";

export interface AcsServerOptions {
  host: string;
  /** 0: any that is free. */
  port: number;
  files: readonly ServedFile[];
  stateFolder: string;
  /** Of whoever gives orders; all passwords follow from it. */
  token: string;
  /** Names and passwords of CPEs beside those that follow from the token. */
  credentials?: ReadonlyMap<string, string>;
  /** Neither CPEs nor readers of files are asked who they are. */
  letsAnybodyIn?: boolean;
  /** Which devices are asked for a session: those that listen where they came from, unless this says otherwise. */
  connects?: ConnectionTargets;
  config: AcsConfig;
  rates?: DepotRates;
  tls?: DepotTls;
  downloadsMax?: number;
  /** Hears of what was kept, for people. */
  onEvent?: (event: AcsEvent) => void;
  /** Hears of what goes wrong; whole lines. */
  tell?: (line: string) => void;
}
