/** What a host says for itself that brings a port. */
import type { OwnerAddress } from "../../../olt/feed/index.ts";

export interface JoinOptions {
  owner: OwnerAddress;
  /** Of this host: where its OLT listens. */
  interface: string;
  /** Which poncast this is, see `buildOf`. */
  build: string;
  /** A file with the run's image, which then need not be fetched. */
  image?: string | undefined;
  /** They are started by others; else they are processes beside the OLT. */
  ontsElsewhere: boolean;
  metrics?: { host: string; port: number } | undefined;
  pcap?: string | undefined;
  signal: AbortSignal;
  /** Told what is worth a line. */
  onLine: (line: string) => void;
  distFolder?: string | undefined;
}
